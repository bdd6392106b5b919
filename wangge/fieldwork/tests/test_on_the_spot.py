"""What a worker finds on the spot, with and without a good network."""

from datetime import UTC, datetime

import pytest

from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.tests import samples
from wangge.audit.models import Event
from wangge.audit.relay import relay_all
from wangge.audit.verification import verify_events
from wangge.cases.tests.cast import IN_GRID_A, Cast
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused
from wangge.fieldwork import actions
from wangge.fieldwork.models import Outcome, Task
from wangge.fieldwork.tests.conftest import SignIn, photo

pytestmark = pytest.mark.django_db

HERE = (*IN_GRID_A, 12.5)
SHOT_AT = datetime(2026, 6, 10, 7, 30, tzinfo=UTC)


def test_a_confirmed_report_goes_back_to_the_desk_with_photo_place_and_time(
    staffed: Cast, verification: Task
) -> None:
    refused = actions.do_verification(
        verification, confirmed=True, by=staffed.grid_worker, note="确实不亮", photos=[photo()],
        position=HERE, device_at=SHOT_AT,
    )  # fmt: skip

    assert not refused
    report = verification.report
    assert report
    assert (report.stage, report.finding) == (Stage.RECEIVED, "confirmed")
    event = Event.objects.get(verb="find")
    assert event.payload.data["position"] == list(HERE)
    assert event.payload.data["device_at"] == SHOT_AT.isoformat()
    kept = Attachment.objects.get(subject_id=report.pk)
    assert (kept.purpose, kept.event_id, kept.uploaded_by_id) == (
        Purpose.EVIDENCE,
        event.pk,
        staffed.grid_worker.pk,
    )
    assert (verification.outcome, verification.done_by) == (Outcome.CONFIRMED, staffed.grid_worker)
    assert list(verify_events()) == []


def test_a_refuted_report_needs_a_word(staffed: Cast, verification: Task) -> None:
    with pytest.raises(Refused) as refused:
        actions.do_verification(verification, confirmed=False, by=staffed.grid_worker, note="  ")
    assert refused.value.field == "note"
    actions.do_verification(verification, confirmed=False, by=staffed.grid_worker, note="灯是亮的")
    assert verification.outcome == Outcome.REFUTED


def test_a_passed_check_lets_the_case_be_closed(staffed: Cast, check: Task) -> None:
    actions.do_check(check, passed=True, by=staffed.grid_worker, photos=[photo()], position=HERE)
    assert check.subject.stage == Stage.PASSED
    assert Attachment.objects.get(purpose=Purpose.CHECK).subject_id == check.subject.pk
    relay_all()
    check.refresh_from_db()
    assert (check.outcome, check.done_by) == (Outcome.PASSED, staffed.grid_worker), "the listener comes later"


def test_a_passed_check_needs_a_word_a_photo_or_the_place_where_it_was_seen(
    staffed: Cast, check: Task
) -> None:
    with pytest.raises(Refused) as refused:
        actions.do_check(check, passed=True, by=staffed.grid_worker)
    assert refused.value.field == "note"
    actions.do_check(check, passed=True, by=staffed.grid_worker, position=HERE)
    assert check.subject.stage == Stage.PASSED


