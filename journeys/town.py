"""The made-up district in the database, and who is who in it."""

from datetime import datetime
from functools import cache

from django.db.models import Q
from django.utils import timezone

from demo import plan
from demo.loading import Amount, whole
from demo.places import District
from demo.tests import kept
from journeys.screenshots import wanted
from wangge.accounts.models import Account, Role
from wangge.registry.models import Building
from wangge.territory import lookup
from wangge.territory.models import Area, Post

COUNTY = plan.COUNTY[0]
SOME_DAYS = Amount(days=30 if wanted() else 3, per_day=20)


@cache
def _district() -> District:
    return kept.district(SOME_DAYS.seed)


def build() -> None:
    """Load the district and its people; nothing has happened yet."""
    whole.load_places(SOME_DAYS, at=timezone.now(), say=_quietly, district=_district())


def live() -> None:
    """Let some days pass in it."""
    whole.load_history(SOME_DAYS, at=timezone.now(), say=_quietly, district=_district())


def _quietly(words: str) -> None:
    """A test has nobody to tell how far it is."""


# -- Who is who -------------------------------------------------------------------------------------------

ACCEPTOR, DUTY_CHIEF, DISPATCHER, CLERK, GRID_WORKER = "shouli", "zhiban", "paiqian", "ludeng", "wangge"
OVERSEER, LEADER, GRID_LEAD = "duban", "lingdao", "wanggezhang"
STREET, OTHER_CLERK = "jiedao", "chengguan"
TERRITORY, APPROVER = "quhua", "quhuashen"
SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN = "xitong", "anquan", "shenji"


def grid() -> Area:
    """The grid of the worker whom the demo offers."""
    return Post.objects.select_related("area").get(account__username=GRID_WORKER, role="grid_worker").area


def neighbour() -> str:
    """The account of the worker of another grid in the same community."""
    here = Q(area__parent=grid().parent, role="grid_worker")
    return Post.objects.filter(here).exclude(account__username=GRID_WORKER).earliest("pk").account.username


def spot(number: int) -> Building:
    """A building in that grid; stories take different ones, so that their matters lie apart."""
    buildings = Building.objects.filter(grid=grid(), address__gt="").order_by("-address", "pk")
    return buildings[number % buildings.count()]


def colleague(username: str) -> str:
    """The account of somebody with the same role in the same area."""
    post = Post.objects.filter(account__username=username).earliest("pk")
    same = Post.objects.filter(role=post.role, area=post.area).exclude(account__username=username)
    return same.earliest("pk").account.username


def stranger() -> str:
    """The account of a duty chief of another district of the city, made when first needed."""
    district = Area.objects.get(code=COUNTY)
    assert district.parent is not None
    other, new = Area.objects.get_or_create(
        code=str(int(district.code) + 1),
        level=district.level,
        parent=district.parent,
        defaults={"name": "邻区"},
    )
    if new:
        other.path = f"{district.parent.path}{other.pk}/"
        other.save(update_fields=["path"])
        account = Account.objects.create(username="linqu", name="邻区值班长", password="!")
        Post.objects.create(account=account, role=Role.DUTY_CHIEF, area=other)
        lookup.changed()
    return "linqu"


def now() -> datetime:
    """The moment at which something is prepared."""
    return timezone.now()
