"""A person asks that what they said be deleted: it is, for good, and the log still proves what was done."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from wangge.accounts.models import Account, AdminRole, Role
from wangge.accounts.tests.people import administrator
from wangge.attachments import actions as files
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.tests import samples
from wangge.audit.acts import VALUES_OF
from wangge.audit.models import AccessEntry, Event, Payload
from wangge.audit.relay import relay_all
from wangge.audit.tests.tampering import tamper
from wangge.audit.verification import verify_all
from wangge.cases import actions
from wangge.cases.actions import Contact
from wangge.cases.actions.blanking import BLANK, FIELDS, HANDED_OVER, OWN, Text
from wangge.cases.map import tally
from wangge.cases.models import Case, MapTally, Rating, Report, ReporterContact, SupervisionOrder
from wangge.cases.naming import Person
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused
from wangge.insight.models import StageFact
from wangge.insight.tests.naive import retold, stored
from wangge.notifications.models import Delivery, State
from wangge.territory.cells import cell

pytestmark = pytest.mark.django_db

SAID: dict[str, Any] = {
    "text": "三楼张三家漏水", "address": "人民路12号301室", "contact": Contact("李四光", "13812341234", "li@example.org"),
}  # fmt: skip
NEVER = ("张三", "301室", "李四光", "13812341234", "li@example.org", "师傅很耐心", "现在没人")
HOUR = timedelta(hours=1)
WHY = "本人来信要求，2026-06-20"
LATER = NOON + timedelta(days=10)


@pytest.fixture
def security(cast: Cast) -> Account:
    return administrator(AdminRole.SECURITY, "security", "安全管理员小何")


@pytest.fixture
def ended(cast: Cast) -> Report:
    """A report with everything a person can leave, answered and rated."""
    report = cast.report(**SAID)
    files.attach(
        [samples.upload(samples.jpeg())], subject_kind="report", subject_id=report.pk, purpose=Purpose.REPORT,
        by=None, at=NOON,
    )  # fmt: skip
    actions.add_to_report(report, words="张三家现在没人", at=NOON)
    actions.publish_report(report, text="三楼漏水", by=cast.acceptor, at=NOON)
    actions.answer_report(report, answer="已联系物业", by=cast.acceptor, at=NOON)
    actions.rate_report(report, solved=True, result=3, attitude=3, words="师傅很耐心", at=NOON)
    return report


def test_nothing_of_what_was_said_is_left_and_the_log_is_whole(
    ended: Report, cast: Cast, security: Account
) -> None:
    actions.erase_report(ended, by=security, why=WHY, at=NOON)
    kept = [
        *Report.objects.filter(pk=ended.pk).values_list("text", "public_text", "address", "attributes"),
        *Rating.objects.values_list("words"), *Payload.objects.values_list("data"),
    ]  # fmt: skip
    assert not any(word in str(kept) for word in NEVER)
    assert not ReporterContact.objects.exists()
    assert not Attachment.objects.exists()
    assert list(verify_all()) == []
    entry = AccessEntry.objects.get(act="words_erased")
    assert (entry.account, entry.subject_id, entry.purpose) == (security, str(ended.pk), WHY)


def test_it_stays_counted_and_its_pages_open(ended: Report, cast: Cast, security: Account) -> None:
    relay_all()
    before = StageFact.objects.count()
    actions.erase_report(ended, by=security, why=WHY, at=NOON)
    relay_all()
    assert StageFact.objects.count() == before
    assert stored() == retold()
    page = words_of(at_desk(cast.acceptor).get(f"/reports/{ended.number}/"))
    assert "内容已永久删除" in page
    for address in (f"/m/{ended.code}/", f"/matters/{ended.number}/"):  # type: ignore[attr-defined]
        shown = words_of(Client().get(address))
        assert "已联系物业" in shown, "what was answered stays"
        assert ("永久删除" in shown) is address.startswith("/m/"), (
            "the reporter reads why there is nothing more"
        )
        assert not any(word in shown for word in NEVER)


def test_the_address_of_a_case_goes_with_the_last_report_that_named_it(cast: Cast, security: Account) -> None:
    case = cast.case_at(Stage.CLOSED)
    [first] = case.reports.all()
    actions.erase_report(first, by=security, why=WHY, at=NOON)
    assert Case.objects.get(pk=case.pk).address == ""
    assert Event.objects.filter(subject_id=case.pk, payload__isnull=False).exists(), (
        "what was done stays told"
    )
    assert list(verify_all()) == []


def test_it_goes_whatever_another_report_of_the_case_says(cast: Cast, security: Account) -> None:
    case = cast.file(cast.report(address="人民路12号301室"))
    [first] = case.reports.all()
    second = cast.report(address="人民路路口")
    actions.join_report(second, case=case, by=cast.acceptor, at=NOON + HOUR)
    actions.void_case(case, reason="重复登记", by=cast.duty_chief, at=NOON + HOUR)
    actions.erase_report(first, by=security, why=WHY, at=NOON + HOUR)
    assert Case.objects.get(pk=case.pk).address == ""


def test_it_goes_from_a_case_that_was_merged_away(cast: Cast, security: Account) -> None:
    merged, other = cast.file(cast.report(address="人民路12号301室")), cast.file(cast.report())
    [said] = merged.reports.all()
    actions.merge_case(merged, into=other, by=cast.duty_chief, at=NOON + HOUR)
    actions.void_case(other, reason="重复登记", by=cast.duty_chief, at=NOON + HOUR)
    said.refresh_from_db()
    actions.erase_report(said, by=security, why=WHY, at=NOON + HOUR)
    assert not Case.objects.filter(address__contains="301室").exists()


def test_nobody_writes_to_the_reporter_any_more_and_where_to_is_forgotten(
    ended: Report, cast: Cast, security: Account
) -> None:
    said = {
        "source": "event:1",
        "wording": "reporter_news",
        "outsider": f"report:{ended.pk}",
        "channel": "sms",
    }
    waiting = Delivery.objects.create(
        **said, sealed="13812341234", masked="138****1234", mark="a", link="/m/geheim/", made_at=NOON, due_at=NOON
    )  # fmt: skip
    actions.erase_report(ended, by=security, why=WHY, at=NOON)
    waiting.refresh_from_db()
    assert waiting.state == State.STOPPED
    assert (waiting.sealed, waiting.link, waiting.masked, waiting.mark) == (None, "", "", "")


# -- Where it was -----------------------------------------------------------------------------------------------

HOME = (118.904567, 32.905432)
STREET = (118.905, 32.905)


def everything_kept() -> str:
    """All the database still holds of where something is."""
    return str([
        *Report.objects.values_list("address", "lon", "lat"), *Case.objects.values_list("address", "lon", "lat"),
        *Payload.objects.values_list("data"),
    ])  # fmt: skip


@pytest.fixture
def corrected(cast: Cast) -> Case:
    """A case whose place the desk has corrected, address and point: it was two doors further."""
    case = cast.file(cast.report(HOME, address="人民路12号301室"))
    actions.correct_case(
        case, point=(118.907777, 32.906666), address="人民路14号302室", by=cast.duty_chief, at=NOON + HOUR
    )
    actions.void_case(case, reason="自行修好", by=cast.duty_chief, at=NOON + HOUR)
    return case


def test_nobody_reads_the_point_of_an_erased_report_any_more(
    corrected: Case, cast: Cast, security: Account
) -> None:
    """Neither the place that was told nor the one the desk put in its place, wherever it was written down."""
    relay_all()
    before, grids = retold(), Case.objects.values_list("grid", "area_path").get()
    actions.erase_report(corrected.reports.get(), by=security, why=WHY, at=LATER)
    kept = everything_kept()
    exact = ("118.904567", "32.905432", "118.907777", "32.906666", "301室", "302室")
    assert not any(told in kept for told in exact)
    corrected.refresh_from_db()
    assert (corrected.lon, corrected.lat) == (118.908, 32.907)
    assert corrected.cell == cell(118.908, 32.907)
    report = corrected.reports.get()
    assert (report.lon, report.lat) == STREET
    relay_all()
    assert stored() == retold() == before
    assert Case.objects.values_list("grid", "area_path").get() == grids, "it is counted where it was"
    assert list(verify_all()) == []
    page = words_of(at_desk(cast.duty_chief).get(f"/cases/{corrected.number}/"))
    assert BLANK in page
    assert "302室" not in page


def test_the_counts_of_the_map_are_drawn_back_as_well(handled: Case, security: Account) -> None:
    """A cell in which one case lies would tell its point."""
    tally.fold()
    assert {round(kept.lons, 6) for kept in MapTally.objects.all()} == {HOME[0]}
    actions.erase_report(handled.reports.get(), by=security, why=WHY, at=LATER)
    tally.fold()
    told = {(round(kept.lons, 6), round(kept.lats, 6)) for kept in MapTally.objects.filter(n=1)}
    assert told == {STREET}


def test_where_a_worker_stood_at_the_door_is_drawn_back_too(handled: Case, security: Account) -> None:
    before = Payload.objects.get(event__subject_id=handled.pk, event__verb="pass_check")
    assert before.data["position"] == [118.904561, 32.905438, 8.0]
    actions.erase_report(handled.reports.get(), by=security, why=WHY, at=LATER)
    after = Payload.objects.get(event__subject_id=handled.pk, event__verb="pass_check")
    assert after.data == {**before.data, "position": [*STREET, 8.0]}
    assert list(verify_all()) == []


def test_a_place_that_is_itself_the_matter_stays(corrected: Case, security: Account) -> None:
    """A hole in the road is nobody's home; what the person wrote of it goes all the same."""
    report = corrected.reports.get()
    actions.erase_report(report, by=security, why=WHY, at=LATER, keep_place=True)
    report.refresh_from_db()
    corrected.refresh_from_db()
    assert (report.lon, report.lat) == HOME
    assert (corrected.lon, corrected.address) == (118.907777, "人民路14号302室")
    assert "301室" not in everything_kept()
    assert list(verify_all()) == []


