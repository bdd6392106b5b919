"""A scorecard as it stands now: what is looked at, its rows, and the list behind each number."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Unit
from wangge.cases.duty import areas_around
from wangge.common.digits import whole_number
from wangge.common.languages import in_reader_language
from wangge.common.refusals import Refused
from wangge.insight.measures.cards import (
    AREA_LEVELS,
    CARD_OF,
    DEPARTMENT,
    INSPECTOR,
    LEAST_PEOPLE,
    TEAMS_FROM,
    Card,
)
from wangge.insight.measures.evaluation import Counted, Period, Span, month_of, read_period
from wangge.insight.measures.measure import share
from wangge.insight.models import StageFact
from wangge.insight.permissions import ROLES, in_sight, own_unit
from wangge.insight.queries.lifetimes import name_in
from wangge.insight.queries.rules import rule_of
from wangge.insight.scoring.schemes import Scheme
from wangge.insight.scoring.scores import Score, score_of
from wangge.territory.models import Area, Level
from wangge.territory.scopes import Person, Scope, scope_of

Tally = Counter[str]  # number by code of a count


@dataclass(frozen=True)
class Sight:
    """Who looks at which card of which period, of which area, at which level."""

    scope: Scope
    now: datetime
    card: Card
    period: Period
    level: Level
    area: Area | None = None
    unit_id: int | None = None  # only this unit
    only_there: bool = False  # of the area itself, without those inside

    @property
    def span(self) -> Span:
        return self.period.span(self.now)

    def facts(self) -> QuerySet[StageFact]:
        """The facts that this person may have counted, of the part looked at."""
        facts = StageFact.objects.filter(self._within())
        if self.area:
            match = "area_path" if self.only_there else "area_path__startswith"
            facts = facts.filter(**{match: self.area.path})
        return facts.filter(unit_id=self.unit_id) if self.unit_id else facts

    def _within(self) -> Q:
        if self.is_of_area:
            return self.inside("area_path")
        # A unit's lead sees what the unit did, wherever.
        own = own_unit(self.scope) if self.card is DEPARTMENT else None
        return Q(unit_id=own) if own else Q(pk__in=[])

    @property
    def is_of_area(self) -> bool:
        """Tell whether an area is looked at; a unit's lead sees the unit only."""
        return self.scope.has(*ROLES)

    @property
    def is_of_community(self) -> bool:
        """Tell whether a whole community or more is looked at: a grid is often one worker's."""
        if self.area:
            return self.area.level in TEAMS_FROM and not self.only_there
        own = [reach.area_id for reach in self.scope.reaches if reach.role in ROLES]
        return Area.objects.filter(pk__in=own, level__in=TEAMS_FROM).exists()

    def inside(self, field: str) -> Q:
        """The condition that `field`, the path of an area, lies where this person looks; fails closed."""
        return self.scope.within(field, ROLES)

    def query(self, **more: object) -> str:
        """This sight as the query of an address."""
        said = {
            "period": self.period.code,
            "level": self.level if not (self.card.by_unit or self.card.level) else "",
            "area": self.area.pk if self.area else "",
            "unit": self.unit_id or "",
            "only": "yes" if self.only_there else "",
            **more,
        }
        return urlencode({name: word for name, word in said.items() if word})

    def list_url(self, count: Counted, **part: object) -> str:
        """The address of the list behind a count."""
        return f"{reverse('insight:card_list', args=[self.card.code])}?{self.query(what=count.code, **part)}"


@dataclass(frozen=True)
class Number:
    """A number of a row, the address of its list, and what an appeal put beside it."""

    count: Counted
    number: int
    url: str
    corrected: int | None = None


@dataclass(frozen=True)
class RateOf:
    """A rate of a row with both of its numbers; `per_cent` is None over nothing."""

    code: str
    label: str
    says: str
    good: bool
    part: Number
    whole: Number

    @property
    def per_cent(self) -> float | None:
        return share(self.part.number, self.whole.number)


@dataclass(frozen=True)
class Row:
    """One unit or area with its numbers; a suppressed one has none."""

    name: str
    numbers: Mapping[str, Number]
    score: Score | None
    suppressed: bool = False
    unit_id: int | None = None
    path: str = ""
    only_there: bool = False
    grids: int = 1
    key: int | None = None  # of a frozen row
    corrected: Score | None = None

    def rates(self, card: Card) -> list[RateOf]:
        return [
            RateOf(
                ratio.code, str(ratio.label), str(ratio.says), ratio.good,
                self.numbers[ratio.part.code], self.numbers[ratio.whole.code],
            )
            for ratio in card.ratios
        ]  # fmt: skip

    def more(self, card: Card) -> list[Number]:
        return [self.numbers[count.code] for count in card.more]


