"""The dry run asks what `propose_unit` would say, on both sides, and its numbers open lists of that length."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from wangge.accounts.models import Account, Unit
from wangge.cases import actions
from wangge.cases.configuration import drafts, dry_run
from wangge.cases.configuration.dry_run import KINDS
from wangge.cases.configuration.tables import TABLES
from wangge.cases.configuration.tests.conftest import add, change
from wangge.cases.duty import propose_unit
from wangge.cases.models import Case, ConfigDraft, DryRun, DutyRow, FilingCondition
from wangge.cases.queries.configuration import lines_behind, numbers_of
from wangge.cases.tests.cast import IN_GRID_A, IN_GRID_C, NOON, SHANGHAI, Cast

LATER = NOON + timedelta(hours=5)


@pytest.fixture
def filed(cast: Cast) -> list[Case]:
    """Two lamps, one in each community, with a duty list for the county."""
    assert cast.lamps.duty_rows.exists()
    return [cast.file(cast.report(point)) for point in (IN_GRID_A, IN_GRID_C)]


def counts(run: DryRun) -> dict[str, int]:
    found = numbers_of(run)
    assert found == {name: lines_behind(run, name).count() for name in KINDS}
    return {name: number for name, number in found.items() if number}


def test_an_empty_draft_changes_nothing(filed: list[Case], draft: ConfigDraft, admin: Account) -> None:
    run = dry_run.try_out(draft, by=admin, at=LATER)
    assert (run.cases, counts(run)) == (2, {})


def test_another_limit_is_another_due_time(filed: list[Case], draft: ConfigDraft, admin: Account) -> None:
    change(draft, "conditions", "01037|2", limit="1工作日", by=admin)
    run = dry_run.try_out(draft, by=admin, at=LATER)
    assert counts(run) == {"other_limit": 2}
    assert {(line.old_limit, line.new_limit) for line in run.lines.all()} == {
        ("working_days 2", "working_days 1")
    }


def test_a_row_for_one_community_sends_its_matters_elsewhere(
    cast: Cast, filed: list[Case], draft: ConfigDraft, admin: Account
) -> None:
    role = cast.condition.unit_role
    add(draft, "duty", area="990101001002", unit_role=role, unit=cast.water.code, by=admin)
    run = dry_run.try_out(draft, by=admin, at=LATER)
    assert counts(run) == {"elsewhere": 1}
    line = run.lines.get()
    assert (line.case, line.old_unit, line.new_unit) == (filed[1], cast.lamps, cast.water)


def test_no_unit_any_more_and_no_class_any_more(
    cast: Cast, filed: list[Case], draft: ConfigDraft, admin: Account
) -> None:
    change(draft, "conditions", "01037|2", unit_role="gas", by=admin)
    DutyRow.objects.filter(unit_role="gas").delete()
    assert counts(dry_run.try_out(draft, by=admin, at=LATER)) == {"nowhere": 2}
    change(draft, "classes", "01037", in_force="no", by=admin)
    assert counts(dry_run.try_out(draft, by=admin, at=LATER)) == {"nowhere": 2, "refiled": 2}


def test_what_has_become_confidential_since_is_in_no_number_and_no_list(
    cast: Cast, filed: list[Case], draft: ConfigDraft, admin: Account
) -> None:
    change(draft, "conditions", "01037|2", limit="1工作日", by=admin)
    run = dry_run.try_out(draft, by=admin, at=LATER)
    actions.hide_case(filed[0], handlers=[cast.duty_chief], by=cast.duty_chief)
    assert counts(run) == {"other_limit": 1}
    assert [line.case for line in lines_behind(run, "other_limit")] == [filed[1]]


def test_older_cases_do_not_count(filed: list[Case], draft: ConfigDraft, admin: Account) -> None:
    change(draft, "conditions", "01037|2", limit="1工作日", by=admin)
    run = dry_run.try_out(draft, by=admin, at=NOON + timedelta(days=40))
    assert (run.cases, counts(run)) == (0, {})


WINDOWS: list[dict[str, Any]] = [
    {}, {"hours": "18:00-08:00"}, {"hours": "08:00-18:00"}, {"season_from": "06-01", "season_to": "08-31"},
    {"season_from": "11-15", "season_to": "03-15"}, {"valid_from": date(2026, 6, 20)}, {"valid_to": date(2026, 6, 15)},
]  # fmt: skip


def test_it_proposes_what_the_desk_is_told(cast: Cast, draft: ConfigDraft, admin: Account) -> None:
    """Against `propose_unit`, over moments, places and rows of every kind, on an empty draft read as the old side."""
    dice = random.Random(7)
    units = [
        Unit.objects.create(code=f"U{number}", name=f"单位{number}", kind="department") for number in range(6)
    ]
    condition = cast.condition
    places = [cast.place.county, cast.place.street, cast.place.community, cast.place.grid_a]
    for area in places:
        for window in dice.sample(WINDOWS, 3):
            matter = dice.choice([None, condition.matter])
            DutyRow.objects.create(
                area=area, unit_role=condition.unit_role, matter=matter, unit=dice.choice(units), **window
            )
    cases = [cast.file(cast.report(dice.choice([IN_GRID_A, IN_GRID_C]))) for _ in range(12)]
    for case in cases:
        moment = datetime(2026, 6, dice.randint(11, 28), dice.randint(0, 23), 30, tzinfo=SHANGHAI)
        Case.objects.filter(pk=case.pk).update(filed_at=moment)
        case.filed_at = moment
    # Without any row on the wanted side, every case that had a unit shows it.
    for key in TABLES["duty"].load():
        drafts.remove_row(draft, TABLES["duty"], key, by=admin, at=NOON)
    run = dry_run.try_out(draft, by=admin, at=datetime(2026, 6, 30, tzinfo=SHANGHAI))
    told = {line.case_id: line.old_unit_id for line in run.lines.all()}
    for case in cases:
        proposal = propose_unit(case, case.filed_at)
        assert told.get(case.pk) == (proposal.unit.pk if proposal else None)


@pytest.mark.slow
def test_ten_thousand_cases_take_no_more_statements_than_one(
    cast: Cast, draft: ConfigDraft, admin: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assert cast.lamps.duty_rows.exists()
    case = cast.file(cast.report())
    names = [f.column for f in Case._meta.concrete_fields if f.column not in ("id", "number")]
    columns = ", ".join(f'"{name}"' for name in names)
    conditions = list(FilingCondition.objects.values_list("pk", "matter_id"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_case (id, number, {columns}) SELECT gen_random_uuid(), 'N-' || n, {columns} "
            "FROM cases_case, generate_series(1, 10000) n WHERE id = %s",
            [case.pk],
        )
        cursor.execute(
            "UPDATE cases_case SET condition_id = c.id, matter_id = c.matter_id FROM (SELECT id, matter_id, "
            "row_number() OVER (ORDER BY id) - 1 AS place FROM cases_filingcondition) c "
            "WHERE cases_case.number LIKE 'N-%%' AND c.place = substr(number, 3)::int %% %s",
            [len(conditions)],
        )
        cursor.execute("ANALYZE cases_case")
    change(draft, "conditions", "01037|2", limit="1工作日", by=admin)
    with django_assert_max_num_queries(60):
        run = dry_run.try_out(draft, by=admin, at=LATER)
    assert (run.cases, numbers_of(run)["other_limit"]) == (10_001, 10_000 // len(conditions) + 2)


def test_a_confidential_case_is_neither_tried_nor_listed_later(
    cast: Cast, filed: list[Case], draft: ConfigDraft, admin: Account
) -> None:
    change(draft, "conditions", "01037|2", limit="1工作日", by=admin)
    before, after = filed
    actions.hide_case(before, handlers=[cast.duty_chief], by=cast.duty_chief, at=NOON + timedelta(hours=1))
    run = dry_run.try_out(draft, by=admin, at=LATER)
    assert (run.cases, counts(run)) == (1, {"other_limit": 1})
    assert [line.case for line in lines_behind(run, "other_limit")] == [after]
    actions.hide_case(after, handlers=[cast.duty_chief], by=cast.duty_chief, at=LATER)
    assert list(lines_behind(run, "other_limit")) == [], "nor one that became confidential since"