@pytest.mark.parametrize("keep_place", [False, True])
def test_where_a_report_was_before_the_desk_corrected_it_goes_from_the_case_it_left(
    cast: Cast, security: Account, *, keep_place: bool
) -> None:
    """The case has the place as it was told first; the report has another one since it was split off."""
    case = cast.file(cast.report(HOME, address="人民路12号301室"))
    [report] = case.reports.all()
    actions.join_report(cast.report(address="人民路路口"), case=case, by=cast.acceptor, at=NOON + HOUR)
    report.refresh_from_db()
    actions.split_report(report, note="是另一件事", by=cast.duty_chief, at=NOON + HOUR)
    actions.comment_case(case, note="301室说不是他家", by=cast.duty_chief, at=NOON + HOUR)
    actions.correct_report(
        report, point=(118.907777, 32.906666), address="人民路14号", by=cast.acceptor, at=NOON + HOUR
    )
    kept = cast.file(report)
    actions.void_case(kept, reason="自行修好", by=cast.duty_chief, at=NOON + HOUR)
    assert "301室说不是他家" in texts(report, security)
    actions.erase_report(report, by=security, why=WHY, at=LATER, keep_place=keep_place)
    left = str(Case.objects.values_list("address", "lon"))
    assert "301室" not in left
    assert (str(HOME[0]) in left) is keep_place
    kept.refresh_from_db()
    assert kept.address == ("人民路14号" if keep_place else ""), (
        "with the place stays what the desk wrote of it"
    )
    assert list(verify_all()) == []


