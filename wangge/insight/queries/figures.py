"""All numbers of the overview, in a number of statements that does not grow with the territory.

Each number is a count of `Measure.where`, taken in statements that group, so that one statement gives many.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F
from django.db.models.functions import TruncDate
from django.utils import timezone

from wangge.cases.models import Case, Report
from wangge.cases.workflow import OPEN_REPORT
from wangge.common.languages import in_reader_language
from wangge.insight.measures import (
    AMBER,
    AT_STAGE,
    CLOSED_IN_TIME,
    CLOSED_LATELY,
    CLOSED_OF_LIMITED,
    CLOSED_ON,
    COULD_NOT,
    COULD_NOT_REPORTS,
    DAYS,
    DUE_AND_OPEN,
    ESCALATED,
    FILED,
    FILED_LATELY,
    IN_TIME,
    OPEN_CASES,
    OVERDUE,
    OVERDUE_REPORTS,
    RECEIVED,
    REWORK,
    SHOULD_CLOSE,
    Look,
    Measure,
    Rate,
    share,
)
from wangge.insight.queries.addresses import Figure, figure

MOST_GROUPS = 8

OF_OPEN = (OPEN_CASES, OVERDUE, AMBER, DUE_AND_OPEN, ESCALATED, COULD_NOT, REWORK)
OF_CLOSED = (CLOSED_LATELY, CLOSED_OF_LIMITED, CLOSED_IN_TIME)
OF_REPORTS = (OVERDUE_REPORTS, COULD_NOT_REPORTS)
Tally = Counter[str]  # number by measure code


@dataclass(frozen=True)
class RateFigure:
    """A rate with both of its numbers; `per_cent` is None over nothing."""

    rate: Rate
    part: Figure
    whole: Figure

    @property
    def per_cent(self) -> float | None:
        return share(self.part.number, self.whole.number)


@dataclass(frozen=True)
class Group:
    """What people had most: a group of classes, and the class it mostly consists of."""

    name: str
    filed: Figure
    top_class: str
    top: Figure


@dataclass(frozen=True)
class Day:
    """One day of the trend."""

    day: date
    received: Figure
    closed: Figure


@dataclass(frozen=True)
class Figures:
    """Every number of the overview; `by_path` holds the tallies of each area path for the tables of areas."""

    today: Sequence[Figure]
    stages: Sequence[Figure]
    open: Figure
    overdue: Figure
    amber: Figure
    overdue_reports: Figure
    escalated: Figure
    could_not: Figure
    rework: Figure
    could_not_reports: Figure
    in_time: RateFigure
    groups: Sequence[Group]
    trend: Sequence[Day]
    by_path: Mapping[str, Tally]

    @property
    def most_on_a_day(self) -> int:
        return max((max(day.received.number, day.closed.number) for day in self.trend), default=0) or 1

    @property
    def most_at_a_stage(self) -> int:
        return max((stage.number for stage in self.stages), default=0) or 1


def figures(look: Look) -> Figures:
    """Count everything; six statements."""
    by_path, stages = _open_cases(look)
    _add_closed(look, by_path)
    reports = _open_reports(look)
    classes = _filed(look)
    received = _by_day(look, Report, RECEIVED, "received_at")
    closed = _by_day(look, Case, CLOSED_ON, "closed_at")
    total: Tally = sum(by_path.values(), Counter())
    filed_today = sum(row["today"] for row in classes)

    def tied(measure: Measure, number: int) -> Figure:
        return figure(measure, number, look)

    return Figures(
        today=[
            tied(RECEIVED, received[look.today]),
            tied(FILED, filed_today),
            tied(CLOSED_ON, closed[look.today]),
        ],
        stages=[tied(measure, {**reports, **stages}.get(stage, 0)) for stage, measure in AT_STAGE.items()],
        open=tied(OPEN_CASES, total[OPEN_CASES.code]),
        overdue=tied(OVERDUE, total[OVERDUE.code]),
        amber=tied(AMBER, total[AMBER.code]),
        overdue_reports=tied(OVERDUE_REPORTS, reports[OVERDUE_REPORTS.code]),
        escalated=tied(ESCALATED, total[ESCALATED.code]),
        could_not=tied(COULD_NOT, total[COULD_NOT.code]),
        rework=tied(REWORK, total[REWORK.code]),
        could_not_reports=tied(COULD_NOT_REPORTS, reports[COULD_NOT_REPORTS.code]),
        in_time=rate_of(total, look),
        groups=_groups(classes, look),
        trend=_trend(look, received, closed),
        by_path=by_path,
    )


def rate_of(tally: Tally, look: Look, **part: Any) -> RateFigure:
    """The in-time closing rate of a tally."""
    whole = tally[CLOSED_OF_LIMITED.code] + tally[DUE_AND_OPEN.code]
    return RateFigure(
        IN_TIME,
        figure(CLOSED_IN_TIME, tally[CLOSED_IN_TIME.code], look, **part),
        figure(SHOULD_CLOSE, whole, look, **part),
    )


def _open_cases(look: Look) -> tuple[dict[str, Tally], Tally]:
    """Tallies of open cases by area path, and how many stand at each stage."""
    rows = look.rows(Case).filter(OPEN_CASES.where(look)).order_by().values("area_path", "stage")
    by_path: defaultdict[str, Tally] = defaultdict(Counter)
    stages: Tally = Counter()
    for row in rows.annotate(**{measure.code: measure.counted(look) for measure in OF_OPEN}):
        by_path[row["area_path"]].update({measure.code: row[measure.code] for measure in OF_OPEN})
        stages[row["stage"]] += row[OPEN_CASES.code]
    return by_path, stages


def _add_closed(look: Look, by_path: dict[str, Tally]) -> None:
    rows = look.rows(Case).filter(CLOSED_LATELY.where(look)).order_by().values("area_path")
    for row in rows.annotate(**{measure.code: measure.counted(look) for measure in OF_CLOSED}):
        by_path[row["area_path"]].update({measure.code: row[measure.code] for measure in OF_CLOSED})


def _open_reports(look: Look) -> Tally:
    """How many reports stand at each stage, and how many of them wait too long."""
    rows = look.rows(Report).filter(stage__in=OPEN_REPORT).order_by().values("stage")
    tally: Tally = Counter()
    counted = {measure.code: measure.counted(look) for measure in OF_REPORTS}
    for row in rows.annotate(number=Count("pk"), **counted):
        tally[row["stage"]] = row["number"]
        tally.update({measure.code: row[measure.code] for measure in OF_REPORTS})
    return tally


def _filed(look: Look) -> list[dict[str, Any]]:
    """What was filed in the window, by class."""
    rows = look.rows(Case).filter(FILED_LATELY.where(look)).order_by()
    names = {
        "code": F("matter__code"), "class_zh": F("matter__name"), "class_en": F("matter__name_en"),
        "group": F("matter__group__code"), "group_zh": F("matter__group__name"), "group_en": F("matter__group__name_en"),
    }  # fmt: skip
    return list(rows.values(**names).annotate(number=Count("pk"), today=FILED.counted(look.at(day=None))))


def _groups(classes: Iterable[Mapping[str, Any]], look: Look) -> list[Group]:
    grouped: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in classes:
        if row["group"]:
            grouped[row["group"]].append(row)
    ranked = sorted(grouped.items(), key=lambda pair: (-sum(r["number"] for r in pair[1]), pair[0]))
    return [_group(code, rows, look) for code, rows in ranked[:MOST_GROUPS]]


def _group(code: str, rows: list[Mapping[str, Any]], look: Look) -> Group:
    top = min(rows, key=lambda row: (-row["number"], row["code"]))
    return Group(
        name=in_reader_language(top["group_zh"], top["group_en"]),
        filed=figure(FILED_LATELY, sum(row["number"] for row in rows), look, group=code),
        top_class=in_reader_language(top["class_zh"], top["class_en"]),
        top=figure(FILED_LATELY, top["number"], look, matter=top["code"]),
    )


def _by_day(look: Look, model: type[Case] | type[Report], measure: Measure, field: str) -> Counter[date]:
    """How many on each day of the window; the measure's own condition, told day by day."""
    closed = {"stage": "closed"} if measure is CLOSED_ON else {}
    rows = look.rows(model).filter(**{f"{field}__gte": look.window}, **closed).order_by()
    days = rows.annotate(day=TruncDate(field, tzinfo=timezone.get_current_timezone())).values("day")
    return Counter({row["day"]: row["number"] for row in days.annotate(number=Count("pk"))})


def _trend(look: Look, received: Counter[date], closed: Counter[date]) -> list[Day]:
    days = [look.first_day + timedelta(days=number) for number in range(DAYS)]
    return [
        Day(
            day,
            figure(RECEIVED, received[day], look, day=day),
            figure(CLOSED_ON, closed[day], look, day=day),
        )
        for day in days
    ]
