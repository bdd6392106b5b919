"""Freezing a scorecard: the facts it counts are copied, and its numbers are counted from the copies.

So a number and the list behind it stay equal for ever, whatever becomes of the cases and of our definitions.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.db import connection, transaction
from django.db.models import Case as Choice
from django.db.models import SmallIntegerField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account, Role, UnitKind
from wangge.audit.actions import record_access
from wangge.cases.duty import areas_around
from wangge.common.refusals import Refused
from wangge.insight.measures.cards import AREA, CARDS, DEPARTMENT, Card
from wangge.insight.measures.evaluation import Period, month_before
from wangge.insight.models import Scorecard, ScorecardRow
from wangge.insight.permissions import may_judge
from wangge.insight.queries.cards import Part, Sight, fold, parts_of, within
from wangge.insight.queries.rules import rule_of
from wangge.insight.scoring.schemes import Scheme
from wangge.insight.scoring.scores import score_of
from wangge.territory.models import Area, Level
from wangge.territory.scopes import Reach, Scope

# The copies: what was counted is named by its place in the scorecard's list of counts.
COPY = """
INSERT INTO insight_frozenfact (row_id, kind, report_id, case_id, unit_id, started_at, due_at, ended_at, counted)
SELECT m.row_id, q.kind, q.report_id, q.case_id, q.unit_id, q.started_at, q.due_at, q.ended_at,
       array_remove(ARRAY[{columns}], NULL)