def test_the_place_stays_while_another_report_tells_it_and_goes_with_the_last(
    cast: Cast, security: Account
) -> None:
    case = cast.file(cast.report(HOME, address="人民路12号"))
    second = cast.report(HOME, address="人民路12号")
    actions.join_report(second, case=case, by=cast.acceptor, at=NOON + HOUR)
    actions.correct_case(case, address="人民路14号", by=cast.duty_chief, at=NOON + HOUR)
    actions.void_case(case, reason="自行修好", by=cast.duty_chief, at=NOON + HOUR)
    first = case.reports.order_by("pk")[0]
    actions.erase_report(first, by=security, why=WHY, at=LATER)
    case.refresh_from_db()
    assert ((case.lon, case.lat), case.address) == (HOME, "人民路14号")
    second.refresh_from_db()
    actions.erase_report(second, by=security, why=WHY, at=LATER)
    case.refresh_from_db()
    assert ((case.lon, case.lat), case.address) == (STREET, "")
    assert "人民路1" not in everything_kept()
    assert list(verify_all()) == []


def test_the_case_it_was_split_off_forgets_its_address_and_works_on_by_the_other_one(
    cast: Cast, security: Account
) -> None:
    case = cast.file(cast.report(HOME, address="人民路12号301室"))
    [report] = case.reports.all()
    other = cast.report(address="人民路路口")
    actions.join_report(other, case=case, by=cast.acceptor, at=NOON + HOUR)
    report.refresh_from_db()
    actions.split_report(report, note="是另一件事", by=cast.duty_chief, at=NOON + HOUR)
    actions.comment_case(case, note="301室说不是他家", by=cast.duty_chief, at=NOON + HOUR)
    actions.answer_report(report, answer="已解释", by=cast.acceptor, at=NOON + 2 * HOUR)
    found = texts(report, security)
    assert "301室说不是他家" in found
    actions.erase_report(report, by=security, why=WHY, at=LATER, blank=found.values())
    case.refresh_from_db()
    assert (case.address, (case.lon, case.lat)) == ("人民路路口", STREET)
    assert "301室" not in everything_kept()
    assert list(verify_all()) == []
    actions.comment_case(case, note="张三已搬走", by=cast.duty_chief, at=LATER)
    assert "张三已搬走" in texts(report, security, "张三"), "its cases are known after it has been erased too"


