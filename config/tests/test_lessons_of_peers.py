"""What the faults of comparable systems taught: each lesson by its number, with the tests that hold us to it.

Lessons 9, 10, 14–16 and 18 concern devices, imports, size and personal data, and are tested where those are.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from wangge.accounts.models import Role
from wangge.accounts.tests import test_administration as administration
from wangge.cases import actions
from wangge.cases.models import Case, Clock
from wangge.cases.permissions import visible_cases
from wangge.cases.tests import test_changing_calendars as calendars
from wangge.cases.tests import test_deadlines as deadlines
from wangge.cases.tests import test_escalation as escalation
from wangge.cases.tests import test_loop as loop
from wangge.cases.tests import test_matter_pages as pages
from wangge.cases.tests import test_requests as requests
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import at_desk
from wangge.cases.workflow import Stage
from wangge.insight.tests import test_cards as cards
from wangge.insight.tests import test_overview as overview
from wangge.intake.channels.web.tests import test_following as following
from wangge.intake.tests import test_api as api
from wangge.notifications.tests import test_sending as sending
from wangge.territory.models import Post

LESSONS: Mapping[int, tuple[Callable[..., None], ...]] = {
    # Working hours with a make-up Saturday; without it the due moment is on Monday.
    1: (
        deadlines.test_a_make_up_saturday_takes_what_friday_left,
        deadlines.test_without_the_make_up_day_the_same_deadline_is_on_monday,
    ),
    # The lunch break is left out.
    2: (deadlines.test_the_lunch_break_does_not_count,),
    # A pause counts working time only.
    3: (
        deadlines.test_a_pause_over_the_weekend_moves_the_due_moment_by_its_own_calendar,
        requests.test_a_suspension_pauses_in_the_cases_own_calendar,
    ),
    # A comment, a photo or a look moves no clock; below, and for what a reporter adds:
    4: (following.test_added_words_and_photos_reach_the_record_and_move_no_clock,),
    # A reminder comes in working time, unless the limit is urgent; a message waits until the morning.
    5: (
        deadlines.test_a_deadline_on_a_sunday_night_reminds_on_friday_in_working_time,
        deadlines.test_an_urgent_limit_reminds_in_the_middle_of_the_night,
        sending.test_in_quiet_hours_messages_wait_and_come_as_one,
    ),
    # A deadline in an unpublished year is provisional, and is computed anew with an entry in the log.
    6: (
        deadlines.test_ten_working_days_into_an_unpublished_year_are_provisional_at_the_same_hour,
        calendars.test_publishing_a_year_moves_what_was_provisional_and_says_so,
    ),
    # Nobody assigned, nobody above, the top of the ladder: the named fallback is told, and what reaches nobody is counted.
    7: (
        escalation.test_a_case_without_a_unit_is_escalated_too,
        escalation.test_the_named_fallback_is_told_when_nobody_holds_the_post,
        escalation.test_the_top_of_the_ladder_ends_at_the_named_fallback,
        escalation.test_where_there_is_nobody_at_all_it_is_written_down,
    ),
    # The same submission five times is one report.
    11: (loop.test_the_same_submission_five_times_is_one_report, api.test_the_same_submission_is_the_same_report),
    # A form saved by somebody who sees masks leaves what is stored.
    12: (
        pages.test_saving_pages_that_show_masks_leaves_the_contact_as_it_is,
        administration.test_a_masked_phone_that_comes_back_leaves_the_number_alone,
    ),
    # Every figure opens a list that is as long.
    13: (
        overview.test_every_number_opens_a_list_that_is_as_long,
        cards.test_every_number_opens_a_list_that_is_as_long,
    ),
}  # fmt: skip


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_tests_that_hold_a_lesson_are_run(lesson: int) -> None:
    for test in LESSONS[lesson]:
        marks = {mark.name for mark in getattr(test, "pytestmark", [])}
        assert test.__name__.startswith("test_")
        assert not marks & {"skip", "xfail"}, f"lesson {lesson} rests on a test that is left out"


# -- 4: a comment, a photo or a look never moves any clock ---------------------------------------------------


def moments_of(case: Case) -> Any:
    case.refresh_from_db()
    of_clocks = list(Clock.objects.filter(case=case).order_by("pk").values())
    return [case.due_at, case.amber_at, case.whole_due_at, case.whole_amber_at, of_clocks]


@pytest.mark.django_db
def test_a_comment_a_photo_and_a_look_move_no_clock(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    before = moments_of(case)
    actions.comment_case(case, note="请尽快", by=cast.duty_chief, at=NOON + timedelta(days=1))
    cast.after_photo(case, NOON + timedelta(days=1))
    for person in (cast.duty_chief, cast.clerk):
        assert at_desk(person).get(f"/cases/{case.number}/").status_code == 200
    assert moments_of(case) == before


# -- 8: after a re-organisation the new supervisor sees the open cases that are there at once ------------------


@pytest.mark.django_db
def test_a_new_supervisor_sees_the_open_cases_and_the_old_one_no_longer(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    today = timezone.localdate()
    old = cast.overseer
    Post.objects.filter(account=old).update(ends_on=today)
    newcomer = cast.person("overseer_2", "督办人小钱", Role.OVERSEER, cast.place.street)
    assert list(Case.objects.filter(visible_cases(newcomer))) == [case]
    assert not Case.objects.filter(visible_cases(old)).exists()


@pytest.mark.django_db
def test_a_clerk_who_changes_units_sees_the_new_units_cases_and_not_the_old_ones(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    newcomer = cast.other_clerk
    assert not Case.objects.filter(visible_cases(newcomer)).exists()
    newcomer.unit = cast.lamps
    newcomer.save(update_fields=["unit"])
    moved = type(newcomer).objects.get(pk=newcomer.pk)
    assert list(Case.objects.filter(visible_cases(moved))) == [case]


@pytest.mark.django_db
def test_a_post_that_begins_tomorrow_shows_nothing_today(cast: Cast) -> None:
    cast.case_at(Stage.HANDLING)
    early = cast.person("overseer_3", "督办人小孙", Role.OVERSEER, cast.place.county)
    Post.objects.filter(account=early).update(starts_on=date(2999, 1, 1))
    assert not Case.objects.filter(visible_cases(early)).exists()


# -- 17: no foreign key without an index; no search on ids that begins with a wildcard ------------------------

WITHOUT_INDEX = """
SELECT c.conrelid::regclass::text, a.attname
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s) AND NOT EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
       AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%%I IS NOT NULL)', a.attname))
)
ORDER BY 1, 2
"""
ON_IDS = re.compile(r"\w*(?:number|code|path|key|digest|_id|pk|\bid)__i?(?:contains|endswith|regex)\b")
WILDCARD_FIRST = re.compile(r"""\bI?LIKE\s+(?:E?'%|concat\('%|'%%)""", re.IGNORECASE)


@pytest.mark.django_db
def test_every_foreign_key_has_an_index() -> None:
    ours = [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("wangge.")]
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_INDEX, [ours])
        assert cursor.fetchall() == []


def test_no_search_on_ids_begins_with_a_wildcard() -> None:
    found = [
        f"{path.relative_to(settings.BASE_DIR)}: {match[0]}"
        for path in sorted((Path(settings.BASE_DIR) / "wangge").rglob("*.py"))
        if "tests" not in path.parts
        for pattern in (ON_IDS, WILDCARD_FIRST)
        for match in pattern.finditer(path.read_text("utf-8"))
    ]
    assert found == []
