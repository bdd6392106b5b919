"""The configuration an installation starts with: class lists, filing conditions, limits, the calendar.

What is already there is left as it is, so that a city's own edits survive the next upgrade.
"""

from django.db import transaction
from django.utils import timezone

from wangge.cases import calendar_seed, classes_data, clocks
from wangge.cases.ladders_data import read_rungs
from wangge.cases.models import (
    Calendar,
    CalendarDay,
    CalendarYear,
    ClockKind,
    Crossing,
    Exclusion,
    FilingCondition,
    Ladder,
    MatterClass,
    MatterGroup,
    Question,
    Quota,
    Reason,
    ReminderRule,
    Rung,
    StageLimit,
)
from wangge.cases.older_classes import STANDARD_2013, older_classes
from wangge.territory.models import Area

NATIONAL, LOCAL = "GB/T 47678.5-2026", "local"
# What an installation begins with; each centre sets its own.
QUOTAS = {
    Quota.Code.EXTENSIONS: 1,
    Quota.Code.RETURNS: 2,
    Quota.Code.SUSPENSION_DAYS: 90,
    Quota.Code.RECHECK_PERCENT: 10,
}
# When to remind: after a share of the limit, or so many hours before it is used up.
REMINDERS: tuple[tuple[ClockKind, int | None, int | None], ...] = (
    (ClockKind.HANDLE, 80, None),
    (ClockKind.HANDLE, None, 1),
    (ClockKind.SIGN_OFF, 80, None),
    (ClockKind.VERIFY, 80, None),
    (ClockKind.CHECK, 80, None),
    (ClockKind.ARBITRATE, 80, None),
    (ClockKind.WHOLE, 80, None),
)
OFFICE_HOURS = [{"from": "01-01", "to": "12-31", "hours": ["09:00-12:00", "13:00-18:00"]}]


@transaction.atomic
def seed_configuration() -> None:
    """Load what is missing of the shipped configuration; harmless twice."""
    seed_calendar("default", "国家工作日历", time_zone="Asia/Shanghai")
    _seed_classes()
    _seed_older_classes()
    _seed_conditions()
    _seed_questions()
    _seed_lists()
    _seed_ladders()
    _seed_reminders()
    Quota.objects.bulk_create(
        [Quota(code=code, amount=amount) for code, amount in QUOTAS.items()], ignore_conflicts=True
    )
    clocks.look_again()


def seed_calendar(
    code: str, name: str, *, time_zone: str, marked: bool = True, area: Area | None = None
) -> Calendar:
    """Make a calendar with the office hours and, if `marked`, China's rest and make-up days."""
    calendar, new = Calendar.objects.get_or_create(
        code=code, defaults={"name": name, "time_zone": time_zone, "shifts": OFFICE_HOURS, "area": area}
    )
    if new and marked:
        marks = list(calendar_seed.shipped_days())
        CalendarDay.objects.bulk_create(
            CalendarDay(calendar=calendar, day=mark.date, kind=mark.kind.value, name=mark.name)
            for mark in marks
        )
        CalendarYear.objects.bulk_create(
            CalendarYear(calendar=calendar, year=year, published_at=timezone.now())
            for year in calendar_seed.published_years(marks)
        )
    return calendar


