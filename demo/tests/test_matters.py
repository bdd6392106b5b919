"""Ninety days of the made-up district read like ninety days of a real one, and obey the closed loop's table."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import shapely

from demo import hours, units
from demo.matters import Story, stories
from demo.people import people
from demo.pictures import SCENES
from demo.places import District
from demo.texts import TEMPLATES
from wangge.accounts.models import Role
from wangge.cases.classes_data import (
    read_conditions,
    read_exclusions,
    read_local_matters,
    read_matters,
    read_reasons,
)
from wangge.cases.models import Report
from wangge.cases.workflow import BY_VERB, Stage

SHANGHAI = ZoneInfo("Asia/Shanghai")
UNTIL = datetime(2026, 11, 23, 15, 30, tzinfo=SHANGHAI)
STAGE_AFTER_CASE_STEP = {
    "dispatch": Stage.DISPATCHED, "recall": Stage.FILED, "accept": Stage.HANDLING, "send_back": Stage.FILED,
    "finish": Stage.CHECKING, "pass_check": Stage.PASSED, "fail_check": Stage.HANDLING, "close": Stage.CLOSED,
    "reopen": Stage.FILED,
}  # fmt: skip


@pytest.fixture(scope="module")
def told(district: District) -> list[Story]:
    return list(stories(district, until=UNTIL))


def test_about_twenty_five_matters_a_day_in_time_order_and_none_from_the_future(told: list[Story]) -> None:
    assert 90 * 20 < len(told) < 90 * 30
    assert [story.begun for story in told] == sorted(story.begun for story in told)
    moments = [step.at for story in told for step in story.steps] + [
        s.at for story in told for s in story.said
    ]
    assert max(moments) <= UNTIL
    assert min(moments) > UNTIL - timedelta(days=91)


def test_more_than_sixty_classes_come_up_and_all_are_in_the_shipped_tables(told: list[Story]) -> None:
    shipped = {row.code for row in (*read_matters(), *read_local_matters())}
    conditions = {(row.matter_code, row.ordinal) for row in read_conditions()}
    used = {story.matter_code for story in told if story.matter_code}
    assert len(used) >= 60
    assert used <= shipped
    assert {(t.code, ordinal) for t in TEMPLATES for ordinal, _ in t.conditions} <= conditions
    assert all((s.matter_code, s.condition) in conditions for s in told if s.matter_code)


def test_every_queue_has_something_in_it_and_some_of_it_is_late(told: list[Story]) -> None:
    stages = Counter(story.stage for story in told)
    for stage in (
        Stage.RECEIVED,
        Stage.VERIFYING,
        Stage.FILED,
        Stage.DISPATCHED,
        Stage.HANDLING,
        Stage.CHECKING,
        Stage.PASSED,
    ):
        assert stages[stage] >= 2, stage
    assert stages[Stage.CLOSED] > 0.75 * len(told)
    late = Counter(story.stage for story in told if story.late)
    assert 3 <= late[Stage.HANDLING] <= 40
    assert 0.05 < late[Stage.CLOSED] / stages[Stage.CLOSED] < 0.25


def walk(story: Story) -> None:
    """Follow a story's steps through the table: every step must be allowed at the stage it is taken."""
    report: dict[int, str] = {}
    case = ""
    for step in story.steps:
        if step.verb == "add":
            continue
        row = BY_VERB[step.verb]
        stage = report.get(step.report, "") if row.subject == "report" else case
        if step.verb != "receive":
            assert stage in row.sources, (step, stage)
        if step.verb == "find":
            report[step.report] = Stage.RECEIVED
        elif row.subject == "report" and row.target:
            report[step.report] = row.target
        elif row.subject == "case" and row.target:
            case = STAGE_AFTER_CASE_STEP[step.verb]
        if step.verb == "file":
            case = Stage.FILED
        if step.verb == "join":
            assert case not in ("", Stage.CLOSED), step
        if step.verb == "rate":
            assert case in ("", Stage.CLOSED), step
    assert story.stage == (case or report[0])


def test_every_story_is_a_road_through_the_workflow_table(told: list[Story]) -> None:
    for story in told:
        assert story.steps[0].verb == "receive"
        assert [step.at for step in story.steps] == sorted(step.at for step in story.steps)
        walk(story)


def test_what_goes_wrong_in_life_goes_wrong_here(told: list[Story]) -> None:
    verbs = Counter(step.verb for story in told for step in story.steps)
    for verb in (
        "send_back",
        "recall",
        "fail_check",
        "reopen",
        "join",
        "decline",
        "answer",
        "rate",
        "correct_report",
        "add",
    ):
        assert verbs[verb] >= 5, verb
    assert verbs["fail_check"] < 0.15 * verbs["finish"]
    assert any(len(story.said) >= 3 for story in told)