# -- What handlers wrote ----------------------------------------------------------------------------------------


@pytest.fixture
def handled(cast: Cast) -> Case:
    """A case whose handlers wrote of the reporter in a comment, a dispatch, the result, an order and its reply."""
    case = cast.file(cast.report(HOME, **SAID))
    cast.lamps  # noqa: B018  # the duty list must exist
    at = NOON + timedelta(hours=1)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=at, note="找李先生开门")
    actions.accept_case(case, by=cast.clerk, at=at)
    order = actions.supervise(case, words="请回复 138 1234 1234", by=cast.overseer, at=at)
    actions.reply_to_order(case, order=order, reply="已联系 138****1234", by=cast.clerk, at=at)
    actions.comment_case(case, note="物业有301室的钥匙", by=cast.clerk, at=at)
    actions.comment_case(case, note="零件后天到", by=cast.clerk, at=at)
    cast.after_photo(case, at)
    actions.finish_case(case, result="李四光家漏水已修好", by=cast.clerk, at=at)
    actions.pass_check(case, note="不漏了", by=cast.grid_worker, at=at, position=(118.904561, 32.905438, 8.0))
    actions.close_case(case, answer="已修好", by=cast.duty_chief, at=at)
    return case


def texts(report: Report, security: Account, *words: str) -> dict[str, Text]:
    found = actions.look_for_texts(report, by=security, why=WHY, at=LATER, words=words)
    return {text.words: text for text in found}


def test_texts_that_name_the_person_are_found_by_what_they_say(handled: Case, security: Account) -> None:
    """By name, surname and title, telephone however written, and room; the same words once, wherever they stand."""
    found = texts(handled.reports.get(), security)
    assert set(found) == {
        "找李先生开门", "请回复 138 1234 1234", "已联系 138****1234", "物业有301室的钥匙", "李四光家漏水已修好",
    }  # fmt: skip
    assert [place.label for place in found["李四光家漏水已修好"].places] == ["已处理", "处理结果"]
    assert "零件后天到" in texts(handled.reports.get(), security, "零件")
    assert AccessEntry.objects.filter(act="texts_searched", purpose=WHY, account=security).count() == 2


def test_what_is_chosen_is_blanked_everywhere_and_all_else_is_still_told(
    handled: Case, cast: Cast, security: Account
) -> None:
    relay_all()
    before = retold()
    report = handled.reports.get()
    found = texts(report, security)
    kept = found.pop("物业有301室的钥匙")
    actions.erase_report(report, by=security, why=WHY, at=LATER, blank=found.values())
    relay_all()
    assert stored() == retold() == before, "no figure moved: what was done stays"
    everything = str([
        *Payload.objects.values_list("data"), *Case.objects.values_list("result", "answer"),
        *SupervisionOrder.objects.values_list("words", "reply"),
    ])  # fmt: skip
    assert not any(words in everything for words in found)
    assert kept.words in everything
    assert Event.objects.get(subject_id=handled.pk, verb="dispatch").payload.data["unit_code"] == "LAMPS"
    assert list(verify_all()) == []
    page = words_of(at_desk(cast.duty_chief).get(f"/cases/{handled.number}/"))
    assert BLANK in page
    assert page.count("应本人要求，删除了文中涉及本人的内容") == 1, "told once, however many texts they were"
    assert "上报人 已收到" in page, "by what way is forgotten"
    entries = AccessEntry.objects.filter(act="words_erased", subject_kind="case", purpose=WHY)
    assert {entry.detail["text"] for entry in entries} == {"place", *(text.key for text in found.values())}


