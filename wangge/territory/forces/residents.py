"""What residents may know of a grid's people: name, duty telephone, badge number; a photo only by consent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from wangge.accounts.models import Role
from wangge.territory import history
from wangge.territory.forces.absences import away_on
from wangge.territory.forces.badges import photo_of
from wangge.territory.models import Area, Badge, ForcePost, Level, Post, UnitArea
from wangge.territory.queries import in_force

MOST_CHANGES = 10  # a plate that hung through more of them is too old to say anything
# In this order residents are told; informants are neighbours and not named.
TOLD = (Role.GRID_WORKER, Role.DEPUTY, Role.GRID_LEAD)


@dataclass(frozen=True)
class Known:
    """One person as residents may know them. Who is away is not told, only who is there."""

    role: str
    name: str
    phone: str
    badge: Badge | None = None
    has_photo: bool = False
    note: str = ""


def grid_by_code(code: str) -> Area | None:
    """The grid in force with this code."""
    return Area.objects.select_related("parent").filter(code=code, level=Level.GRID, valid_to=None).first()


def followers_of(code: str) -> list[Area]:
    """The grids in force that have the ground of one that ended, however often it was divided since."""
    asked, found = list(Area.objects.filter(code=code, level=Level.GRID).defer("boundary")), dict[int, Area]()
    for _change in range(MOST_CHANGES):
        after = {one.pk: one for area in asked for one in history.followers(area)}
        found |= {pk: one for pk, one in after.items() if one.valid_to is None}
        asked = [one for one in after.values() if one.valid_to is not None]
    return sorted(found.values(), key=lambda area: area.code)


def station_of(area: Area) -> tuple[str, str]:
    """Name and telephone of the community's station; empty where none is known."""
    around = [int(part) for part in area.path.strip("/").split("/")]
    row = UnitArea.objects.filter(area__in=around, unit__kind="station", unit__closed_on=None).order_by(
        "-area__path"
    )
    return row.values_list("unit__name", "unit__phone").first() or ("", "")


def people_of(grid: Area, today: date) -> Sequence[Known]:
    """Who is there for a grid today, the worker first, then the forces that agreed to be named."""
    _station, telephone = station_of(grid)
    posts = _posts(grid, today)
    badges = _badges({post.account_id for post in posts}, today)
    known = [_known(post, badges.get(post.account_id), telephone) for post in posts]
    return [*known, *_forces(grid, today)]


def _posts(grid: Area, today: date) -> list[Post]:
    around = [int(part) for part in grid.path.strip("/").split("/")]
    posts = (
        Post.objects.filter(in_force(today), area__in=around, role__in=TOLD, account__is_active=True)
        .exclude(account__in=away_on(today).values("account"))
        .select_related("account", "area")
        .defer("area__boundary")
    )
    return sorted(posts, key=lambda post: (TOLD.index(Role(post.role)), post.absence_id is not None, post.pk))


def _badges(accounts: Iterable[int], today: date) -> dict[int, Badge]:
    valid = Badge.objects.filter(account__in=accounts, revoked_at=None, expires_on__gt=today)
    return {badge.account_id: badge for badge in valid}


def _known(post: Post, badge: Badge | None, telephone: str) -> Known:
    return Known(
        role=post.get_role_display(),
        name=post.account.name,
        phone=post.duty_phone or telephone,
        badge=badge,
        has_photo=badge is not None and photo_of(badge) is not None,
        note=_("stands in for a colleague") if post.absence_id else "",
    )


def _forces(grid: Area, today: date) -> list[Known]:
    posts = ForcePost.objects.filter(in_force(today), area__path__startswith=grid.path, shown=True)
    return [Known(post.force.label, post.name, post.duty_phone) for post in posts.select_related("force")]
