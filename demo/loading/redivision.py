"""A community whose grids were designed anew some days ago, by the real road, and a design that waits to be compared."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from wangge.accounts.models import Account, Role
from wangge.audit.relay import Listeners, relay_all
from wangge.territory import lookup
from wangge.territory.actions import end_post
from wangge.territory.changes import deciding, drafting
from wangge.territory.designer import asking, drafts, running
from wangge.territory.designer.asking import Wish
from wangge.territory.designer.forms import HIGH, LOW, offered
from wangge.territory.designer.models import MOST_METHODS, GridDesign
from wangge.territory.models import Area, GridKind, Level, Post, TerritoryChange

DRAFTER, APPROVER, SECURITY, FIRST_WORKER = "quhua", "quhuashen", "anquan", "wangge"
DAYS_AGO = 4
FEWEST_GRIDS = 3
LINES = ("main_roads", "water")


def store_design(at: datetime) -> GridDesign:
    """Proposals for the community of the worker whom the demo offers; nobody has decided about them."""
    here = Post.objects.select_related("area__parent").get(
        account__username=FIRST_WORKER, role=Role.GRID_WORKER
    )
    community = here.area.parent
    assert community is not None
    title = f"{community.name}网格优化"
    return _designed(community, title, offered()[:MOST_METHODS], by=_account(DRAFTER), at=at)


def redivide(at: datetime, listeners: Listeners) -> TerritoryChange:
    """Design, approve and staff the grids of one community anew; what is open there follows."""
    community, drafter = _community(), _account(DRAFTER)
    title = f"{community.name}网格重新划分"
    design = _designed(community, title, ["growing"], by=drafter, at=at)
    change = drafts.into_draft(design, "growing", title=title, by=drafter, at=at + timedelta(minutes=10))
    drafting.propose(change, by=drafter, at=at + timedelta(minutes=20))
    deciding.approve(change, by=_account(APPROVER), at=at + timedelta(hours=1))
    lookup.forget()
    relay_all(listeners)
    _staff(community, change, at=at + timedelta(hours=2))
    return change


def _account(username: str) -> Account:
    return Account.objects.get(username=username)


def _designed(community: Area, title: str, methods: list[str], *, by: Account, at: datetime) -> GridDesign:
    design = asking.begin(community, Wish(title, LOW, HIGH, methods, LINES), by=by, at=at)
    running.go_on(design.pk, design.run, clock=lambda: at)
    design.refresh_from_db()
    return design


def _community() -> Area:
    """The largest one that nobody is busy with: no draft, no visitors' first steps, nobody away, no micro-grids."""
    grids = Q(children__level=Level.GRID, children__valid_to=None)
    found = (
        Area.objects.filter(level=Level.COMMUNITY, valid_to=None)
        .annotate(grids=Count("children", filter=grids & Q(children__kind=GridKind.GENERAL)))
        .filter(grids__gte=FEWEST_GRIDS)
        .exclude(children__children__level=Level.MICRO)
        .exclude(children__posts__account__username=FIRST_WORKER)
        .exclude(children__posts__absence__isnull=False)
        .exclude(territory_changes__isnull=False)
        .order_by("-households", "code")
    )
    return found[0]


def _staff(community: Area, change: TerritoryChange, *, at: datetime) -> None:
    """Everybody came along into each grid that took ground of theirs; now everybody has one, and each grid somebody."""
    assert change.applied_on is not None
    new = Area.objects.filter(parent=community, level=Level.GRID, valid_from=change.applied_on, valid_to=None)
    posts = list(Post.objects.filter(area__in=new, role=Role.GRID_WORKER).order_by("pk"))
    kept: dict[int, Post] = {}
    for post in posts:
        if post.account_id not in kept and post.area_id not in {one.area_id for one in kept.values()}:
            kept[post.account_id] = post
    for post in posts:
        kept.setdefault(post.account_id, post)  # the second worker of a grid
    today, security = timezone.localdate(at), _account(SECURITY)
    for post in posts:
        if kept[post.account_id] != post:
            end_post(post, on=today, by=security, at=at)