def test_words_put_where_others_were_blanked_are_named_by_the_verification(
    handled: Case, security: Account
) -> None:
    report = handled.reports.get()
    actions.erase_report(report, by=security, why=WHY, at=LATER, blank=texts(report, security).values())
    event = Event.objects.get(subject_id=handled.pk, verb="finish")
    tamper('UPDATE audit_payload SET data = \'{"note": "什么也没修"}\' WHERE event_id = %s', event.pk)
    [fault] = list(verify_all())
    assert f"event {event.pk} " in str(fault)


def test_a_person_is_not_erased_with_the_texts_overlooked(handled: Case, security: Account) -> None:
    report, said = handled.reports.get(), StringIO()
    order: dict[str, Any] = {"by": "security", "why": WHY, "stdout": said}
    call_command("erase_report", report.number, look=True, **order)
    assert "找李先生开门" in said.getvalue()
    with pytest.raises(CommandError, match="--blank"):
        call_command("erase_report", report.number, **order)
    with pytest.raises(CommandError, match="nokey"):
        call_command("erase_report", report.number, blank=["nokey"], **order)
    assert Report.objects.get(pk=report.pk).text == SAID["text"]
    key = texts(report, security)["找李先生开门"].key
    call_command("erase_report", report.number, blank=[key], **order)
    assert Report.objects.get(pk=report.pk).text == ""
    left = [payload.data.get("note", "") for payload in Payload.objects.filter(event__subject_id=handled.pk)]
    assert "找李先生开门" not in left
    assert "李四光家漏水已修好" in left
    call_command("erase_report", report.number, blank=["all"], word=["李四光"], **order)
    assert Case.objects.get(pk=handled.pk).result == BLANK


def blanked(report: Report, security: Account, *words: str) -> str:
    """All that is kept of what was written, after every text that was found has been blanked."""
    actions.erase_report(
        report, by=security, why=WHY, at=LATER, blank=texts(report, security, *words).values()
    )
    assert list(verify_all()) == []
    return str([*Payload.objects.values_list("data"), *Case.objects.values_list("result", "answer")])


def test_what_the_system_copied_of_a_text_is_blanked_with_it(cast: Cast, security: Account) -> None:
    """A case that closes by itself is answered with the unit's words, in an event of nobody."""
    type(cast.condition).objects.update(auto_close=True)
    case = cast.file(cast.report(**SAID))
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NOON + HOUR)
    actions.accept_case(case, by=cast.clerk, at=NOON + HOUR)
    cast.after_photo(case, NOON + HOUR)
    actions.finish_case(case, result="李四光家漏水已修好", by=cast.clerk, at=NOON + HOUR)
    actions.pass_check(case, note="不漏了", by=cast.grid_worker, at=NOON + HOUR)
    assert Event.objects.get(subject_id=case.pk, verb="close").actor is None
    kept = blanked(case.reports.get(), security)
    assert "李四光" not in kept
    assert "不漏了" in kept


def test_a_file_that_a_handler_named_after_the_person_loses_its_name_and_stays(
    handled: Case, cast: Cast, security: Account
) -> None:
    named, plain = cast.check_photo(handled, NOON + HOUR), cast.check_photo(handled, NOON + HOUR)
    copy = cast.check_photo(handled, NOON + HOUR)  # with parts of it blurred, say
    Attachment.objects.filter(pk__in=[named.pk, copy.pk]).update(name="李四光家.jpg", uploaded_by=cast.clerk)
    report = handled.reports.get()
    found = texts(report, security)["李四光家.jpg"]
    assert [(place.label, place.who) for place in found.places] == [("文件名", cast.clerk.name)] * 2
    actions.erase_report(report, by=security, why=WHY, at=LATER, blank=[found])
    names = dict(Attachment.objects.filter(subject_id=handled.pk).values_list("pk", "name"))
    assert (names[named.pk], names[copy.pk], names[plain.pk]) == (BLANK, BLANK, "check.jpg")
    assert AccessEntry.objects.filter(act="words_erased", detail__where="attachment name").count() == 2
    assert list(verify_all()) == []