def test_steps_are_taken_by_people_whose_posts_allow_them(told: list[Story], district: District) -> None:
    everybody = {person.account: person for person in people(district)}
    for story in told:
        grid = story.said[0].grid_code
        unit, handler = "", ""
        for step in story.steps:
            unit = str(step.extra["unit"]) if step.verb == "dispatch" else unit
            if not step.by:
                continue
            person = everybody[step.by]
            roles = {Role(post.role) for post in person.posts}
            if step.verb == "receive":
                continue
            row = BY_VERB[step.verb]
            assert roles & (row.roles | row.unit_roles | row.grid_roles), step
            if row.unit_roles:
                assert person.unit_code == unit
            if row.grid_roles:
                assert any(post.area_code.startswith(grid[:12]) for post in person.posts)
            handler = step.by if step.verb == "finish" else handler
            if step.verb in ("pass_check", "fail_check"):
                assert step.by != handler


def test_cases_go_to_the_unit_the_duty_list_names(told: list[Story]) -> None:
    rows = {(row.matter_code, row.ordinal): row for row in read_conditions()}
    for story in told:
        dispatches = [step for step in story.steps if step.verb == "dispatch"]
        if story.matter_code and dispatches and story.stage in (Stage.CLOSED, Stage.PASSED, Stage.CHECKING):
            row = rows[story.matter_code, story.condition]
            community = story.said[0].grid_code[:12]
            expected = units.responsible_unit(row.unit_role, row.matter_code, community)
            assert dispatches[-1].extra["unit"] == expected == story.unit_code


def test_reasons_are_in_the_shipped_lists(told: list[Story]) -> None:
    reasons = {row.code for row in read_reasons()} | {row.code for row in read_exclusions()}
    used = {str(step.extra["reason"]) for story in told for step in story.steps if "reason" in step.extra}
    assert used
    assert used <= reasons


def test_reports_are_in_the_district_in_words_without_loose_slots(
    told: list[Story], district: District
) -> None:
    county = district.at_level("county")[0].geometry
    assert county is not None
    texts: Counter[str] = Counter()
    for said in (said for story in told for said in story.said):
        assert county.buffer(0.002).contains(shapely.Point(said.lon, said.lat))
        assert said.text
        assert said.address
        assert not re.search(r"[{}]", said.text + said.address)
        assert said.channel in Report.Channel.values
        assert said.kind in Report.Kind.values
        assert not said.scene or said.scene in SCENES
        assert not said.contact_phone or said.contact_phone.startswith("1400555")
        texts[said.text] += 1
    assert len(texts) > 0.9 * sum(texts.values())


def test_each_report_has_its_own_key_that_stays_the_same(told: list[Story], district: District) -> None:
    keys = [said.key for story in told for said in story.said]
    assert len(keys) == len(set(keys))
    assert list(stories(district, until=UNTIL)) == told


def test_lamps_are_reported_in_the_dark_and_snow_only_in_winter(district: District) -> None:
    winter = list(stories(district, until=datetime(2026, 2, 10, 9, tzinfo=SHANGHAI), days=40))
    assert any(story.matter_code == "10001" for story in winter)
    summer = list(stories(district, until=datetime(2026, 7, 31, 21, tzinfo=SHANGHAI), days=40))
    assert not any(story.matter_code == "10001" for story in summer)
    by_hour: dict[bool, int] = defaultdict(int)
    for story in winter + summer:
        if story.matter_code == "01037" and story.condition == 2 and story.said[0].channel == "web":
            by_hour[story.begun.hour >= 18 or story.begun.hour < 6] += 1
    assert by_hour[True] > 2 * by_hour[False]


def test_the_night_desk_leaves_its_queue_to_the_morning(district: District) -> None:
    night = list(stories(district, until=datetime(2026, 11, 23, 23, 50, tzinfo=SHANGHAI), days=3))
    assert sum(story.stage == Stage.RECEIVED for story in night) >= 10


def test_office_hours_skip_nights_and_weekends() -> None:
    friday = datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI)
    assert hours.office(friday, 2) == datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
    assert hours.desk(friday.replace(hour=19, minute=50), 30) == datetime(
        2026, 11, 21, 8, 20, tzinfo=SHANGHAI
    )
    assert hours.limit(friday, "urgent_hours", 2, 0.5) == friday + timedelta(hours=1)
    assert hours.limit(friday, "working_days", 1, 1) == datetime(2026, 11, 23, 17, 0, tzinfo=SHANGHAI)
