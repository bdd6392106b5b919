"""Whoever holds the code follows their own report, adds to it and rates it; nobody else finds it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from wangge.attachments.models import Attachment
from wangge.attachments.tests import samples
from wangge.audit.models import Event
from wangge.cases import actions
from wangge.cases.models import Clock, Rating, Report
from wangge.cases.queries.ratings import is_unsolved
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import words_of
from wangge.cases.workflow import Stage
from wangge.intake.channels.web.moments import due_words
from wangge.intake.channels.web.tests.test_reporting import photo, said

pytestmark = pytest.mark.django_db


def sent(resident: Client, **more: object) -> tuple[Report, str]:
    """A report a resident sent just now, and its code."""
    answer = resident.post("/report/", said(**more))
    return Report.objects.latest("received_at"), answer["Location"].split("/")[2]


def ended(cast: Cast, days_ago: float = 1) -> tuple[Report, str]:
    """A report whose case was closed by the real road, so many days ago."""
    case = cast.case_at(Stage.CLOSED)
    case.filed_at, case.closed_at = (
        timezone.now() - timedelta(days=30),
        timezone.now() - timedelta(days=days_ago),
    )
    case.save(update_fields=["filed_at", "closed_at"])
    report = case.reports.get()
    received = actions.receive_report(
        actions.Draft(channel="web", text="路灯不亮了", address="人民路", at=NOON, source_key="code-of-mine")
    )
    code_hash = Report.objects.get(pk=received.id).code_hash
    Report.objects.filter(pk=received.id).update(code_hash=b"x" * 32)
    Report.objects.filter(pk=report.pk).update(code_hash=code_hash)
    return report, received.code


RATING = {"solved": "yes", "result": "3", "attitude": "2", "words": "很快"}


def test_the_holder_of_the_code_sees_the_own_words_photos_and_what_happened(
    resident: Client, cast: Cast
) -> None:
    report, code = sent(resident, photos=photo(), text="家门口的路灯不亮了")
    page = resident.get(f"/m/{code}/")
    html = page.content.decode()
    assert "家门口的路灯不亮了" in html
    assert [m.verb for m in page.context["moments"]] == ["receive"]
    own = Attachment.objects.get(subject_id=report.pk)
    assert resident.get(page.context["photos"][0]["thumb"]).status_code == 200
    assert resident.get(own.thumb_url).status_code == 404  # only with the code


def test_the_page_is_kept_out_of_caches_and_referrers(resident: Client, cast: Cast) -> None:
    _report, code = sent(resident)
    for path in (f"/m/{code}/", f"/m/{code}/received/", "/m/AAAAAAAAAA/"):
        page = resident.get(path)
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("code", ["AAAAAAAAAA", "0", "𠮷", "x" * 300, "<script>"])
def test_a_wrong_code_is_answered_kindly(resident: Client, cast: Cast, code: str) -> None:
    page = resident.get(f"/m/{code}/")
    assert page.status_code == 404
    assert 'name="code"' in page.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "http://x/m/ABCDE23456/",
        "https://city.example/m/abcde23456/received/?from=qr#top",
        "abcde 23456",
        "ABCDE-23456",
        "ＡＢＣＤＥ２３４５６",
        "ABCDE/23456",
    ],
)
def test_a_pasted_link_and_a_carelessly_typed_code_lead_to_the_report(
    resident: Client, cast: Cast, typed: str
) -> None:
    answer = resident.get("/", {"code": typed})
    assert (answer.status_code, answer["Location"]) == (302, "/m/ABCDE23456/")


@pytest.mark.parametrize("typed", ["http://x/m/", "///", "𠮷", "。。"])
def test_what_has_no_code_in_it_is_answered_kindly_and_kept(resident: Client, cast: Cast, typed: str) -> None:
    page = resident.get("/", {"code": typed})
    assert page.status_code == 404
    assert f'name="code" value="{typed}"' in page.content.decode()


def test_the_number_of_a_report_is_not_its_code(resident: Client, cast: Cast) -> None:
    report, _code = sent(resident)
    assert resident.get(f"/m/{report.number}/").status_code == 404


def test_a_code_does_not_open_the_photos_of_another_report(resident: Client, cast: Cast) -> None:
    _mine, code = sent(resident, lon="", lat="", address="人民路")
    theirs, _code = sent(resident, lon="", lat="", address="北大街", photos=photo())
    other = Attachment.objects.get(subject_id=theirs.pk)
    assert resident.get(f"/m/{code}/photos/{other.pk}/full/").status_code == 404
    assert resident.get(f"/m/{code}/photos/{other.pk}/enormous/").status_code == 404


def test_the_code_typed_on_the_home_page_leads_to_the_report(resident: Client, cast: Cast) -> None:
    _report, code = sent(resident)
    answer = resident.get("/", {"code": f" {code[:5].lower()} {code[5:]} "})
    assert answer["Location"] == f"/m/{code}/"


# -- Adding ---------------------------------------------------------------------------------------------


def test_added_words_and_photos_reach_the_record_and_move_no_clock(resident: Client, cast: Cast) -> None:
    report, code = sent(resident)
    before = list(Clock.objects.values_list("kind", "started_at", "due_at", "stopped_at"))
    files = [photo("more.jpg"), photo("broken.jpg", samples.jpeg()[:100])]
    page = resident.post(f"/m/{code}/additions/", {"words": "现在更暗了\x00", "photos": files}, follow=True)
    html = page.content.decode()
    assert "现在更暗了" in html
    assert "broken.jpg" in html
    assert list(Clock.objects.values_list("kind", "started_at", "due_at", "stopped_at")) == before
    event = Event.objects.get(subject_id=report.pk, verb="add")
    assert event.payload.data == {"note": "现在更暗了", "photos": 1}
    assert [a.purpose for a in Attachment.objects.filter(subject_id=report.pk)] == ["comment"]


def test_nothing_added_and_too_much_added_are_refused_with_the_words_still_there(
    resident: Client, cast: Cast
) -> None:
    _report, code = sent(resident)
    assert resident.post(f"/m/{code}/additions/", {"words": "  "}).status_code == 422
    long = "长" * 5000
    page = resident.post(f"/m/{code}/additions/", {"words": long})
    assert page.status_code == 422
    assert long in page.content.decode()


def test_nothing_can_be_added_to_a_closed_matter(resident: Client, cast: Cast) -> None:
    _report, code = ended(cast)
    assert resident.post(f"/m/{code}/additions/", {"words": "又坏了"}).status_code == 422
    assert not Event.objects.filter(verb="add").exists()


# -- Rating ---------------------------------------------------------------------------------------------


def test_a_closed_matter_is_rated_once(resident: Client, cast: Cast) -> None:
    report, code = ended(cast)
    assert resident.get(f"/m/{code}/").context["may_rate"]
    assert resident.post(f"/m/{code}/rating/", RATING).status_code == 302
    rating = Rating.objects.get(report=report)
    assert (rating.solved, rating.result, rating.attitude, rating.words) == (True, 3, 2, "很快")
    assert resident.post(f"/m/{code}/rating/", {**RATING, "solved": "no"}).status_code == 422
    assert not resident.get(f"/m/{code}/").context["may_rate"]


def test_not_solved_is_said_back(resident: Client, cast: Cast) -> None:
    report, code = ended(cast)
    resident.post(f"/m/{code}/rating/", {**RATING, "solved": "no"})
    assert Rating.objects.get(report=report).solved is False
    words = words_of(resident.get(f"/m/{code}/"))
    assert "问题解决了吗？ 没有解决 处理结果 很满意 服务态度 满意 您的留言" in words
    assert "很快" in words
    assert "会有专人核实是否需要重开" in words
    assert "公众看不到" in words


def test_a_new_result_is_rated_anew_and_the_last_word_counts(resident: Client, cast: Cast) -> None:
    report, code = ended(cast)
    resident.post(f"/m/{code}/rating/", {**RATING, "solved": "no"})
    case = report.case
    assert case is not None
    at = timezone.now()
    actions.reopen_case(case, note="又坏了", by=cast.duty_chief, at=at)
    assert "现已重新办理" in words_of(resident.get(f"/m/{code}/"))
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=at)
    actions.accept_case(case, by=cast.clerk, at=at)
    cast.after_photo(case, at)
    actions.finish_case(case, result="换了灯头", by=cast.clerk, at=at)
    actions.pass_check(case, note="亮了", by=cast.grid_worker, at=at)
    actions.close_case(case, answer="已换灯头", by=cast.duty_chief, at=timezone.now())
    words = words_of(resident.get(f"/m/{code}/"))
    assert "又重新办理并结案" in words
    assert "会有专人核实是否需要重开，结果" not in words, "nobody looks: it was opened again"
    assert "请评价这次办理" in words
    assert (
        resident.post(f"/m/{code}/rating/", {**RATING, "solved": "no", "words": "还是暗"}).status_code == 302
    )
    rating = Rating.objects.get(report=report)
    assert (rating.solved, rating.words, is_unsolved(case)) == (False, "还是暗", True)
    assert resident.post(f"/m/{code}/rating/", {**RATING, "solved": "yes"}).status_code == 422


def test_an_answer_that_solves_nothing_says_how_to_go_on(resident: Client, cast: Cast) -> None:
    """Nothing was filed, so nothing can be opened again: we promise no look that nobody takes."""
    report, code = sent(resident)
    actions.answer_report(report, answer="请联系物业", by=cast.acceptor, at=timezone.now())
    assert "会有专人核实" not in words_of(resident.get(f"/m/{code}/"))
    resident.post(f"/m/{code}/rating/", {**RATING, "solved": "no", "words": ""})
    page = resident.get(f"/m/{code}/")
    assert "会有专人核实" not in words_of(page)
    assert 'href="/report/">' in page.content.decode()
    assert "公众看不到" not in words_of(page), "there are no words"


@pytest.mark.parametrize(
    "wrong", [{"solved": ""}, {"result": "4"}, {"attitude": "x"}, {"words": "长" * 2000}]
)
def test_half_a_rating_is_not_taken(resident: Client, cast: Cast, wrong: dict[str, str]) -> None:
    _report, code = ended(cast)
    assert resident.post(f"/m/{code}/rating/", {**RATING, **wrong}).status_code == 422
    assert not Rating.objects.exists()


def test_an_open_matter_and_one_closed_long_ago_are_not_rated(resident: Client, cast: Cast) -> None:
    _report, code = sent(resident)
    assert not resident.get(f"/m/{code}/").context["may_rate"]
    assert resident.post(f"/m/{code}/rating/", RATING).status_code == 422
    _report, code = ended(cast, days_ago=15)
    assert not resident.get(f"/m/{code}/").context["may_rate"]
    assert resident.post(f"/m/{code}/rating/", RATING).status_code == 422


# -- When -----------------------------------------------------------------------------------------------


def test_the_page_says_by_when_and_how_it_was_counted(resident: Client, cast: Cast) -> None:
    report, code = sent(resident)
    due = resident.get(f"/m/{code}/").context["due"]
    assert report.due_at is not None
    assert due["words"] == due_words(report.due_at, timezone.now())
    assert due["explanation"].lines
    assert not due["solved"]


def test_once_filed_the_page_tells_when_the_whole_is_to_be_solved(resident: Client, cast: Cast) -> None:
    report, code = sent(resident)
    case = actions.file_report(report, condition=cast.condition, by=cast.duty_chief, at=timezone.now())
    due = resident.get(f"/m/{code}/").context["due"]
    assert due["solved"]
    assert case.whole_due_at is not None
    assert due["words"] == due_words(case.whole_due_at, timezone.now())


def test_days_are_said_as_to_a_neighbour() -> None:
    assert due_words(NOON + timedelta(hours=7), NOON).endswith("17:00")
    assert "06-11" not in due_words(NOON + timedelta(days=1), NOON)
    assert "06-15" in due_words(NOON + timedelta(days=5), NOON)


def test_no_other_person_and_no_unit_member_is_named(resident: Client, cast: Cast) -> None:
    _report, code = ended(cast)
    html = resident.get(f"/m/{code}/").content.decode()
    for person in cast.everyone.values():
        assert person.name not in html


def test_a_time_that_may_still_change_says_so(resident: Client, cast: Cast) -> None:
    report, code = sent(resident)
    address = f"/m/{code}/"
    assert "可能调整" not in resident.get(address).content.decode()
    Clock.objects.filter(report=report).update(provisional=True)
    assert "可能调整" in resident.get(address).content.decode()