def _seed_classes() -> None:
    groups = [
        MatterGroup(
            code=row.code,
            name=row.name_zh,
            name_en=row.name_en,
            hint=row.hint_zh,
            hint_en=row.hint_en,
            ordinal=place,
        )
        for place, row in enumerate(classes_data.read_groups(), 1)
    ]
    MatterGroup.objects.bulk_create(groups, ignore_conflicts=True)
    ids = dict(MatterGroup.objects.values_list("code", "pk"))
    for standard, rows in (
        (NATIONAL, classes_data.read_matters()),
        (LOCAL, classes_data.read_local_matters()),
    ):
        MatterClass.objects.bulk_create(
            [
                MatterClass(
                    standard=standard,
                    code=row.code,
                    major_code=row.major_code,
                    major_name=row.major_zh,
                    major_name_en=row.major_en,
                    name=row.name_zh,
                    name_en=row.name_en,
                    keywords=";".join(row.keywords),
                    group_id=ids[row.group],
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )


def _seed_older_classes() -> None:
    """Beside today's classes, out of force; the big choices are those of what they became."""
    today = {row.code: row for row in MatterClass.objects.filter(standard__in=[NATIONAL, LOCAL])}
    older = list(older_classes())
    MatterClass.objects.bulk_create(
        [
            MatterClass(
                standard=STANDARD_2013,
                code=row.code,
                major_code=row.major_code,
                major_name=row.major[0],
                major_name_en=row.major[1],
                name=row.name,
                name_en=row.name_en,
                group_id=today[row.became].group_id,
                in_force=False,
            )
            for row in older
        ],
        ignore_conflicts=True,
    )
    ids = dict(MatterClass.objects.filter(standard=STANDARD_2013).values_list("code", "pk"))
    Crossing.objects.bulk_create(
        [Crossing(old_id=ids[row.code], new=today[row.became], certain=row.certain) for row in older],
        ignore_conflicts=True,
    )


def _class_ids() -> dict[str, int]:
    return dict(MatterClass.objects.filter(standard__in=[NATIONAL, LOCAL]).values_list("code", "pk"))


def _seed_conditions() -> None:
    ids = _class_ids()
    FilingCondition.objects.bulk_create(
        [
            FilingCondition(
                matter_id=ids[row.matter_code],
                ordinal=row.ordinal,
                text=row.condition_zh,
                text_en=row.condition_en,
                closing=row.closing_zh,
                closing_en=row.closing_en,
                limit_kind=row.limit_kind,
                limit_amount=row.limit_amount,
                unit_role=row.unit_role,
                urgent=row.priority == "urgent",
                verify_first=row.verify_first,
                after_photo=row.after_photo,
                on_the_spot=row.on_the_spot,
                auto_dispatch=row.auto_dispatch,
                auto_close=row.auto_close,
                check_percent=row.check_percent,
                source=row.source,
            )
            for row in classes_data.read_conditions()
        ],
        ignore_conflicts=True,
    )


def _seed_questions() -> None:
    ids = _class_ids()
    for row in classes_data.read_questions():
        question, new = Question.objects.get_or_create(
            code=row.code,
            defaults={
                "ordinal": row.ordinal,
                "datatype": row.datatype,
                "required": row.required,
                "text": row.question_zh,
                "text_en": row.question_en,
                "hint": row.hint_zh,
                "hint_en": row.hint_en,
                "values": [{"key": value.key, "zh": value.zh, "en": value.en} for value in row.values],
            },
        )
        if new:
            question.matters.set([ids[code] for code in row.matter_codes])


def _seed_lists() -> None:
    Exclusion.objects.bulk_create(
        [
            Exclusion(
                code=row.code,
                text=row.name_zh,
                text_en=row.name_en,
                advice=row.advice_zh,
                advice_en=row.advice_en,
                ordinal=place,
            )
            for place, row in enumerate(classes_data.read_exclusions(), 1)
        ],
        ignore_conflicts=True,
    )
    Reason.objects.bulk_create(
        [
            Reason(
                code=row.code,
                verb=row.step,
                text=row.name_zh,
                text_en=row.name_en,
                needs_legal_basis=row.needs_legal_basis,
                ordinal=place,
            )
            for place, row in enumerate(classes_data.read_reasons(), 1)
        ],
        ignore_conflicts=True,
    )
    StageLimit.objects.bulk_create(
        [
            StageLimit(clock=row.stage, limit_kind=row.limit_kind, limit_amount=row.limit_amount)
            for row in classes_data.read_stage_limits()
        ],
        ignore_conflicts=True,
    )


def _seed_ladders() -> None:
    """A ladder that is there keeps its rungs, so that one taken away does not come back."""
    for rung in read_rungs():
        if rung.ordinal == 1:
            ladder, new = Ladder.objects.get_or_create(
                code=rung.ladder,
                defaults={"name": rung.name_zh, "name_en": rung.name_en, "clock": rung.clock},
            )
        if new:
            Rung.objects.create(
                ladder=ladder,
                ordinal=rung.ordinal,
                after_percent=rung.after_percent,
                after_amount=rung.after_amount,
                after_kind=rung.after_kind,
                role=rung.role,
                level=rung.level,
            )


def _seed_reminders() -> None:
    """Only where there are none at all, so that a rule taken away does not come back."""
    if not ReminderRule.objects.exists():
        ReminderRule.objects.bulk_create(
            ReminderRule(clock=clock, after_percent=percent, before_hours=hours)
            for clock, percent, hours in REMINDERS
        )
