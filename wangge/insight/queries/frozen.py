"""Frozen scorecards: rows as they stood, what appeals put beside them, and the lists of the copies."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import cast

from django.db.models import Q, QuerySet
from django.urls import reverse

from wangge.common.refusals import Refused
from wangge.insight.measures.cards import CARD_OF, Card
from wangge.insight.measures.evaluation import COUNT_OF, Period
from wangge.insight.models import Appeal, FrozenFact, Scorecard, ScorecardRow
from wangge.insight.permissions import JUDGES, ROLES, leads_unit
from wangge.insight.queries.cards import Number, Row
from wangge.insight.scoring.schemes import Scheme
from wangge.insight.scoring.scores import Score, score_of
from wangge.territory.scopes import Person, scope_of

Corrections = Mapping[int, Mapping[str, int]]  # by row, then by code of a count


def visible_frozen(person: Person) -> QuerySet[Scorecard]:
    """The frozen scorecards a person may open: of the areas they look at, and those with a row they answer for."""
    own_rows = ScorecardRow.objects.filter(_answered_for(person)).values("scorecard_id")
    seen = scope_of(person).within("area__path", ROLES) | Q(pk__in=own_rows)
    return Scorecard.objects.filter(seen).select_related("area", "frozen_by").defer("area__boundary")


def visible_rows(person: Person, frozen: Scorecard) -> QuerySet[ScorecardRow]:
    """The rows of a frozen scorecard that a person may see: all of them, or those they answer for."""
    if scope_of(person).covers(frozen.area.path, ROLES):
        return frozen.rows.all()
    return frozen.rows.filter(_answered_for(person))


def _answered_for(person: Person, row: str = "") -> Q:
    """The condition of the rows a person answers for: the unit they lead, the areas where they look; fails closed."""
    areas = scope_of(person).within(f"{row}path", ROLES)
    own = leads_unit(person)
    return areas | Q(**{f"{row}unit_id": own}) if own else areas


def visible_appeals(person: Person) -> QuerySet[Appeal]:
    """The appeals a person may read: those they decide on, and those of the rows they answer for."""
    seen = scope_of(person).within("row__scorecard__area__path", JUDGES) | _answered_for(person, "row__")
    return Appeal.objects.filter(seen).select_related("row__scorecard__area", "asked_by", "decided_by")


def card_of(frozen: Scorecard) -> Card:
    """The kind of a frozen scorecard; its counts are the frozen ones."""
    return CARD_OF[frozen.card]


def period_of(frozen: Scorecard) -> Period:
    """The period of a frozen scorecard."""
    return Period(frozen.period, frozen.starts_on, frozen.ends_on)


def frozen_rows(frozen: Scorecard, rows: QuerySet[ScorecardRow]) -> list[Row]:
    """The rows with their numbers, lists and what was corrected; three statements."""
    found = list(rows)
    corrected = _corrections(found)
    rule = Scheme.from_data(frozen.rule, frozen.rule_version) if frozen.rule else None
    return [_row(frozen, row, rule, corrected[row.pk]) for row in found]


def _corrections(rows: list[ScorecardRow]) -> defaultdict[int, dict[str, int]]:
    """The newest granted number for each count of each row."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    granted = Appeal.objects.filter(row__in=rows, corrected__isnull=False).order_by("decided_at")
    for appeal in granted:
        found[appeal.row_id][appeal.count] = cast(int, appeal.corrected)
    return found


def _row(frozen: Scorecard, row: ScorecardRow, rule: Scheme | None, corrected: Mapping[str, int]) -> Row:
    counts = [COUNT_OF[code] for code in frozen.counts if code in COUNT_OF]
    numbers = {
        count.code: Number(
            count,
            row.numbers.get(count.code, 0),
            f"{reverse('insight:frozen_list', args=[frozen.pk, row.pk])}?what={count.code}",
            corrected.get(count.code),
        )
        for count in counts
    }
    return Row(
        row.name, numbers, _score(frozen, row, rule, {}), row.suppressed, row.unit_id, row.path, grids=row.grids,
        key=row.pk, corrected=_score(frozen, row, rule, corrected) if corrected else None,
    )  # fmt: skip


def _score(
    frozen: Scorecard, row: ScorecardRow, rule: Scheme | None, corrected: Mapping[str, int]
) -> Score | None:
    if rule is None or row.suppressed:
        return None
    return score_of(rule, Counter({**row.numbers, **corrected}), days=frozen.days, grids=row.grids)


def frozen_list(frozen: Scorecard, row: ScorecardRow, code: str) -> QuerySet[FrozenFact]:
    """The copies that a frozen number counted. Raises Refused for what was not counted."""
    if row.suppressed or code not in frozen.counts:
        raise Refused("")
    place = list(frozen.counts).index(code)
    return row.facts.filter(counted__contains=[place]).order_by("-started_at", "pk")