def test_texts_are_looked_for_wherever_the_report_has_been(cast: Cast, security: Account) -> None:
    """In a case merged into one that was merged again, and in one from which it was split off."""
    report = cast.report(**SAID)
    left, first, second, third = (cast.file(cast.report()) for _number in range(4))
    actions.join_report(report, case=left, by=cast.acceptor, at=NOON + HOUR)
    actions.comment_case(left, note="李四光不在家", by=cast.acceptor, at=NOON + HOUR)
    actions.split_report(report, note="另一件事", by=cast.acceptor, at=NOON + HOUR)
    actions.join_report(report, case=first, by=cast.acceptor, at=NOON + HOUR)
    actions.comment_case(first, note="李四光明天在家", by=cast.acceptor, at=NOON + HOUR)
    actions.merge_case(first, into=second, by=cast.duty_chief, at=NOON + HOUR)
    actions.merge_case(second, into=third, by=cast.duty_chief, at=NOON + HOUR)
    actions.void_case(third, reason="重复登记", by=cast.duty_chief, at=NOON + HOUR)
    report.refresh_from_db()
    assert "李四光" not in blanked(report, security)


def test_facts_are_no_texts_whatever_somebody_looks_for(handled: Case, cast: Cast, security: Account) -> None:
    relay_all()
    before = retold()
    kept = blanked(handled.reports.get(), security, cast.lamps.name, cast.lamps.code, "2026")
    relay_all()
    assert cast.lamps.name in kept
    blanked(handled.reports.get(), security, "00")  # not even of what vouches for what was blanked
    assert at_desk(cast.duty_chief).get(f"/cases/{handled.number}/").status_code == 200
    assert stored() == retold() == before


def test_a_text_that_quotes_what_stands_for_a_blanked_one_is_looked_at(
    handled: Case, security: Account
) -> None:
    actions.erase_report(handled.reports.get(), by=security, why=WHY, at=LATER)
    Case.objects.filter(pk=handled.pk).update(answer=f"{BLANK}，李四光")
    assert f"{BLANK}，李四光" in texts(handled.reports.get(), security, "李四光")


def test_handovers_of_the_desks_around_are_looked_through_line_by_line(
    handled: Case, cast: Cast, security: Account
) -> None:
    other_shift = cast.person("chief2", "夜班长", Role.DUTY_CHIEF, cast.place.county)
    handover = actions.write_handover(
        cast.place.county, watch="李先生家今晚回电\n北门积水", words="301室已修好", pinned=[], by=cast.duty_chief, at=NOON + HOUR
    )  # fmt: skip
    actions.confirm_handover(handover, by=other_shift, at=NOON + 2 * HOUR, remark="李先生未接电话")
    later = LATER + timedelta(days=30)
    actions.write_handover(
        cast.place.county, watch="李先生来访", words="", pinned=[], by=cast.duty_chief, at=later
    )
    found = texts(handled.reports.get(), security)
    [place] = found["李先生未接电话"].places
    assert (place.label, place.who) == ("交接班记录：接班备注", other_shift.name)
    assert "李先生来访" not in found, "long after the matter it is another one"
    chosen = [found["李先生家今晚回电"], found["李先生未接电话"]]
    actions.erase_report(handled.reports.get(), by=security, why=WHY, at=LATER, blank=chosen)
    handover.refresh_from_db()
    assert handover.watch == f"{BLANK}\n北门积水"
    assert (handover.words, handover.remark) == ("301室已修好", BLANK)
    assert list(verify_all()) == []
    where = AccessEntry.objects.filter(act="words_erased").values_list("detail__where", flat=True)
    assert {"handover watch", "handover remark"} <= set(where)


def test_handovers_of_desks_elsewhere_are_nobodys_business_here(
    handled: Case, cast: Cast, security: Account
) -> None:
    elsewhere = cast.person("chief3", "别处值班长", Role.DUTY_CHIEF, cast.place.elsewhere)
    actions.write_handover(
        cast.place.elsewhere, watch="李先生来访", words="", pinned=[], by=elsewhere, at=NOON + HOUR
    )
    assert "李先生来访" not in texts(handled.reports.get(), security)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("李 四光 在家", True), ("李师傅说可以", True), ("李子园路口", False), ("138-1234-1234", True), ("138xxxx1234", True),
        ("13812341235", False), ("LI@EXAMPLE.ORG", True), ("到301室查看", True), ("人民路 12号 301室", True), ("人民路12号", False),
    ],
)  # fmt: skip
def test_what_names_a_person_and_what_does_not(cast: Cast, text: str, named: bool) -> None:
    assert Person.of(cast.report(**SAID)).is_named_in(text) is named


