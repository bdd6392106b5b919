"""The coverage report: which grids lack what. It counts grids and posts, never people, and ranks nobody."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Role
from wangge.territory.forces import permissions
from wangge.territory.forces.absences import away_on
from wangge.territory.models import Area, ForcePost, Level, Post
from wangge.territory.queries import in_force
from wangge.territory.scopes import Person

MOST_GRIDS = 3  # more than these are too many for one worker, unless the reader says otherwise
SOON = timedelta(days=30)
IN_GRIDS = permissions.OF_THE_STREET | {Role.GRID_LEAD}


@dataclass(frozen=True)
class Measure:
    """One number of the report: its name in addresses, its head, and what it counts."""

    name: str
    label: Promise
    says: Promise
    of_posts: bool = False  # else of grids


MEASURES = (
    Measure("grids", gettext_lazy("Grids"), gettext_lazy("Grids in force.")),
    Measure(
        "unstaffed",
        gettext_lazy("Without worker"),
        gettext_lazy("Grids in which no grid worker and no stand-in is in post today."),
    ),
    Measure(
        "stretched",
        gettext_lazy("Worker with too many grids"),
        gettext_lazy("Grids whose workers all have more grids of their own than one worker should."),
    ),
    Measure(
        "away",
        gettext_lazy("Away today"),
        gettext_lazy("Posts whose holder is away; somebody stands in."),
        of_posts=True,
    ),
    Measure(
        "ending", gettext_lazy("Ends soon"), gettext_lazy("Posts that end within 30 days."), of_posts=True
    ),
    Measure(
        "unconnected",
        gettext_lazy("Without account"),
        gettext_lazy("Posts of the forces whose holder has no account here."),
        of_posts=True,
    ),
)
BY_NAME = {measure.name: measure for measure in MEASURES}


@dataclass(frozen=True)
class Line:
    """One grid or post behind a number: where it is, and what is to be said about it."""

    area_id: int
    path: str
    area: str
    what: str = ""
    ends_on: date | None = None


@dataclass(frozen=True)
class Row:
    """A street or community with its numbers, in the order of MEASURES."""

    area: Area | None
    numbers: Sequence[tuple[Measure, int]]


@dataclass
class Coverage:
    """What there is on one day in what one person sees, within an area if one is given.

    Numbers are counted by the database, by community; a list is read a page at a time. So a city costs as many
    statements as a community.
    """

    person: Person
    today: date
    within: Area | None = None
    most: int = MOST_GRIDS
    _counts: dict[str, Counter[int]] = field(default_factory=dict)
    _totals: dict[str, int] = field(default_factory=dict)

    # -- Numbers -------------------------------------------------------------------------------------------

    def rows(self, words: str = "", gaps: str = "") -> list[Row]:
        """The streets in sight; of a street, or where none is in sight, the communities.

        Only those with `words` in their name, and with something in the measure `gaps`, where these are given.
        """
        self._count()
        areas = [area for area in self._areas() if words in area.name]
        return [self._row(area) for area in areas if not gaps or self._counts[gaps][area.pk]]

    def total(self) -> Row:
        """Everything in sight together."""
        self._count()
        return Row(None, [(measure, self._totals[measure.name]) for measure in MEASURES])

    def _row(self, area: Area) -> Row:
        return Row(area, [(measure, self._counts[measure.name][area.pk]) for measure in MEASURES])

    def _count(self) -> None:
        if not self._counts:
            for name in BY_NAME:
                self._counts[name], self._totals[name] = self._by_area(name)

    def _by_area(self, name: str) -> tuple[Counter[int], int]:
        """By area, how many lines lie in it; and how many there are."""
        found = self._found(name)
        path = "parent__path" if found.model is Area else "area__path"
        grouped = found.order_by().values_list(path).annotate(count=Count("pk"))
        counts: Counter[int] = Counter()
        total = 0
        for path, count in grouped:
            total += count
            for part in (path or "").strip("/").split("/"):
                counts[int(part or 0)] += count
        return counts, total

    def _areas(self) -> list[Area]:
        shown = self._seen().only("pk", "name", "level", "path", "code")
        streets = [] if self.within else list(shown.filter(level=Level.STREET))
        return streets or list(shown.filter(level=Level.COMMUNITY))

    # -- What is behind a number ---------------------------------------------------------------------------

    def behind(self, name: str, words: str = "") -> QuerySet[Any]:
        """The grids or posts behind one number, by area; with `words` in the name of the area or of who holds the post."""
        found = self._found(name)
        if not words:
            return found
        if found.model is Area:
            return found.filter(name__icontains=words)
        who = "account__name" if found.model is Post else "name"
        return found.filter(Q(area__name__icontains=words) | Q(**{f"{who}__icontains": words}))

    def lines(self, name: str, some: Iterable[Any] | None = None) -> list[Line]:
        """Some of the grids or posts behind a number in words, or all of them."""
        shown = list(self._found(name) if some is None else some)
        if name == "away":
            return list(self._away(shown))
        return [_line(each) for each in shown]

    def _found(self, name: str) -> QuerySet[Any]:
        ways: dict[str, Callable[[], QuerySet[Any]]] = {
            "grids": self._grids,
            "unstaffed": self._unstaffed,
            "stretched": self._stretched,
            "away": lambda: self._posts().filter(account__in=self._absent()),
            "ending": lambda: self._posts().filter(ends_on__lte=self.today + SOON),
            "unconnected": self._unconnected,
        }
        return ways[name]()

    def _seen(self) -> QuerySet[Area]:
        seen = Area.objects.filter(permissions.seen(self.person), valid_to=None)
        return seen.filter(path__startswith=self.within.path) if self.within else seen

    def _grids(self) -> QuerySet[Area]:
        return self._seen().filter(level=Level.GRID).only("pk", "path", "name").order_by("path")

    def _unstaffed(self) -> QuerySet[Area]:
        return self._grids().exclude(pk__in=self._at_work().values("area_id"))

    def _stretched(self) -> QuerySet[Area]:
        at_work = self._at_work()
        own = self._workers().filter(absence=None).order_by().values("account_id").annotate(own=Count("pk"))
        busy = own.filter(own__gt=self.most).values("account_id")
        return (
            self._grids()
            .filter(pk__in=at_work.filter(account__in=busy).values("area_id"))
            .exclude(pk__in=at_work.exclude(account__in=busy).values("area_id"))
        )

    def _workers(self) -> QuerySet[Post]:
        """Posts of whoever works in a grid today, stand-ins too, anywhere."""
        return Post.objects.filter(
            in_force(self.today), role=Role.GRID_WORKER, area__level=Level.GRID, account__is_active=True
        )

    def _at_work(self) -> QuerySet[Post]:
        return self._workers().exclude(account__in=self._absent())

    def _absent(self) -> QuerySet[Any]:
        return away_on(self.today).values("account_id")

    def _posts(self) -> QuerySet[Post]:
        shown = Post.objects.filter(
            in_force(self.today), permissions.seen(self.person, "area__path"), role__in=IN_GRIDS
        )
        if self.within:
            shown = shown.filter(area__path__startswith=self.within.path)
        return (
            shown.filter(absence=None)
            .select_related("account", "area")
            .defer("area__boundary")
            .order_by("area__path", "pk")
        )

    def _unconnected(self) -> QuerySet[ForcePost]:
        posts = ForcePost.objects.filter(
            in_force(self.today), permissions.seen(self.person, "area__path"), account=None
        )
        if self.within:
            posts = posts.filter(area__path__startswith=self.within.path)
        return posts.select_related("area", "force").defer("area__boundary").order_by("area__path", "pk")

    def _away(self, posts: Sequence[Post]) -> Iterator[Line]:
        holders = away_on(self.today).filter(account__in=[post.account_id for post in posts])
        absences = {absence.account_id: absence for absence in holders.select_related("stand_in")}
        for post in posts:
            absence = absences[post.account_id]
            words = _("%(name)s; %(other)s stands in") % {"name": said(post), "other": absence.stand_in.name}
            yield Line(post.area_id, post.area.path, post.area.name, words, absence.ends_on)


def _line(found: Area | Post | ForcePost) -> Line:
    if isinstance(found, Area):
        return Line(found.pk, found.path, found.name)
    words = said(found) if isinstance(found, Post) else f"{found.force.label} · {found.name}"
    return Line(found.area_id, found.area.path, found.area.name, words, found.ends_on)


def said(post: Post) -> str:
    """A post in words: the role and who holds it."""
    return f"{post.get_role_display()} · {post.account.name}"


def table(rows: Iterable[Row]) -> list[list[str | int]]:
    """The report as cells, its heads first."""
    heads: list[str | int] = [_("Area"), *(str(measure.label) for measure in MEASURES)]
    body: list[list[str | int]] = [
        [row.area.name if row.area else _("Together"), *(number for _m, number in row.numbers)]
        for row in rows
    ]
    return [heads, *body]
