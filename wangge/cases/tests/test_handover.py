"""A shift is handed over: numbers as they stood, what to watch, matters pinned; the next chief confirms by name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from wangge.accounts.models import Account, Role
from wangge.cases import actions
from wangge.cases.models import Case, Handover
from wangge.cases.queries.handover import Tally, numbers_for, pinned_in
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db

EVENING = NOON + timedelta(hours=10)


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.case_at(Stage.HANDLING)


def next_chief(cast: Cast) -> Account:
    return cast.person("chief2", "值班长老孙", Role.DUTY_CHIEF, cast.place.county, cast.centre)


def write(cast: Cast, *pinned: Case) -> Handover:
    return actions.write_handover(
        cast.place.county,
        watch="夜间暴雨",
        words="一切正常",
        pinned=pinned,
        by=cast.duty_chief,
        at=EVENING,
    )


def test_the_numbers_are_frozen_as_they_stood(cast: Cast, case: Case) -> None:
    cast.report()
    handover = write(cast, case)
    cast.report()

    kept = Handover.objects.get().numbers
    assert (kept["received"], kept["handling"], kept["late"]) == (1, 1, 1)
    assert kept["supervised"] == 0
    assert handover.pins.get().stage == "handling"


def test_confidential_matters_are_counted_for_those_who_are_let_in_only(cast: Cast, case: Case) -> None:
    chief = next_chief(cast)
    actions.hide_case(
        case, handlers=[cast.duty_chief, cast.clerk], by=cast.duty_chief, at=NOON + timedelta(hours=5)
    )
    cast.report(confidential=True)  # nobody is named yet: the duty chiefs of the place are let in
    handover = write(cast)
    assert (handover.numbers["handling"], handover.numbers["received"]) == (0, 0), "what everybody may know"

    def told(person: Account, queue: str) -> int:
        return numbers_for(person, Tally(handover.numbers, handover.confidential))[queue]

    assert (told(cast.duty_chief, "handling"), told(cast.duty_chief, "received")) == (1, 1)
    assert (told(chief, "handling"), told(chief, "received")) == (0, 1)
    assert (told(cast.acceptor, "handling"), told(cast.acceptor, "received")) == (0, 0)
    page = at_desk(chief).get(f"/desk/handovers/{handover.pk}/")
    assert {one.code: one.number for one in page.context["numbers"]}["handling"] == 0
    own = at_desk(cast.duty_chief).get("/desk/handovers/new/")
    assert {one.code: one.number for one in own.context["numbers"]}["handling"] == 1


def test_whoever_is_let_in_later_counts_what_the_writer_could_not(cast: Cast, case: Case) -> None:
    chief = next_chief(cast)
    actions.hide_case(case, handlers=[chief, cast.clerk], by=cast.duty_chief, at=NOON + timedelta(hours=5))
    handover = write(cast)
    tally = Tally(handover.numbers, handover.confidential)
    assert (numbers_for(cast.duty_chief, tally)["handling"], numbers_for(chief, tally)["handling"]) == (0, 1)


def test_supervised_cases_are_counted(cast: Cast, case: Case) -> None:
    actions.supervise(case, words="请抓紧", by=cast.overseer, at=NOON + timedelta(hours=5))
    assert write(cast).numbers["supervised"] == 1


def test_the_next_chief_confirms_by_name_and_only_once(cast: Cast, case: Case) -> None:
    handover, chief = write(cast, case), next_chief(cast)
    actions.confirm_handover(handover, by=chief, at=EVENING + timedelta(minutes=5), remark="多一件")

    kept = Handover.objects.get()
    assert (kept.confirmed_by, kept.remark) == (chief, "多一件")
    with pytest.raises(Refused):
        actions.confirm_handover(handover, by=chief, at=EVENING + timedelta(minutes=6))


def test_whoever_wrote_it_cannot_confirm_it(cast: Cast) -> None:
    handover = write(cast)
    with pytest.raises(Refused, match="接班"):
        actions.confirm_handover(handover, by=cast.duty_chief, at=EVENING + timedelta(minutes=5))
    with pytest.raises(IntegrityError, match="handover_confirmed_by_another"), transaction.atomic():
        Handover.objects.update(confirmed_at=EVENING + timedelta(hours=1), confirmed_by=cast.duty_chief)


@pytest.mark.parametrize("who", ["acceptor", "dispatcher", "overseer", "stranger", "clerk"])
def test_nobody_else_writes_or_confirms(cast: Cast, who: str) -> None:
    handover, person = write(cast), getattr(cast, who)
    with pytest.raises(Refused):
        actions.confirm_handover(handover, by=person, at=EVENING + timedelta(minutes=5))
    with pytest.raises(Refused):
        actions.write_handover(cast.place.county, watch="", words="", pinned=(), by=person, at=EVENING)


def test_one_handover_of_a_desk_waits_at_a_time(cast: Cast) -> None:
    write(cast)
    with pytest.raises(Refused):
        write(cast)
    assert Handover.objects.count() == 1


def test_a_confidential_matter_is_pinned_by_its_number_only(cast: Cast, case: Case) -> None:
    chief = next_chief(cast)
    actions.hide_case(
        case, handlers=[cast.duty_chief, cast.clerk], by=cast.duty_chief, at=NOON + timedelta(hours=5)
    )
    handover = write(cast, case)

    assert pinned_in(handover, cast.duty_chief, EVENING)[0].row is not None
    assert (pinned_in(handover, chief, EVENING)[0].row, pinned_in(handover, chief, EVENING)[0].number) == (
        None,
        case.number,
    )


# -- Pages ---------------------------------------------------------------------------------------------------


def test_a_shift_is_handed_over_on_the_pages(cast: Cast, case: Case) -> None:
    chief = next_chief(cast)
    browser = at_desk(cast.duty_chief)
    drawn = words_of(browser.get("/desk/handovers/new/"))
    assert case.number in drawn  # overdue by now: proposed to be pinned

    sent = browser.post(
        "/desk/handovers/new/", {"watch": "夜间暴雨", "words": "", "pin": [case.number], "more": ""}
    )
    assert sent.status_code == 302
    assert "确认接班" not in words_of(browser.get(sent["Location"]))

    taking_over = at_desk(chief)
    assert "夜间暴雨" in words_of(taking_over.get(sent["Location"]))
    assert taking_over.post(sent["Location"], {"remark": ""}).status_code == 302
    record = words_of(taking_over.get("/desk/handovers/"))
    assert "值班长老王" in record
    assert "值班长老孙" in record


def test_an_unknown_number_is_named_and_every_word_is_kept(cast: Cast, case: Case) -> None:
    sent = at_desk(cast.duty_chief).post(
        "/desk/handovers/new/",
        {"watch": "夜间暴雨", "words": "", "pin": [case.number], "more": "2026-0099999"},
    )

    assert sent.status_code == 422
    page = sent.content.decode()
    assert "2026-0099999" in str(sent.context["form"].errors["more"])
    assert "夜间暴雨" in page
    assert f'value="{case.number}" checked' in page
    assert not Handover.objects.exists()


def test_the_desk_reads_the_record_and_strangers_find_nothing(cast: Cast) -> None:
    handover = write(cast)

    assert at_desk(cast.acceptor).get(f"/desk/handovers/{handover.pk}/").status_code == 200
    assert at_desk(cast.acceptor).get("/desk/handovers/new/").status_code == 403
    assert at_desk(cast.stranger).get(f"/desk/handovers/{handover.pk}/").status_code == 404
    assert at_desk(cast.clerk).get("/desk/handovers/").status_code == 403