@pytest.mark.parametrize(("note", "photos", "field"), [("", True, "note"), ("还是不亮", False, "photos")])
def test_a_failed_check_needs_a_word_and_a_photo(
    staffed: Cast, check: Task, note: str, photos: bool, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        actions.do_check(
            check, passed=False, by=staffed.grid_worker, note=note, photos=[photo()] if photos else []
        )
    assert refused.value.field == field
    check.refresh_from_db()
    assert check.done_at is None
    assert check.subject.stage == Stage.CHECKING


def test_a_bad_photo_is_named_when_the_photo_is_needed(staffed: Cast, check: Task) -> None:
    bad = samples.upload(samples.EXECUTABLE, "shot.jpg")
    with pytest.raises(Refused, match=r"shot\.jpg"):
        actions.do_check(check, passed=False, by=staffed.grid_worker, note="不亮", photos=[bad])


def test_a_failed_check_sends_the_case_back_and_the_next_check_is_a_new_task(
    staffed: Cast, check: Task
) -> None:
    actions.do_check(check, passed=False, by=staffed.grid_worker, note="还是不亮", photos=[photo()])
    case = check.case
    assert case
    assert case.stage == Stage.HANDLING
    staffed.finish(case, case.updated_at)
    relay_all()
    assert [task.outcome for task in Task.objects.order_by("made_at")] == [Outcome.FAILED, ""]


def test_the_second_tap_changes_nothing(staffed: Cast, check: Task) -> None:
    same = Task.objects.get(pk=check.pk)
    actions.do_check(check, passed=True, by=staffed.grid_worker, photos=[photo()])
    with pytest.raises(actions.AlreadyDone):
        actions.do_check(same, passed=True, by=staffed.grid_worker, photos=[photo()])
    assert Attachment.objects.filter(purpose=Purpose.CHECK).count() == 1
    assert Event.objects.filter(verb="pass_check").count() == 1


def test_the_handler_cannot_check_even_with_the_task_in_hand(staffed: Cast, check: Task) -> None:
    case = check.case
    assert case
    case.handler = staffed.grid_worker
    case.save()
    with pytest.raises(Refused):
        actions.do_check(check, passed=True, by=staffed.grid_worker, photos=[photo()])
    check.refresh_from_db()
    assert check.done_at is None
    assert not Attachment.objects.filter(purpose=Purpose.CHECK).exists(), "nothing half done"


def test_a_form_posted_twice_over_a_bad_network_is_one_result(
    staffed: Cast, check: Task, signed_in: SignIn
) -> None:
    browser = signed_in(staffed.grid_worker)
    form = {"outcome": "failed", "note": "还是不亮", "lon": "118.905", "lat": "32.905", "metres": "8"}
    first = browser.post(f"/tasks/{check.pk}/result/", {**form, "photos": photo()})
    second = browser.post(f"/tasks/{check.pk}/result/", {**form, "photos": photo()})

    assert (first.status_code, first["Location"]) == (302, "/tasks/")
    assert (second.status_code, second["Location"]) == (302, f"/tasks/{check.pk}/")
    assert Attachment.objects.filter(purpose=Purpose.CHECK).count() == 1
    assert Event.objects.get(verb="fail_check").payload.data["position"] == [118.905, 32.905, 8.0]
    page = browser.get(second["Location"]).content.decode()
    assert staffed.grid_worker.name in page
    assert 'name="outcome"' not in page, "a done task offers nothing to press"


def test_the_island_is_told_where_to_go_on(staffed: Cast, check: Task, signed_in: SignIn) -> None:
    answer = signed_in(staffed.grid_worker).post(
        f"/tasks/{check.pk}/result/", {"outcome": "passed", "note": "亮了"}, headers={"X-Sending": "1"}
    )
    assert (answer.status_code, answer["Location"]) == (204, "/tasks/")


def test_a_refusal_keeps_the_words(staffed: Cast, check: Task, signed_in: SignIn) -> None:
    answer = signed_in(staffed.grid_worker).post(
        f"/tasks/{check.pk}/result/", {"outcome": "failed", "note": "灯杆歪了"}
    )
    assert answer.status_code == 409
    assert "灯杆歪了" in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("nonsense", ["", "confirmed", "closed"])
def test_a_check_has_only_its_two_outcomes(
    staffed: Cast, check: Task, signed_in: SignIn, nonsense: str
) -> None:
    answer = signed_in(staffed.grid_worker).post(f"/tasks/{check.pk}/result/", {"outcome": nonsense})
    assert answer.status_code == 409
    check.refresh_from_db()
    assert check.done_at is None


@pytest.mark.parametrize(
    "place",
    [{}, {"lon": "118.9"}, {"lon": "nan", "lat": "32", "metres": "5"}, {"lon": "200", "lat": "32", "metres": "5"},
     {"lon": "118", "lat": "32", "metres": "-1"}, {"lon": "118", "lat": "32", "metres": "inf"}],
)  # fmt: skip
def test_a_telephone_without_a_usable_position_can_send_all_the_same(
    staffed: Cast, check: Task, signed_in: SignIn, place: dict[str, str]
) -> None:
    form = {"outcome": "passed", "note": "亮了", "device_at": "yesterday", **place}
    answer = signed_in(staffed.grid_worker).post(f"/tasks/{check.pk}/result/", form)
    assert answer.status_code == 302
    assert not {"position", "device_at"} & set(Event.objects.get(verb="pass_check").payload.data)
