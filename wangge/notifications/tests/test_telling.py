"""Colleagues are told once, inside the platform, and nothing that belongs to a person is said."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from wangge.accounts.models import Account
from wangge.notifications import queries
from wangge.notifications.actions import About, Many, Word, call_off, hush, mark_all_read, mark_read, pass_on
from wangge.notifications.models import Notice
from wangge.notifications.tests.conftest import FACTS, NOON, tell
from wangge.notifications.wordings import GAPS, all_wordings, say


def test_the_same_happening_tells_a_person_once(colleague: Account) -> None:
    assert tell(colleague) == 1
    assert tell(colleague) == 0
    assert Notice.objects.count() == 1


def test_two_happenings_are_two_notices(colleague: Account) -> None:
    assert tell(colleague, "event:1") + tell(colleague, "event:2") == 2


MANY = Many("digest", "/notices/")


def test_many_alike_at_once_are_one_notice_with_their_number(colleague: Account) -> None:
    for number in range(97):
        at = NOON + timedelta(seconds=number)
        assert tell(colleague, f"event:{number}", at=at, many=MANY) == 1
        assert tell(colleague, f"event:{number}", at=at, many=MANY) == 0, "harmless twice"
    later = NOON + timedelta(minutes=2)
    [one] = queries.shown(colleague, later)
    assert (one.wording, one.words, one.link) == ("digest", {"count": 97}, "/notices/")
    assert queries.unread_count(colleague, later) == 1
    mark_read(colleague, one.pk, at=later)
    assert queries.unread_count(colleague, later) == 0


def test_those_told_in_one_breath_are_one_at_once(colleague: Account) -> None:
    words = [Word([colleague], "corrected", FACTS, About(), f"event:{n}", many=MANY) for n in range(5)]
    assert pass_on(words, at=NOON) == 5
    assert pass_on(words, at=NOON) == 0
    [one] = queries.shown(colleague, NOON)
    assert one.words == {"count": 5}


def test_what_comes_alone_later_or_after_reading_is_told_by_itself(colleague: Account) -> None:
    tell(colleague, "event:1", many=MANY)
    tell(colleague, "event:2", at=NOON + timedelta(minutes=16), many=MANY)
    assert [one.wording for one in queries.shown(colleague, NOON + timedelta(hours=1))] == ["corrected"] * 2
    mark_all_read(colleague, until=NOON + timedelta(hours=1), at=NOON + timedelta(minutes=17))
    tell(colleague, "event:3", at=NOON + timedelta(minutes=18), many=MANY)
    assert queries.unread_count(colleague, NOON + timedelta(hours=1)) == 1


def test_what_is_urgent_or_confidential_is_never_one_of_many(colleague: Account) -> None:
    for number in range(3):
        tell(colleague, f"urgent:{number}", many=MANY, urgent=True)
        tell(colleague, f"secret:{number}", many=MANY, confidential=True)
    assert queries.unread_count(colleague, NOON) == 6


def test_a_closed_account_is_told_nothing(colleague: Account) -> None:
    colleague.is_active = False
    assert tell(colleague) == 0


def test_a_reminder_is_not_shown_before_its_moment(colleague: Account) -> None:
    tell(colleague, not_before=NOON + timedelta(hours=3))
    assert queries.unread_count(colleague, NOON) == 0
    assert queries.unread_count(colleague, NOON + timedelta(hours=3)) == 1


def test_a_reminder_of_what_is_done_is_called_off(colleague: Account) -> None:
    case = uuid4()
    about = About("case", case, "/cases/1/")
    tell(colleague, "event:1", about=about)
    tell(colleague, "reminder:1", about=about, not_before=NOON + timedelta(hours=3))
    call_off(subject_id=case, wordings=["corrected"], at=NOON)
    assert [notice.source for notice in Notice.objects.all()] == ["event:1"]


def test_words_that_do_not_fit_are_a_fault_of_the_program(colleague: Account) -> None:
    with pytest.raises(ValueError, match="takes"):
        tell(colleague, words={**FACTS, "name": "张三"})
    with pytest.raises(ValueError, match="no wording"):
        tell(colleague, wording="gossip")


def test_a_notice_speaks_the_readers_language() -> None:
    chinese, english = (say("corrected", FACTS, language) for language in ("zh-hans", "en"))
    assert chinese.sentence == "路灯，甲网格（2026-0000001）"
    assert english.sentence == "Lamp, 甲网格 (2026-0000001)"


def test_a_moment_is_told_in_the_installations_time() -> None:
    said = say("dispatched", {**FACTS, "due": "2026-06-12T09:00:00+00:00"}, "en")
    assert said.sentence.endswith("To be handled by 06-12 17:00.")


@pytest.mark.parametrize("name", sorted(all_wordings()))
def test_no_wording_has_a_gap_for_a_person_and_each_can_be_said(name: str) -> None:
    wording = all_wordings()[name]
    assert wording.gaps <= GAPS
    for language in ("zh-hans", "en"):
        said = say(name, dict.fromkeys(wording.gaps, ""), language)
        assert said.heading
        assert "%(" not in said.heading + said.sentence
        with translation.override(language):
            assert len(str(wording.heading)) <= 40


def test_facts_an_older_release_did_not_store_leave_a_notice_that_says_nothing() -> None:
    assert say("dispatched", {"number": "1"}, "en").heading == "News of a confidential matter"


def test_a_confidential_matter_is_only_announced(colleague: Account) -> None:
    tell(colleague, confidential=True)
    notice = Notice.objects.get()
    assert (notice.wording, notice.words) == ("confidential", {})


def test_what_was_told_loses_its_facts_when_the_matter_becomes_confidential(colleague: Account) -> None:
    case = uuid4()
    about = About("case", case, "/cases/1/")
    tell(colleague, "event:1", about=about)
    tell(colleague, "event:1", about=about, wording="suspended")
    tell(colleague, "event:2", about=About("case", uuid4(), "/cases/2/"))
    hush(subject_id=case)
    hush(subject_id=case)
    left = [(notice.source, notice.wording, notice.words) for notice in Notice.objects.order_by("source")]
    assert left == [("event:1", "confidential", {}), ("event:2", "corrected", FACTS)]


def test_reading_one_and_reading_all(colleague: Account) -> None:
    for hour in range(3):
        tell(colleague, f"event:{hour}", at=NOON + timedelta(hours=hour))
    later = NOON + timedelta(hours=5)
    first = Notice.objects.get(source="event:0")
    assert mark_read(colleague, first.pk, at=later) is not None
    assert queries.unread_count(colleague, later) == 2
    assert mark_all_read(colleague, until=NOON + timedelta(hours=1), at=later) == 1
    assert queries.unread_count(colleague, later) == 1  # what came after the page was drawn stays new


def test_nobody_reads_the_notices_of_others(colleague: Account, system: Account) -> None:
    tell(colleague)
    assert mark_read(system, Notice.objects.get().pk, at=NOON) is None
    assert queries.unread_count(colleague, NOON) == 1


def test_the_count_stops_at_a_hundred(colleague: Account) -> None:
    rows = [Notice(recipient=colleague, source=f"e:{n}", wording="test", shown_at=NOON) for n in range(150)]
    Notice.objects.bulk_create(rows)
    assert queries.unread_count(colleague, NOON) == 100