FROM ({facts}) q JOIN unnest(%s::{key_type}[], %s::bigint[]) m (key, row_id) ON m.key = q.{key}
WHERE num_nonnulls({columns}) > 0
"""
COUNT = """
SELECT f.row_id, c, count(*) FROM insight_frozenfact f JOIN insight_scorecardrow r ON r.id = f.row_id
CROSS JOIN unnest(f.counted) c WHERE r.scorecard_id = %s GROUP BY f.row_id, c
"""
KEPT = ("kind", "report_id", "case_id", "unit_id", "area_path", "started_at", "due_at", "ended_at")


@transaction.atomic
def freeze(
    card: Card, period: Period, area: Area, *, level: Level, by: Account | None, at: datetime | None = None
) -> Scorecard:
    """Freeze one scorecard of an area. Raises Refused before the period has ended, and the second time."""
    moment = at or timezone.now()
    _demand(period, area, by, moment)
    whole_area = Scope((Reach(Role.OVERSEER, area.path, area.pk),))
    sight = Sight(whole_area, moment, card, period, card.level or level, area)
    rule = rule_of(card.code)
    frozen = _store_head(sight, area, rule, by)
    pairs = _store_rows(frozen, parts_of(sight))
    _copy_facts(sight, pairs)
    _store_numbers(frozen, sight, rule)
    record_access(
        "scorecard.frozen", by=by, at=moment, subject_kind="scorecard", subject_id=frozen.pk,
        detail={"card": card.code, "period": period.code, "area": area.code},
    )  # fmt: skip
    return frozen


def _demand(period: Period, area: Area, by: Account | None, at: datetime) -> None:
    if by is not None and not may_judge(by, area.path):
        raise Refused(_("Scorecards are frozen by the overseers and leaders of the area."))
    if timezone.localdate(at) < period.end:
        raise Refused(_("This period has not ended; it can be frozen from %(day)s on.") % {"day": period.end})


def _store_head(sight: Sight, area: Area, rule: Scheme | None, by: Account | None) -> Scorecard:
    frozen, new = Scorecard.objects.get_or_create(
        card=sight.card.code,
        period=sight.period.code,
        level="" if sight.card.by_unit else sight.level,
        area=area,
        defaults={
            "starts_on": sight.period.start, "ends_on": sight.period.end, "as_of": sight.now,
            "counts": [count.code for count in sight.card.counts], "days": sight.span.days,
            "rule": rule.as_data() if rule else None, "rule_version": rule.version if rule else 0, "frozen_by": by,
        },
    )  # fmt: skip
    if not new:
        raise Refused(_("This scorecard is frozen already."))
    return frozen


def _store_rows(frozen: Scorecard, parts: Sequence[Part]) -> list[tuple[Part, ScorecardRow]]:
    rows = ScorecardRow.objects.bulk_create(
        ScorecardRow(
            scorecard=frozen, place=place, unit_id=part.unit_id, path=part.path, name=part.name, grids=part.grids,
            suppressed=part.suppressed,
        )
        for place, part in enumerate(parts, start=1)
    )  # fmt: skip
    return list(zip(parts, rows, strict=True))


def _copy_facts(sight: Sight, pairs: Sequence[tuple[Part, ScorecardRow]]) -> None:
    """Copy what is counted for the rows that are shown; of a suppressed one nothing is kept."""
    marks = {
        f"c{number}": Choice(
            When(count.condition(sight.span), then=Value(number)),
            default=None,
            output_field=SmallIntegerField(),
        )
        for number, count in enumerate(sight.card.counts)
    }
    facts = sight.facts().filter(within(sight)).order_by().values(*KEPT).annotate(**marks)
    sql, values = facts.query.sql_with_params()
    key, owners = (
        ("unit_id", _by_unit(pairs)) if sight.card.by_unit else ("area_path", _by_path(sight, pairs))
    )
    order = COPY.format(
        columns=", ".join(f"q.{mark}" for mark in marks), facts=sql, key=key,
        key_type="bigint" if sight.card.by_unit else "text",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(order, [*values, list(owners), list(owners.values())])


def _by_unit(pairs: Sequence[tuple[Part, ScorecardRow]]) -> dict[object, int]:
    return {part.unit_id: row.pk for part, row in pairs if not row.suppressed}


def _by_path(sight: Sight, pairs: Sequence[tuple[Part, ScorecardRow]]) -> dict[object, int]:
    """The row of each path that has facts: of the area itself, else of the smallest area around it."""
    there = {part.path: row.pk for part, row in pairs if part.only_there}
    around = {part.path: row for part, row in pairs if not part.only_there}
    paths = sight.facts().filter(within(sight)).order_by().values_list("area_path", flat=True).distinct()
    owners: dict[object, int] = {}
    for path in paths:
        inside = [at for at, tally in fold({path: Counter(here=1)}, list(around)).inside.items() if tally]
        if inside and not around[inside[0]].suppressed:
            owners[path] = around[inside[0]].pk
        elif not inside and path in there:
            owners[path] = there[path]
    return owners


def _store_numbers(frozen: Scorecard, sight: Sight, rule: Scheme | None) -> None:
    codes = cast(list[str], frozen.counts)
    counted: defaultdict[int, Counter[str]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [frozen.pk])
        for row_id, number, times in cursor.fetchall():
            counted[row_id][codes[number]] = times
    rows = list(frozen.rows.filter(suppressed=False))
    for row in rows:
        row.numbers = {code: counted[row.pk][code] for code in codes}
        if rule is not None:
            score = score_of(rule, row.numbers, days=sight.span.days, grids=row.grids)
            row.points, row.grade = score.points, score.grade
    ScorecardRow.objects.bulk_update(rows, ["numbers", "points", "grade"], batch_size=1000)


def freeze_month(at: datetime, *, period: Period | None = None) -> int:
    """Freeze the month before for every area that a centre serves: departments, areas, teams; returns how many are new."""
    period = period or month_before(timezone.localdate(at))
    new = 0
    for area in centre_areas():
        for card in CARDS:
            for level in _levels(card, area):
                new += _freeze_once(card, period, area, level, at)
    return new


def centre_areas() -> list[Area]:
    """The widest areas that a centre serves, none inside another."""
    areas = Area.objects.filter(units__unit__kind=UnitKind.CENTRE, units__unit__closed_on=None, valid_to=None)
    found = {area.pk: area for area in areas.defer("boundary").distinct()}
    return [area for area in found.values() if not found.keys() & set(areas_around(area.path)[:-1])]


def _levels(card: Card, area: Area) -> list[Level]:
    if card is DEPARTMENT or card.level:
        return [card.level or Level.STREET]
    inside = [Level.STREET, Level.COMMUNITY] if card is AREA else [Level.STREET]
    here = Level(area.level)
    return inside if here in (Level.CITY, Level.COUNTY) else [Level.COMMUNITY]


def _freeze_once(card: Card, period: Period, area: Area, level: Level, at: datetime) -> int:
    kept = "" if card.by_unit else level
    if Scorecard.objects.filter(card=card.code, period=period.code, level=kept, area=area).exists():
        return 0
    freeze(card, period, area, level=level, by=None, at=at)
    return 1