@dataclass(frozen=True)
class Part:
    """A row before it is counted: whose it is, and what is counted for it."""

    name: str
    tally: Tally
    unit_id: int | None = None
    path: str = ""
    only_there: bool = False
    grids: int = 1
    people: int = LEAST_PEOPLE

    @property
    def suppressed(self) -> bool:
        return self.people < LEAST_PEOPLE


def read_sight(query: QueryDict, code: str, person: Person, now: datetime) -> Sight:
    """Read from an address what is looked at; raises Refused for no card or no period."""
    card = CARD_OF.get(code)
    if card is None:
        raise Refused(_("There is no such scorecard."))
    code_said = query.get("period", "")
    period = read_period(code_said) if code_said else month_of(timezone.localdate(now))
    level = card.level or next((level for level in AREA_LEVELS if level == query.get("level")), Level.STREET)
    area = None
    if (key := whole_number(query.get("area", ""))) is not None:
        area = Area.objects.filter(in_sight(person, "path"), pk=key).defer("boundary").first()
    unit = whole_number(query.get("unit", "")) if card.by_unit else None
    return Sight(
        scope_of(person),
        now,
        card,
        period,
        level,
        area,
        unit,
        query.get("only") == "yes" and area is not None,
    )


def rows_of(sight: Sight) -> list[Row]:
    """The rows of a card as it stands now; few statements, however many rows."""
    rule = rule_of(sight.card.code)
    return [_row(sight, part, rule) for part in parts_of(sight)]


def parts_of(sight: Sight) -> list[Part]:
    """What is counted for each unit or area of the card."""
    return _units(sight) if sight.card.by_unit else _areas(sight)


def _row(sight: Sight, part: Part, rule: Scheme | None) -> Row:
    where = _where(sight, part)
    tally: Mapping[str, int] = Counter() if part.suppressed else part.tally
    numbers = {
        count.code: Number(count, tally[count.code], sight.list_url(count, **where))
        for count in sight.card.counts
    }
    score = None
    if rule is not None and not part.suppressed:
        score = score_of(rule, part.tally, days=sight.span.days, grids=part.grids)
    return Row(
        part.name, numbers, score, part.suppressed, part.unit_id, part.path, part.only_there, part.grids
    )


def _where(sight: Sight, part: Part) -> dict[str, object]:
    if part.unit_id:
        return {"unit": part.unit_id}
    return {"area": areas_around(part.path)[-1], "only": "yes" if part.only_there else ""}


def within(sight: Sight) -> Q:
    """Facts that any count of the card can count: three ranges, each with an index."""
    span = sight.span
    kinds = {kind for count in sight.card.counts for kind in count.kinds}
    touches = (
        Q(started_at__gte=span.start, started_at__lt=span.end)
        | Q(ended_at__gte=span.start, ended_at__lt=span.end)
        | Q(due_at__gte=span.start, due_at__lt=span.end)
    )
    if any(count.code.endswith("_open") for count in sight.card.counts):
        touches |= Q(started_at__lt=span.end) & (Q(ended_at=None) | Q(ended_at__gte=span.end))
    return Q(kind__in=kinds) & touches


def tallies(sight: Sight, field: str) -> dict[object, Tally]:
    """Every count of the card for each value of a column; one statement."""
    rows = sight.facts().filter(within(sight)).order_by().values(field)
    found = rows.annotate(**counted_by(sight.card.counts, sight.span))
    return {
        row[field]: Counter({count.code: row[f"n_{count.code}"] for count in sight.card.counts})
        for row in found
    }


def counted_by(counts: Iterable[Counted], span: Span) -> dict[str, Count]:
    """The counts as parts of one statement; their names must not be those of columns."""
    return {f"n_{count.code}": Count("pk", filter=count.condition(span)) for count in counts}


def _units(sight: Sight) -> list[Part]:
    found = tallies(sight, "unit_id")
    units = Unit.objects.filter(pk__in=[key for key in found if key is not None]).exclude(kind="centre")
    if not sight.is_of_area:
        units = Unit.objects.filter(pk=own_unit(sight.scope) or 0)
    return [
        Part(_unit_name(unit), found.get(unit.pk, Counter()), unit_id=unit.pk)
        for unit in units.order_by("code")
    ]


def _unit_name(unit: Unit) -> str:
    return in_reader_language(unit.name, unit.name_en)


def _areas(sight: Sight) -> list[Part]:
    found = {str(path): tally for path, tally in tallies(sight, "area_path").items()}
    people = _people(sight, sight.card) if sight.card.is_of_people else {}
    shown = list(_shown(sight))
    grids = _grids_inside(sight, shown)
    folded = fold(found, [area.path for area in shown])
    gathered = fold_sets(people, [area.path for area in shown])
    parts = [
        Part(
            name_in(area, sight.period.start), folded.inside[area.path], path=area.path, grids=grids[area.path],
            people=len(gathered[area.path]) if sight.card.is_of_people else LEAST_PEOPLE,
        )
        for area in shown
    ]  # fmt: skip
    if sight.card.is_of_people:
        return parts
    return parts + [_elsewhere(path, tally) for path, tally in sorted(folded.elsewhere.items())]


