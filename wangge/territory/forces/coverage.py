"""The coverage report: which grids lack what. It counts grids and posts, never people, and ranks nobody."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet
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
        "away", gettext_lazy("Away today"), gettext_lazy("Posts whose holder is away; somebody stands in.")
    ),
    Measure("ending", gettext_lazy("Ends soon"), gettext_lazy("Posts that end within 30 days.")),
    Measure(
        "unconnected",
        gettext_lazy("Without account"),
        gettext_lazy("Posts of the forces whose holder has no account here."),
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
    """What there is on one day in what one person sees, within an area if one is given."""

    person: Person
    today: date
    within: Area | None = None
    most: int = MOST_GRIDS
    _lines: dict[str, list[Line]] = field(default_factory=dict)

    def lines(self, name: str) -> list[Line]:
        """The grids or posts behind one number, by area."""
        if not self._lines:
            self._lines = self._read()
        return self._lines[name]

    def rows(self) -> list[Row]:
        """The streets in sight; of a street, or where none is in sight, the communities."""
        counts = {name: self._by_area(name) for name in BY_NAME}
        return [self._row(area, counts) for area in self._areas()]

    def total(self) -> Row:
        """Everything in sight together."""
        return Row(None, [(measure, len(self.lines(measure.name))) for measure in MEASURES])

    def _row(self, area: Area, counts: dict[str, Counter[int]]) -> Row:
        return Row(area, [(measure, counts[measure.name][area.pk]) for measure in MEASURES])

    def _by_area(self, name: str) -> Counter[int]:
        return Counter(int(part) for line in self.lines(name) for part in line.path.split("/") if part)

    def _seen(self) -> QuerySet[Area]:
        seen = Area.objects.filter(permissions.seen(self.person), valid_to=None)
        return seen.filter(path__startswith=self.within.path) if self.within else seen

    def _areas(self) -> list[Area]:
        shown = self._seen().defer("boundary")
        streets = [] if self.within else list(shown.filter(level=Level.STREET))
        return streets or list(shown.filter(level=Level.COMMUNITY))

    def _read(self) -> dict[str, list[Line]]:
        grids = {
            pk: Line(pk, path, name)
            for pk, path, name in self._seen().filter(level=Level.GRID).values_list("pk", "path", "name")
        }
        workers, own = self._workers()
        unstaffed = [line for pk, line in grids.items() if not workers.get(pk)]
        stretched = [
            line
            for pk, line in grids.items()
            if workers.get(pk) and all(own[account] > self.most for account in workers[pk])
        ]
        return {
            "grids": list(grids.values()),
            "unstaffed": unstaffed,
            "stretched": stretched,
            "away": list(self._away()),
            "ending": list(self._ending()),
            "unconnected": list(self._unconnected()),
        }

    def _workers(self) -> tuple[dict[int, set[int]], Counter[int]]:
        """Who works in which grid today, stand-ins too, and how many grids of their own each has anywhere."""
        posts = Post.objects.filter(
            in_force(self.today), role=Role.GRID_WORKER, area__level=Level.GRID, account__is_active=True
        ).values_list("area_id", "account_id", "absence_id")
        away = set(away_on(self.today).values_list("account_id", flat=True))
        workers: dict[int, set[int]] = {}
        own: Counter[int] = Counter()
        for area, account, absence in posts:
            own[account] += absence is None
            if account not in away:
                workers.setdefault(area, set()).add(account)
        return workers, own

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
            .order_by("area__path")
        )

    def _away(self) -> Iterator[Line]:
        absences = {absence.account_id: absence for absence in away_on(self.today).select_related("stand_in")}
        for post in self._posts().filter(account__in=absences):
            absence = absences[post.account_id]
            words = _("%(name)s; %(other)s stands in") % {"name": said(post), "other": absence.stand_in.name}
            yield Line(post.area_id, post.area.path, post.area.name, words, absence.ends_on)

    def _ending(self) -> Iterator[Line]:
        for post in self._posts().filter(ends_on__lte=self.today + SOON):
            yield Line(post.area_id, post.area.path, post.area.name, said(post), post.ends_on)

    def _unconnected(self) -> Iterator[Line]:
        posts = ForcePost.objects.filter(
            in_force(self.today), permissions.seen(self.person, "area__path"), account=None
        )
        if self.within:
            posts = posts.filter(area__path__startswith=self.within.path)
        for post in posts.select_related("area", "force").defer("area__boundary").order_by("area__path"):
            words = f"{post.force.label} · {post.name}"
            yield Line(post.area_id, post.area.path, post.area.name, words, post.ends_on)


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
