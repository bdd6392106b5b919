"""Settled on the spot: one form with two photos closes a matter, and somebody else looks again at some of them."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wangge.accounts.models import Role
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.receiving import Received
from wangge.audit.models import Event
from wangge.audit.relay import relay_all
from wangge.audit.verification import verify_events
from wangge.cases import actions as cases
from wangge.cases.models import Case, FilingCondition, Quota, Recheck, Report
from wangge.cases.queries import public
from wangge.cases.tests.cast import IN_GRID_A, IN_GRID_B, IN_GRID_C, Cast
from wangge.cases.tests.screens import at_desk, take
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused
from wangge.fieldwork import actions
from wangge.fieldwork.listeners import make_task
from wangge.fieldwork.models import Outcome, Task, TaskKind
from wangge.fieldwork.tests.conftest import SignIn, photo
from wangge.notifications.models import Notice

pytestmark = pytest.mark.django_db
ADVERTS = "07001"  # one condition, settled on the spot
RUBBISH_BIN = "03005"  # two of them


def share_looked_at_again(percent: int) -> None:
    Quota.objects.filter(code=Quota.Code.RECHECK_PERCENT).update(amount=percent)


def adverts() -> FilingCondition:
    return FilingCondition.objects.get(matter__code=ADVERTS)


def form_of(client: Client, **more: object) -> dict[str, object]:
    """The form as it is drawn, filled in by somebody who has cleaned a wall."""
    page = client.get("/tasks/report/").content.decode()
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert key
    return {
        "key": key[1], "lon": IN_GRID_A[0], "lat": IN_GRID_A[1], "condition": adverts().pk, "result": "已清除小广告",
        "photos": photo("before.jpg"), "after_photos": photo("after.jpg"), "settle": "yes", **more,
    }  # fmt: skip


def settle(client: Client, **more: object) -> Case:
    answer = client.post("/tasks/report/", form_of(client, **more))
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.latest("filed_at")


def settled_and_drawn(cast: Cast, signed_in: SignIn) -> Task:
    share_looked_at_again(100)
    settle(signed_in(cast.grid_worker))
    relay_all()
    return Task.objects.get()


# -- Settling ---------------------------------------------------------------------------------------------


def test_a_wall_cleaned_in_passing_is_a_closed_case_with_its_report_and_photos(
    staffed: Cast, signed_in: SignIn
) -> None:
    case = settle(
        signed_in(staffed.grid_worker), here_lon="118.905", here_lat="32.905", here_metres="6",
        here_device_at="2026-06-10T07:30:00Z",
    )  # fmt: skip

    report = case.reports.get()
    assert (case.stage, case.settled, case.handler, case.unit) == (
        Stage.CLOSED,
        True,
        staffed.grid_worker,
        None,
    )
    assert (case.result, case.answer) == ("已清除小广告", "已清除小广告")
    assert (report.channel, report.received_by, report.stage) == ("worker", staffed.grid_worker, Stage.FILED)
    assert (report.matter, case.condition) == (case.matter, adverts())
    before = Attachment.objects.get(subject_kind="report", subject_id=report.pk)
    after = Attachment.objects.get(subject_kind="case", subject_id=case.pk)
    assert (before.purpose, after.purpose) == (Purpose.REPORT, Purpose.AFTER)
    event = Event.objects.get(subject_id=case.pk)
    assert (event.verb, event.actor, after.event_id) == ("settle", staffed.grid_worker, event.pk)
    assert event.payload.data["position"] == [118.905, 32.905, 6.0]
    assert event.payload.data["device_at"] == "2026-06-10T07:30:00+00:00"
    assert not report.clocks.filter(stopped_at=None).exists()
    assert list(verify_events()) == []


def test_without_a_pin_the_place_is_where_the_telephone_is(staffed: Cast, signed_in: SignIn) -> None:
    here = {"here_lon": str(IN_GRID_A[0]), "here_lat": str(IN_GRID_A[1]), "here_metres": "9"}
    case = settle(signed_in(staffed.grid_worker), lon="", lat="", **here)
    assert (case.lon, case.lat, case.grid) == (*IN_GRID_A, staffed.place.grid_a)


def test_a_second_tap_settles_nothing_twice(staffed: Cast, signed_in: SignIn) -> None:
    browser = signed_in(staffed.grid_worker)
    form = form_of(browser)
    for _ in range(2):
        answer = browser.post(
            "/tasks/report/", {**form, "photos": photo("before.jpg"), "after_photos": photo("after.jpg")}
        )
        assert (answer.status_code, answer["Location"]) == (302, "/tasks/")
    assert (Report.objects.count(), Case.objects.count(), Attachment.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize(
    ("missing", "words"),
    [({"photos": ""}, "照片"), ({"after_photos": ""}, "照片"), ({"result": " "}, "做了什么"), ({"condition": ""}, "请选择")],
)  # fmt: skip
def test_what_is_missing_is_said_and_what_was_typed_stays(
    staffed: Cast, signed_in: SignIn, missing: dict[str, str], words: str
) -> None:
    browser = signed_in(staffed.grid_worker)
    form = form_of(browser, address="人民路12号墙面", **missing)
    answer = browser.post("/tasks/report/", {name: value for name, value in form.items() if value != ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert words in page.split('role="alert"')[1].split("</p>")[0]
    assert "人民路12号墙面" in page
    assert str(form["key"]) in page, "the same submission goes on"
    assert '<details class="fw-more fw-settle" open>' in page
    if "result" not in missing:
        assert "已清除小广告" in page
    assert not Report.objects.exists(), "nothing half done"
    assert not Attachment.objects.exists()


def test_a_place_in_another_grid_is_reported_instead(staffed: Cast, signed_in: SignIn) -> None:
    browser = signed_in(staffed.grid_worker)
    for lon, lat in (IN_GRID_B, IN_GRID_C):
        answer = browser.post("/tasks/report/", form_of(browser, lon=lon, lat=lat))
        assert answer.status_code == 409
    assert not Report.objects.exists()


def test_words_find_the_class_and_a_class_that_is_not_settled_so_says_it(
    staffed: Cast, signed_in: SignIn
) -> None:
    browser = signed_in(staffed.grid_worker)
    lamp = browser.post("/tasks/report/", form_of(browser, condition="", what=staffed.lamp.name))
    assert (lamp.status_code, staffed.lamp.name in lamp.content.decode()) == (409, True)
    bin_ = FilingCondition.objects.filter(matter__code=RUBBISH_BIN)[0].matter
    several = browser.post("/tasks/report/", form_of(browser, condition="", what=bin_.name))
    assert several.status_code == 409
    assert not Report.objects.exists()
    assert settle(browser, condition="", what=adverts().matter.name).condition == adverts()


def test_the_form_offers_only_what_may_be_settled(staffed: Cast, signed_in: SignIn) -> None:
    page = signed_in(staffed.grid_worker).get("/tasks/report/").content.decode()
    offered = set(map(int, re.findall(r'<option value="(\d+)"', page)))
    assert offered == set(FilingCondition.objects.filter(on_the_spot=True).values_list("pk", flat=True))


def test_an_informant_is_not_offered_it_and_is_refused(staffed: Cast, signed_in: SignIn) -> None:
    informant = staffed.person("informant", "信息员小钱", Role.INFORMANT, staffed.place.grid_a)
    browser = signed_in(informant)
    assert 'name="settle"' not in browser.get("/tasks/report/").content.decode()
    assert browser.post("/tasks/report/", form_of(browser)).status_code == 409
    assert not Report.objects.exists()


def test_nobody_settles_what_somebody_else_reported(staffed: Cast) -> None:
    report = staffed.report()
    with pytest.raises(Refused):
        cases.settle(
            report, condition=adverts(), result="已清除", by=staffed.grid_worker, at=timezone.now(),
            before=(), after=Received((), ()),
        )  # fmt: skip
    report.refresh_from_db()
    assert (report.stage, report.case) == (Stage.RECEIVED, None)


def test_the_public_sees_it_like_any_other_closed_matter(staffed: Cast, signed_in: SignIn) -> None:
    case = settle(signed_in(staffed.grid_worker))
    report = case.reports.get()
    shown = public.matter(report.number)
    assert shown
    assert (shown.stage, shown.answer, shown.is_open, shown.photos) == (
        Stage.CLOSED,
        "已清除小广告",
        False,
        [],
    )
    line = public.moments(report.pk, case.pk, report.received_at)
    assert [moment.verb for moment in line] == ["receive", "settle"]
    page = Client().get(reverse("intake:matter", args=[report.number])).content.decode()
    assert "已清除小广告" in page
    assert staffed.grid_worker.name not in page


def test_the_page_of_the_case_tells_it_once(staffed: Cast, signed_in: SignIn) -> None:
    case = settle(signed_in(staffed.grid_worker))
    page = at_desk(staffed.duty_chief).get(reverse("cases:case", args=[case.number])).context["page"]
    assert [entry.verb for entry in page.entries] == ["receive", "settle"]


# -- The second look -----------------------------------------------------------------------------------------


def test_a_drawn_matter_is_looked_at_by_somebody_else(staffed: Cast, signed_in: SignIn) -> None:
    task = settled_and_drawn(staffed, signed_in)
    assert (task.kind, task.assignee, task.subject) == (
        TaskKind.RECHECK,
        staffed.neighbour,
        Case.objects.get(),
    )
    assert f'data-task="{task.pk}"' in signed_in(staffed.neighbour).get("/tasks/").content.decode()
    own = signed_in(staffed.grid_worker).get(f"/tasks/{task.pk}/").content.decode()
    assert 'name="outcome"' not in own, "who settled it does not judge it"
    other = signed_in(staffed.neighbour).get(f"/tasks/{task.pk}/").content.decode()
    assert re.findall(r'name="outcome" value="(\w+)"', other) == ["unsettled", "settled"]
    assert "已清除小广告" in other


def test_nothing_is_drawn_at_nought_per_cent_and_nothing_twice(staffed: Cast, signed_in: SignIn) -> None:
    share_looked_at_again(0)
    settle(signed_in(staffed.grid_worker))
    relay_all()
    assert not Recheck.objects.exists()
    share_looked_at_again(100)
    case = Case.objects.get()
    assert [cases.draw_recheck(case, at=timezone.now()) for _ in range(2)] == [True, False]
    make_task(Event.objects.get(verb="ask_recheck"))
    relay_all()
    assert Task.objects.count() == 1


def test_the_sample_is_about_as_large_as_the_centre_wants(staffed: Cast) -> None:
    from wangge.cases.actions.cases import is_drawn
    from wangge.common.ids import uuid7

    drawn = sum(is_drawn(uuid7(), 1, 20) for _ in range(2000))
    assert 300 < drawn < 500


def test_a_second_look_that_finds_it_settled_ends_the_matter(staffed: Cast, signed_in: SignIn) -> None:
    task = settled_and_drawn(staffed, signed_in)
    browser = signed_in(staffed.neighbour)
    form = {"outcome": "settled", "note": "墙面干净"}
    assert browser.post(f"/tasks/{task.pk}/result/", form).status_code == 302
    again = Recheck.objects.get()
    assert (again.passed, again.done_by) == (True, staffed.neighbour)
    task.refresh_from_db()
    assert (task.outcome, task.done_by) == (Outcome.SETTLED, staffed.neighbour)
    assert browser.post(f"/tasks/{task.pk}/result/", form)["Location"] == f"/tasks/{task.pk}/"
    assert Event.objects.filter(verb="pass_recheck").count() == 1
    assert not at_desk(staffed.duty_chief).get("/desk/", {"queue": "unsolved"}).context["page"].rows


@pytest.mark.parametrize(("note", "photos"), [("", True), ("还有残留", False)])
def test_not_settled_needs_a_word_and_a_photo(
    staffed: Cast, signed_in: SignIn, note: str, photos: bool
) -> None:
    task = settled_and_drawn(staffed, signed_in)
    form: dict[str, object] = {"outcome": "unsettled", "note": note}
    if photos:
        form["photos"] = photo()
    answer = signed_in(staffed.neighbour).post(f"/tasks/{task.pk}/result/", form)
    assert answer.status_code == 409
    assert Recheck.objects.get().done_at is None


def fail(cast: Cast, signed_in: SignIn) -> Case:
    task = settled_and_drawn(cast, signed_in)
    actions.do_check(task, passed=False, by=cast.neighbour, note="墙角还有残留", photos=[photo()])
    return Case.objects.get()


def test_not_settled_waits_for_the_duty_chief_with_what_was_found(staffed: Cast, signed_in: SignIn) -> None:
    case = fail(staffed, signed_in)
    desk = at_desk(staffed.duty_chief)
    rows = desk.get("/desk/", {"queue": "unsolved"}).context["page"].rows
    assert [row.subject for row in rows] == [case]
    page = desk.get(reverse("cases:case", args=[case.number])).content.decode()
    assert "墙角还有残留" in page
    assert take(staffed.duty_chief, case, "reopen", note="派环卫处理").status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.settled) == (Stage.FILED, False)
    assert not desk.get("/desk/", {"queue": "unsolved"}).context["page"].rows


def test_the_duty_chief_may_leave_it_closed_and_says_why(staffed: Cast, signed_in: SignIn) -> None:
    case = fail(staffed, signed_in)
    assert take(staffed.acceptor, case, "refuse_reopen", note="x").status_code == 422
    assert take(staffed.duty_chief, case, "refuse_reopen", note="残留已由物业当场清除").status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED
    assert Recheck.objects.get().reviewed_at is not None
    assert not at_desk(staffed.duty_chief).get("/desk/", {"queue": "unsolved"}).context["page"].rows
    assert take(staffed.duty_chief, case, "refuse_reopen", note="again").status_code == 422


def test_the_duty_chief_asks_for_a_second_look_at_any_settled_matter(
    staffed: Cast, signed_in: SignIn
) -> None:
    share_looked_at_again(0)
    case = settle(signed_in(staffed.grid_worker))
    assert take(staffed.duty_chief, case, "ask_recheck").status_code == 302
    relay_all()
    task = Task.objects.get()
    assert take(staffed.grid_worker, case, "pass_recheck", note="好").status_code == 422, "the settler"
    assert take(staffed.neighbour, case, "pass_recheck", note="墙面干净").status_code == 302
    relay_all()
    task.refresh_from_db()
    assert (task.outcome, task.done_by) == (Outcome.SETTLED, staffed.neighbour)


def test_a_checked_case_is_not_looked_at_again(staffed: Cast) -> None:
    case = staffed.case_at(Stage.CLOSED)
    assert take(staffed.duty_chief, case, "ask_recheck").status_code == 422
    assert not Recheck.objects.exists()


def test_reopening_ends_the_second_look(staffed: Cast, signed_in: SignIn) -> None:
    task = settled_and_drawn(staffed, signed_in)
    cases.reopen_case(Case.objects.get(), note="又贴上了", by=staffed.duty_chief)
    relay_all()
    task.refresh_from_db()
    assert task.outcome == Outcome.MOVED_ON


def test_when_only_the_settler_works_there_the_community_sees_the_task(cast: Cast, signed_in: SignIn) -> None:
    share_looked_at_again(100)
    settle(signed_in(cast.grid_worker))
    relay_all()
    assert Task.objects.get().assignee is None
    assert Case.objects.get().handler == cast.grid_worker


def test_whoever_looks_again_and_whoever_decides_are_told(staffed: Cast, signed_in: SignIn) -> None:
    task = settled_and_drawn(staffed, signed_in)
    told = Notice.objects.filter(recipient=staffed.neighbour).values_list("wording", flat=True)
    assert list(told) == ["to_recheck"]
    _ = staffed.duty_chief
    actions.do_check(task, passed=False, by=staffed.neighbour, note="墙角还有残留", photos=[photo()])
    relay_all()
    told = Notice.objects.filter(recipient=staffed.duty_chief).values_list("wording", flat=True)
    assert "not_settled" in told