def _elsewhere(path: str, tally: Tally) -> Part:
    area = Area.objects.filter(pk=areas_around(path)[-1]).defer("boundary").first()
    name = area.name if area else _("Elsewhere")
    return Part(_("%(name)s, no closer place") % {"name": name}, tally, path=path, only_there=True)


def _shown(sight: Sight) -> QuerySet[Area]:
    """The areas of the level that hold, and those that ended in the period: what was theirs stays counted as theirs."""
    held = Q(valid_to=None) | Q(valid_to__gt=sight.period.start)
    areas = Area.objects.filter(held, sight.inside("path"), level=sight.level)
    if sight.area:
        areas = areas.filter(path__startswith=sight.area.path)
    return areas.defer("boundary").order_by("code")


def _grids_inside(sight: Sight, shown: Sequence[Area]) -> Counter[str]:
    """How many grids lie in each area shown; one statement."""
    if sight.level == Level.GRID:
        return Counter(area.path for area in shown)
    grids = Area.objects.filter(sight.inside("path"), level=Level.GRID, valid_to=None)
    folded = fold(
        {path: Counter(grids=1) for path in grids.values_list("path", flat=True)}, [a.path for a in shown]
    )
    return Counter({path: max(tally["grids"], 1) for path, tally in folded.inside.items()})


def _people(sight: Sight, post: Card) -> dict[str, set[int]]:
    """Who did the work of a post in the period, by area; only ever counted."""
    span, found = sight.span, defaultdict(set)
    done = sight.facts().filter(
        kind__in=post.work, outcome__in=post.worked, ended_by__isnull=False,
        ended_at__gte=span.start, ended_at__lt=span.end,
    )  # fmt: skip
    for path, person in done.order_by().values_list("area_path", "ended_by_id").distinct():
        found[path].add(person)
    return found


@dataclass(frozen=True)
class Folded:
    """Tallies of paths put together for the areas around them, and what lies in none of these."""

    inside: dict[str, Tally]
    elsewhere: dict[str, Tally]


def fold(by_path: Mapping[str, Tally], shown: Sequence[str]) -> Folded:
    """Put each path to the smallest of the areas shown that lies around it."""
    inside: dict[str, Tally] = {path: Counter() for path in shown}
    elsewhere: dict[str, Tally] = {}
    for path, tally in by_path.items():
        around = smallest_around(path, inside)
        if around:
            inside[around].update(tally)
        elif any(tally.values()):
            elsewhere[path] = tally
    return Folded(inside, elsewhere)


def fold_sets(by_path: Mapping[str, set[int]], shown: Sequence[str]) -> dict[str, set[int]]:
    """The same for sets of people."""
    inside: dict[str, set[int]] = {path: set() for path in shown}
    for path, people in by_path.items():
        if around := smallest_around(path, inside):
            inside[around] |= people
    return inside


def smallest_around(path: str, shown: Iterable[str]) -> str:
    """The longest beginning of a path that is one of the paths shown; "" for none."""
    parts = path.strip("/").split("/")
    beginnings = ("/" + "/".join(parts[:length]) + "/" for length in range(len(parts), 0, -1))
    return next((beginning for beginning in beginnings if beginning in shown), "")


def counted_facts(sight: Sight, count: Counted) -> QuerySet[StageFact]:
    """The list behind one count: the very same condition. Raises Refused where too few people did the work."""
    too_few = sight.card.is_of_people and not _enough_people(sight)
    if too_few or (is_of_workers(count) and hides_workers(sight)):
        raise Refused(_("Fewer than five people did this work; nobody's own figures are shown to others."))
    return sight.facts().filter(count.condition(sight.span)).order_by("-started_at", "pk")


def _enough_people(sight: Sight) -> bool:
    at_level = sight.area is not None and sight.area.level == sight.level and not sight.only_there
    return at_level and _how_many(sight, sight.card) >= LEAST_PEOPLE


def _how_many(sight: Sight, post: Card) -> int:
    return len(set().union(*_people(sight, post).values()))


def is_of_workers(count: Counted) -> bool:
    """Tell whether a count is of what grid workers did: it says nothing of the place."""
    return set(count.kinds) <= set(INSPECTOR.work)


def hides_workers(sight: Sight) -> bool:
    """Tell whether what grid workers did here would be somebody's own: below a community, or of fewer than five."""
    if not sight.is_of_community:
        return True
    return _how_many(sight, INSPECTOR) < LEAST_PEOPLE
