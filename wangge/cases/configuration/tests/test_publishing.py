"""From a draft to a version: who may, what stands in the way, what running cases keep, and that it is all or nothing."""

from datetime import timedelta
from decimal import Decimal
from unittest import mock

import pytest

from wangge.accounts.models import Account
from wangge.audit.models import AccessEntry
from wangge.cases import actions, clocks
from wangge.cases.configuration import drafts, dry_run, publishing, versions
from wangge.cases.configuration.content import published
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.tables import TABLES
from wangge.cases.configuration.tests.conftest import add, change, publish, row_of, wanted_of
from wangge.cases.escalation.planning import read_book
from wangge.cases.models import (
    ClockKind,
    ConfigDraft,
    ConfigVersion,
    FilingCondition,
    Ladder,
    ReminderRule,
    StageLimit,
)
from wangge.cases.tests.cast import LAMP, NOON, Cast
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused

LAMP_OUT = f"{LAMP}|2"


def test_a_draft_changes_nothing_until_it_is_published(draft: ConfigDraft, admin: Account) -> None:
    before = published()
    change(draft, "conditions", LAMP_OUT, limit="1工作日", by=admin)
    assert published() == before
    version = publish(draft, by=admin)
    assert row_of("conditions", LAMP_OUT)["limit"] == ["working_days", "1"]
    assert (version.number, version.published_by, version.note) == (2, admin, "会议决定")
    assert versions.content_of(ConfigVersion.objects.get(number=1)) == before
    draft.refresh_from_db()
    assert not draft.is_open
    assert AccessEntry.objects.filter(act="configuration_published", account=admin).count() == 1


def test_a_running_case_keeps_its_limit_and_its_version(
    cast: Cast, draft: ConfigDraft, admin: Account
) -> None:
    assert cast.lamps.duty_rows.exists()
    first = versions.note_outside_changes(at=NOON)
    case = cast.case_at(Stage.HANDLING)
    due = case.due_at
    change(draft, "conditions", LAMP_OUT, limit="1工作日", by=admin)
    second = publish(draft, by=admin)
    case.refresh_from_db()
    assert (case.limit_amount, case.due_at, case.config_version) == (Decimal(2), due, first.number)
    condition = FilingCondition.objects.get(matter__code=LAMP, ordinal=2)
    later = cast.report(at=NOON + timedelta(hours=6))
    fresh = actions.file_report(later, condition=condition, by=cast.duty_chief, at=NOON + timedelta(hours=7))
    assert (fresh.limit_amount, fresh.config_version) == (Decimal(1), second.number)
    assert second.number == first.number + 1


def test_nobody_but_a_system_administrator_drafts_or_publishes(
    cast: Cast, draft: ConfigDraft, admin: Account
) -> None:
    change(draft, "conditions", LAMP_OUT, limit="1工作日", by=admin)
    for person in cast.everyone.values():
        with pytest.raises(Refused):
            drafts.open_draft("不行", by=person, at=NOON)
        with pytest.raises(Refused):
            change(draft, "conditions", LAMP_OUT, limit="3工作日", by=person)
        with pytest.raises(Refused):
            dry_run.try_out(draft, by=person, at=NOON)
        with pytest.raises(Refused):
            publishing.publish(draft, note="x", by=person, at=NOON)
    assert ConfigVersion.objects.count() == 0
    assert row_of("conditions", LAMP_OUT)["limit"] == ["working_days", "2"]


def test_what_was_not_tried_is_not_published(draft: ConfigDraft, admin: Account) -> None:
    change(draft, "conditions", LAMP_OUT, limit="1工作日", by=admin)
    with pytest.raises(Refused, match="dry run"):
        publishing.publish(draft, note="x", by=admin, at=NOON)
    dry_run.try_out(draft, by=admin, at=NOON + timedelta(minutes=1))
    change(draft, "conditions", LAMP_OUT, limit="3工作日", by=admin, at=NOON + timedelta(minutes=2))
    with pytest.raises(Refused, match="dry run"):
        publishing.publish(draft, note="x", by=admin, at=NOON + timedelta(minutes=3))


