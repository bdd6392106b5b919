"""The pages of a grid worker: who may, who may not, what they see."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone, translation

from wangge.accounts.models import Role
from wangge.attachments import actions as attachments
from wangge.attachments.models import Attachment, Purpose
from wangge.audit.relay import relay_all
from wangge.cases import actions as cases
from wangge.cases.models import Report
from wangge.cases.tests.cast import IN_GRID_A, Cast
from wangge.cases.workflow import Stage
from wangge.fieldwork import actions
from wangge.fieldwork.models import Task
from wangge.fieldwork.tests.conftest import SignIn, photo
from wangge.territory import lookup
from wangge.territory.models import Area, Post

pytestmark = pytest.mark.django_db

WORKERS = {"grid_worker", "neighbour", "far_worker"}
IN_THE_COMMUNITY = {"grid_worker", "neighbour"}


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_only_those_who_work_on_the_street_have_a_list(staffed: Cast, signed_in: SignIn) -> None:
    allowed = {
        name
        for name, person in staffed.everyone.items()
        if signed_in(person).get("/tasks/").status_code == 200
    }
    assert allowed == WORKERS
    for name in set(staffed.everyone) - WORKERS:
        assert signed_in(staffed.everyone[name]).get("/tasks/").status_code == 404


def test_whoever_has_not_signed_in_is_asked_to(verification: Task) -> None:
    for url in ("/tasks/", "/tasks/report/", f"/tasks/{verification.pk}/"):
        answer = Client().get(url)
        assert answer.status_code == 302
        assert "/signin/" in answer["Location"]
    assert Client().post(f"/tasks/{verification.pk}/result/", {"outcome": "confirmed"}).status_code == 302
    verification.refresh_from_db()
    assert verification.done_at is None


def test_a_task_is_seen_in_its_community_only(staffed: Cast, verification: Task, signed_in: SignIn) -> None:
    url = f"/tasks/{verification.pk}/"
    for name, person in staffed.everyone.items():
        expected = 200 if name in IN_THE_COMMUNITY else 404
        assert signed_in(person).get(url).status_code == expected, name
        answer = signed_in(person).post(f"{url}result/", {"outcome": "nothing"})
        assert answer.status_code == (409 if expected == 200 else 404), name


def test_no_task_has_the_id_of_nothing(staffed: Cast, signed_in: SignIn) -> None:
    assert signed_in(staffed.grid_worker).get(f"/tasks/{uuid4()}/").status_code == 404


def test_a_worker_whose_post_ended_finds_nothing(
    staffed: Cast, verification: Task, signed_in: SignIn
) -> None:
    staffed.grid_worker.posts.update(ends_on=timezone.localdate())
    browser = signed_in(staffed.grid_worker)
    assert browser.get("/tasks/").status_code == 404
    assert browser.get(f"/tasks/{verification.pk}/").status_code == 404


def test_the_list_puts_the_own_tasks_before_those_of_colleagues(
    staffed: Cast, verification: Task, signed_in: SignIn
) -> None:
    own = text_of(signed_in(staffed.grid_worker), "/tasks/")
    assert f'data-task="{verification.pk}"' in own
    assert staffed.grid_worker.name not in own.split('class="fw-list"')[1].split("</ul>")[0]
    others = text_of(signed_in(staffed.neighbour), "/tasks/")
    assert f'data-task="{verification.pk}"' in others.split("<details")[-1]


def test_what_nobody_has_is_shown_to_the_community(cast: Cast, signed_in: SignIn) -> None:
    cast.report_at(Stage.VERIFYING)
    relay_all()
    assert Task.objects.get().assignee is None
    for person, seen in ((cast.grid_worker, True), (cast.neighbour, True), (cast.far_worker, False)):
        assert ("data-task=" in text_of(signed_in(person), "/tasks/")) is seen


def test_a_report_without_a_class_has_a_card_and_a_page(staffed: Cast, signed_in: SignIn) -> None:
    report = staffed.report(matter=None, address="", point=IN_GRID_A)
    cases.ask_to_verify(report, by=staffed.acceptor)
    relay_all()
    browser = signed_in(staffed.grid_worker)
    for url in ("/tasks/", f"/tasks/{Task.objects.get().pk}/"):
        assert "fw-kind" in text_of(browser, url)


def test_what_a_colleague_did_elsewhere_leaves_the_list_at_once(
    staffed: Cast, check: Task, signed_in: SignIn
) -> None:
    assert check.case
    cases.pass_check(
        check.case, note="亮了", by=staffed.grid_worker
    )  # on the page of the case; the listener has not run yet
    browser = signed_in(staffed.grid_worker)
    assert "data-task=" not in text_of(browser, "/tasks/")
    assert 'name="outcome"' not in text_of(browser, f"/tasks/{check.pk}/")


def test_an_empty_list_is_friendly(staffed: Cast, signed_in: SignIn) -> None:
    page = text_of(signed_in(staffed.grid_worker), "/tasks/")
    assert "wg-empty" in page
    assert "/tasks/report/" in page


def test_what_was_done_today_is_listed(staffed: Cast, check: Task, signed_in: SignIn) -> None:
    actions.do_check(check, passed=True, note="亮了", by=staffed.grid_worker)
    page = text_of(signed_in(staffed.grid_worker), "/tasks/")
    assert 'class="fw-done"' in page
    assert f'href="/tasks/{check.pk}/"' in page
    assert f'data-task="{check.pk}"' not in page
    assert 'class="fw-done"' not in text_of(signed_in(staffed.neighbour), "/tasks/")


def test_a_check_shows_what_was_wrong_what_was_done_and_when_it_counts_as_mended(
    staffed: Cast, check: Task, signed_in: SignIn
) -> None:
    case = check.case
    assert case
    for person in (staffed.grid_worker, staffed.neighbour):
        page = text_of(signed_in(person), f"/tasks/{check.pk}/")
        for words in (case.condition_text, case.closing_text, case.result, "路灯不亮了", "人民路12号"):
            assert words in page
        after = Attachment.objects.get(subject_id=case.pk)
        assert after.thumb_url in page
        assert re.findall(r'name="outcome" value="(\w+)"', page) == ["failed", "passed"]


def test_the_handler_reads_why_there_is_nothing_to_press(
    staffed: Cast, check: Task, signed_in: SignIn
) -> None:
    case = check.case
    assert case
    case.handler = staffed.grid_worker
    case.save()
    page = text_of(signed_in(staffed.grid_worker), f"/tasks/{check.pk}/")
    assert 'name="outcome"' not in page
    with translation.override("zh-hans"):
        from wangge.fieldwork.views.spot import HANDLED_IT

        assert str(HANDLED_IT) in page


def test_a_page_costs_the_same_however_many_tasks_there_are(
    staffed: Cast, verification: Task, signed_in: SignIn, django_assert_max_num_queries: object
) -> None:
    for _ in range(6):
        staffed.report_at(Stage.VERIFYING)
    relay_all()
    browser = signed_in(staffed.grid_worker)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = text_of(browser, "/tasks/")
    assert page.count("data-task=") == 7


# -- A report from the street -------------------------------------------------------------------------


def form_of(client: Client) -> dict[str, str]:
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', text_of(client, "/tasks/report/"))
    assert key
    return {"key": key[1], "lon": str(IN_GRID_A[0]), "lat": str(IN_GRID_A[1])}


def test_a_worker_reports_from_the_street(staffed: Cast, signed_in: SignIn) -> None:
    browser = signed_in(staffed.grid_worker)
    form = {**form_of(browser), "what": staffed.lamp.name, "text": "灯杆歪了"}
    answer = browser.post("/tasks/report/", {**form, "photos": photo()})

    assert answer["Location"] == "/tasks/"
    report = Report.objects.get()
    assert (report.channel, report.received_by, report.matter) == (
        "worker",
        staffed.grid_worker,
        staffed.lamp,
    )
    assert report.current_grid == staffed.place.grid_a
    assert Attachment.objects.get().purpose == Purpose.REPORT


def test_a_report_sent_twice_is_one_report_with_its_photo_once(staffed: Cast, signed_in: SignIn) -> None:
    browser = signed_in(staffed.grid_worker)
    form = {**form_of(browser), "text": "井盖响"}
    for _ in range(2):
        assert browser.post("/tasks/report/", {**form, "photos": photo()}).status_code == 302
    assert Report.objects.count() == 1
    assert Attachment.objects.count() == 1


def test_a_report_whose_photos_cannot_be_recorded_is_not_there_either_and_a_retry_brings_both(
    staffed: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(staffed.grid_worker)
    form = {**form_of(browser), "text": "井盖响"}
    with monkeypatch.context() as broken:
        broken.setattr(attachments, "record", lambda *_files, **_facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            browser.post("/tasks/report/", {**form, "photos": photo()})
    assert not Report.objects.exists()
    assert browser.post("/tasks/report/", {**form, "photos": photo()}).status_code == 302
    assert Attachment.objects.get().subject_id == Report.objects.get().pk


def test_a_report_that_has_no_photo_yet_takes_those_of_a_retry(staffed: Cast, signed_in: SignIn) -> None:
    browser = signed_in(staffed.grid_worker)
    form = {**form_of(browser), "text": "井盖响"}
    for sent in (form, {**form, "photos": photo()}, {**form, "photos": photo("again.jpg")}):
        assert browser.post("/tasks/report/", sent).status_code == 302
    assert Attachment.objects.get().subject_id == Report.objects.get().pk


def test_another_worker_cannot_reach_into_a_submission(staffed: Cast, signed_in: SignIn) -> None:
    form = {**form_of(signed_in(staffed.grid_worker)), "text": "井盖响"}
    for person in (staffed.grid_worker, staffed.neighbour):
        signed_in(person).post("/tasks/report/", form)
    assert Report.objects.count() == 2


def test_words_that_fit_several_classes_ask_which_one(staffed: Cast, signed_in: SignIn) -> None:
    browser = signed_in(staffed.grid_worker)
    form = {**form_of(browser), "what": "路灯", "text": "坏了"}
    answer = browser.post("/tasks/report/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "坏了" in page
    assert form["key"] in page, "the same submission goes on"
    offered = re.findall(r'name="matter" value="(\w+)"', page)
    assert staffed.lamp.code in offered
    assert browser.post("/tasks/report/", {**form, "matter": staffed.lamp.code}).status_code == 302
    assert Report.objects.get().matter == staffed.lamp


@pytest.mark.parametrize("missing", [{"lon": "", "lat": ""}, {"lon": "999"}])
def test_a_report_without_a_place_asks_for_one(
    staffed: Cast, signed_in: SignIn, missing: dict[str, str]
) -> None:
    browser = signed_in(staffed.grid_worker)
    answer = browser.post("/tasks/report/", {**form_of(browser), "text": "井盖响", **missing})
    assert answer.status_code == 409
    assert not Report.objects.exists()
    assert "井盖响" in answer.content.decode()


def test_an_informant_reports_and_has_no_tasks(staffed: Cast, verification: Task, signed_in: SignIn) -> None:
    informant = staffed.person("informant", "信息员小钱", Role.INFORMANT, staffed.place.grid_a)
    browser = signed_in(informant)
    assert "data-task=" not in text_of(browser, "/tasks/")
    assert browser.get(f"/tasks/{verification.pk}/").status_code == 404
    assert browser.post("/tasks/report/", {**form_of(browser), "text": "井盖响"}).status_code == 302
    assert Report.objects.filter(received_by=informant).exists()


def boxes(page: str) -> list[float]:
    found = re.search(r'data-bbox="([^"]+)"', page)
    assert found is not None
    return [float(side) for side in found[1].split(",")]


def test_the_map_of_a_report_begins_with_the_workers_own_grids(staffed: Cast, signed_in: SignIn) -> None:
    """Not with the whole district, in which nobody finds the lamp before them; grids are outlined."""
    worker = staffed.grid_worker
    page = text_of(signed_in(worker), "/tasks/report/")
    assert boxes(page) == pytest.approx([118.90, 32.90, 118.91, 32.91])
    assert 'data-area-level="grid"' in page
    Post.objects.create(
        account=worker, role=Role.GRID_WORKER, area=staffed.place.grid_b, starts_on=date(2020, 1, 1)
    )
    assert boxes(text_of(signed_in(worker), "/tasks/report/")) == pytest.approx(
        [118.90, 32.90, 118.92, 32.91]
    )
    Area.objects.update(boundary=None)
    lookup.changed()
    assert len(boxes(text_of(signed_in(worker), "/tasks/report/"))) == 4, "nothing drawn is no error"