@pytest.mark.parametrize(
    ("contact", "text", "named"),
    [
        (Contact("欧阳振华", "", ""), "欧阳先生在家", True), (Contact("欧阳振华", "", ""), "欧先生在家", False),
        (Contact("阿依古丽·买买提", "", ""), "买买提女士已回复", True), (Contact("John Smith", "", ""), "Mr. Smith开门", True),
        (Contact("John Smith", "", ""), "smithsonite 矿石", False), (Contact("", "+86 138-1234-1234", ""), "电话13812341234", True),
        (Contact("王小明女士", "", ""), "王女士开门", True), (Contact("王小明女士", "", ""), "王小明不在家", True),
        (Contact("John Smith先生", "", ""), "Smith在家", True), (Contact("John Smith先生", "", ""), "先生在家", False),
        (Contact("张阿姨", "", ""), "张女士来电", True), (Contact("欧阳女士", "", ""), "欧师傅在", False),
        (Contact("", "13812341234", ""), "电话１３８１２３４１２３４", True), (Contact("", "0512-66781234", ""), "座机 6678 1234", True),
    ],
)  # fmt: skip
def test_names_and_telephones_are_known_however_they_are_written(
    cast: Cast, contact: Contact, text: str, named: bool
) -> None:
    assert Person.of(cast.report(contact=contact)).is_named_in(text) is named


@pytest.mark.parametrize(
    ("address", "text", "named"),
    [
        ("人民路12号3栋2单元301室", "到301室查看", True), ("人民路12号3栋2单元301室", "到1301室查看", False),
        ("青禾园7幢2单元502", "502没人", True), ("青禾园7幢2单元502", "已报修 15021", False),
    ],
)  # fmt: skip
def test_a_room_is_known_without_its_building(cast: Cast, address: str, text: str, named: bool) -> None:
    assert Person.of(cast.report(address=address)).is_named_in(text) is named


def test_nobody_looks_without_saying_why(handled: Case, security: Account) -> None:
    with pytest.raises(Refused, match="请写明原因"):
        actions.look_for_texts(handled.reports.get(), by=security, why=" ", at=NOON)


def test_nobody_else_looks_through_texts(handled: Case, cast: Cast) -> None:
    with pytest.raises(Refused, match="安全管理员"):
        actions.look_for_texts(handled.reports.get(), by=cast.duty_chief, why=WHY, at=NOON)


def test_who_may_not_and_when_not(ended: Report, cast: Cast, security: Account) -> None:
    for person in (cast.duty_chief, cast.acceptor):
        with pytest.raises(Refused, match="安全管理员"):
            actions.erase_report(ended, by=person, why=WHY, at=NOON)
    for why, said in ((" ", "原因"), ("信" * 201, "201")):
        with pytest.raises(Refused, match=said):
            actions.erase_report(ended, by=security, why=why, at=NOON)
    filed = cast.report()
    for open_one in (cast.report(), cast.file(filed).reports.get()):
        with pytest.raises(Refused, match="办结后才能删除"):
            actions.erase_report(open_one, by=security, why=WHY, at=NOON)
    assert not AccessEntry.objects.filter(act="words_erased").exists()


def test_the_command_says_what_it_did(ended: Report, security: Account) -> None:
    said = StringIO()
    call_command("erase_report", ended.number, by="security", why=WHY, stdout=said)
    assert str(ended.number) in said.getvalue()
    assert Report.objects.get(pk=ended.pk).text == ""
    with pytest.raises(CommandError):
        call_command("erase_report", 999_999, by="security", why=WHY)
    with pytest.raises(CommandError):
        call_command("erase_report", ended.number, by="nobody", why=WHY)


def test_each_place_of_a_text_has_words_in_the_access_log() -> None:
    beside = {f"{model._meta.model_name} {name}" for model, name, _label in FIELDS}
    of_handovers = {f"handover {name}" for name, _label in HANDED_OVER}
    assert beside | of_handovers | {"attachment name"} | {name for name, _label in OWN} == set(
        VALUES_OF["where"]
    )