def test_a_draft_without_a_note_or_without_a_change_is_not_published(
    draft: ConfigDraft, admin: Account
) -> None:
    with pytest.raises(Refused, match="changes nothing"):
        publishing.publish(draft, note="x", by=admin, at=NOON)
    change(draft, "conditions", LAMP_OUT, limit="1工作日", by=admin)
    dry_run.try_out(draft, by=admin, at=NOON + timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        publishing.publish(draft, note="  ", by=admin, at=NOON + timedelta(minutes=2))
    assert refused.value.field == "note"


def test_killed_halfway_nothing_is_published(draft: ConfigDraft, admin: Account) -> None:
    change(draft, "conditions", LAMP_OUT, limit="1工作日", by=admin)
    change(draft, "limits", "accept", limit="1工作时", by=admin)
    before = published()
    dry_run.try_out(draft, by=admin, at=NOON + timedelta(minutes=1))
    with (
        mock.patch.object(versions, "record", side_effect=[mock.DEFAULT, KeyboardInterrupt]),
        pytest.raises(KeyboardInterrupt),
    ):
        publishing.publish(draft, note="x", by=admin, at=NOON + timedelta(minutes=2))
    assert published() == before
    draft.refresh_from_db()
    assert draft.is_open
    assert ConfigVersion.objects.count() == 0


def test_it_takes_effect_on_its_day_and_not_before(
    draft: ConfigDraft, admin: Account, colleague: Account
) -> None:
    change(draft, "limits", "accept", limit="1工作时", by=admin)
    dry_run.try_out(draft, by=colleague, at=NOON + timedelta(minutes=1))
    due = NOON + timedelta(days=3)
    publishing.publish_later(draft, note="下周起", due_at=due, by=colleague, at=NOON + timedelta(minutes=2))
    with pytest.raises(Refused, match="waits for its day"):
        change(draft, "limits", "accept", limit="2工作时", by=admin)
    assert publishing.publish_due(at=due - timedelta(minutes=1)) == 0
    assert publishing.publish_due(at=due) == 1
    assert publishing.publish_due(at=due) == 0
    clocks.look_again()
    assert clocks.stage_limit(ClockKind.ACCEPT).amount == Decimal(1)
    version = ConfigVersion.objects.latest("number")
    assert (version.published_by, version.published_at, version.note) == (colleague, due, "下周起")


def test_what_cannot_take_effect_on_its_day_stays_and_says_why(draft: ConfigDraft, admin: Account) -> None:
    change(draft, "limits", "accept", limit="1工作时", by=admin)
    dry_run.try_out(draft, by=admin, at=NOON + timedelta(minutes=1))
    due = NOON + timedelta(days=3)
    publishing.publish_later(draft, note="下周起", due_at=due, by=admin, at=NOON + timedelta(minutes=2))
    StageLimit.objects.filter(clock="accept").update(limit_amount=7)
    assert publishing.publish_due(at=due) == 0
    draft.refresh_from_db()
    assert draft.is_open
    assert "published otherwise" in draft.failure
    publishing.take_decision_back(draft, by=admin, at=due)
    drafts.keep_anyway(draft, TABLES["limits"], "accept", by=admin, at=due)
    assert publish(draft, by=admin, at=due).number == 2  # 1 is what stood there, changed outside the pages


def test_two_editors_of_one_row_the_second_is_told_and_loses_nothing(
    draft: ConfigDraft, admin: Account, colleague: Account
) -> None:
    table = TABLES["limits"]
    row = {"clock": "accept", "limit": ["working_hours", "1"]}
    drafts.change_row(draft, table, row, key="accept", seen=0, by=admin, at=NOON)
    with pytest.raises(drafts.StaleRow, match="管理员小何"):
        drafts.change_row(
            draft,
            table,
            {**row, "limit": ["working_hours", "2"]},
            key="accept",
            seen=0,
            by=colleague,
            at=NOON,
        )
    drafts.change_row(
        draft, table, {**row, "limit": ["working_hours", "2"]}, key="accept", seen=1, by=colleague, at=NOON
    )
    kept = draft.changes.get()
    assert (wanted_of(draft)["limit"], kept.by, kept.revision) == (["working_hours", "2"], colleague, 2)


def test_two_drafts_about_one_row_the_second_must_decide(admin: Account, colleague: Account) -> None:
    one, other = (drafts.open_draft(title, by=admin, at=NOON) for title in ("甲", "乙"))
    change(one, "limits", "accept", limit="1工作时", by=admin)
    change(other, "limits", "accept", limit="2工作时", by=colleague)
    publish(one, by=admin)
    with pytest.raises(Refused, match="published otherwise"):
        publish(other, by=colleague)
    drafts.keep_anyway(other, TABLES["limits"], "accept", by=colleague, at=NOON)
    publish(other, by=colleague)
    assert row_of("limits", "accept")["limit"] == ["working_hours", "2"]


def test_going_back_is_a_new_draft_that_says_what_the_old_version_said(
    draft: ConfigDraft, admin: Account
) -> None:
    before = published()
    change(draft, "conditions", LAMP_OUT, limit="1工作日", by=admin)
    add(
        draft,
        "exclusions",
        code="noise_old",
        ordinal="99",
        text="旧的噪声投诉",
        advice="请拨打12345。",
        by=admin,
    )
    change(draft, "crosswalk", next(iter(before["crosswalk"])), certain="no", by=admin)
    publish(draft, by=admin)
    back = drafts.open_draft("改回", by=admin, at=NOON, like=ConfigVersion.objects.get(number=1))
    publish(back, by=admin, at=NOON + timedelta(hours=1))
    now = published()
    kept = now["exclusions"].pop("noise_old")
    assert kept["in_force"] is False  # reports of the past may name it
    assert now == before


def test_a_row_is_taken_away_or_taken_out_of_force(draft: ConfigDraft, admin: Account) -> None:
    crossing = next(iter(published()["crosswalk"]))
    drafts.remove_row(draft, TABLES["crosswalk"], crossing, by=admin, at=NOON)
    drafts.remove_row(draft, TABLES["reasons"], "weather", by=admin, at=NOON)
    with pytest.raises(Refused, match="not taken away"):
        drafts.remove_row(draft, TABLES["limits"], "accept", by=admin, at=NOON)
    publish(draft, by=admin)
    assert crossing not in published()["crosswalk"]
    assert row_of("reasons", "weather")["in_force"] is False


def test_a_ladder_and_its_rungs_are_written_together(draft: ConfigDraft, admin: Account, cast: Cast) -> None:
    assert cast.overseer.is_active
    add(draft, "ladders", code="filing", name="立案超期", clock="file", by=admin)
    add(
        draft, "rungs", ladder="filing", ordinal="1", after_percent="100", role="duty_chief", fallback="overseer",
        by=admin,
    )  # fmt: skip
    publish(draft, by=admin)
    rung = Ladder.objects.get(code="filing").rungs.get()
    assert (rung.after_percent, rung.role, rung.fallback_account) == (100, "duty_chief", cast.overseer)


def test_an_edit_back_to_what_is_published_is_no_change(draft: ConfigDraft, admin: Account) -> None:
    change(draft, "limits", "accept", limit="1工作时", by=admin)
    change(draft, "limits", "accept", limit="0.5工作时", by=admin)
    assert not draft.changes.exists()


def test_a_given_up_draft_is_closed(draft: ConfigDraft, admin: Account) -> None:
    drafts.discard(draft, by=admin, at=NOON)
    with pytest.raises(Refused, match="no longer open"):
        change(draft, "limits", "accept", limit="1工作时", by=admin)


def test_reminders_are_drafted_like_everything_else_and_hold_from_publication(
    cast: Cast, draft: ConfigDraft, admin: Account
) -> None:
    shipped = set(ReminderRule.objects.filter(clock="handle").values_list("pk", flat=True))
    key = next(key for key, row in TABLES["reminders"].load().items() if row["clock"] == "handle")
    change(draft, "reminders", key, in_force="no", by=admin)
    assert (
        add(draft, "reminders", clock="handle", before_hours="2.50", in_force="yes", by=admin)
        == "handle||2.5"
    )
    assert (
        set(ReminderRule.objects.filter(clock="handle", in_force=True).values_list("pk", flat=True))
        == shipped
    )
    publish(draft, by=admin)
    new = ReminderRule.objects.exclude(pk__in=shipped).get(clock="handle")
    assert (new.after_percent, new.before_hours, new.in_force) == (None, Decimal("2.5"), True)
    assert ReminderRule.objects.filter(pk__in=shipped, in_force=False).count() == 1
    assert new in read_book().rules["handle"]


@pytest.mark.parametrize("both", [{}, {"after_percent": "80", "before_hours": "1"}])
def test_a_reminder_says_when_in_one_way(cast: Cast, both: dict[str, str]) -> None:
    row, faults = drafts.read_row(
        TABLES["reminders"], {"clock": "handle", "in_force": "yes", **both}, Facts()
    )
    assert faults == {}
    with pytest.raises(Refused, match="either"):
        TABLES["reminders"].check(row)


@pytest.mark.parametrize("wrong", ["0", "-1", "1.005", "1000", "bald"])
def test_hours_before_the_end_are_a_number(cast: Cast, wrong: str) -> None:
    texts = {"clock": "handle", "before_hours": wrong, "in_force": "yes"}
    assert "before_hours" in drafts.read_row(TABLES["reminders"], texts, Facts())[1]
