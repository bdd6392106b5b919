"""The audit administrator reads what happened, and may not change it."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.jobs import verify_log
from wangge.accounts.models import Account, AdminRole
from wangge.accounts.tests.people import administrator
from wangge.audit import naming
from wangge.audit.actions import record_access
from wangge.audit.anchor_line import read
from wangge.audit.anchors import make_anchors
from wangge.audit.models import AccessEntry, Anchor
from wangge.audit.queries import lines
from wangge.audit.tests.tampering import tamper
from wangge.audit.verification import verify_and_record
from wangge.cases.tests.cast import Cast
from wangge.cases.workflow import Stage

LOG, EXPORT, VERIFICATION = (
    "/administration/log/",
    "/administration/log/export/",
    "/administration/log/verification/",
)


@pytest.fixture
def audit(db: None) -> Account:
    return administrator(AdminRole.AUDIT, "lin", "审计管理员小林")


@pytest.fixture
def reader(audit: Account) -> Client:
    client = Client()
    client.force_login(audit, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def told(audit: Account) -> Account:
    """Somebody of whom the log tells three things."""
    worker = Account.objects.create(username="zhang.wei", name="张伟", password="!")
    record_access("sign_in", by=worker, at=timezone.now(), address="198.51.100.7", detail={"how": "password"})
    record_access("sign_in_failed", by=None, at=timezone.now(), subject_kind="account", subject_id=worker.pk)
    record_access(
        "post_assigned", by=audit, at=timezone.now(), detail={"role": "grid_worker", "area": "=1+1"}
    )
    return worker


def shown(response) -> list[str]:
    return [line.entry.act for line in response.context["lines"]]


def test_the_log_is_read_newest_first(reader: Client, told: Account):
    assert shown(reader.get(LOG)) == ["post_assigned", "sign_in_failed", "sign_in"]


def test_a_reason_and_what_it_was_for_are_both_told(reader: Client, audit: Account):
    detail = {"text": "3f9a1c", "where": "event 12"}
    record_access("words_erased", by=audit, at=timezone.now(), purpose="本人来信", detail=detail)
    page = reader.get(LOG).content.decode()
    assert "本人来信" in page
    assert "文字: 3f9a1c; 位置: 办理过程第 12 条" in page


def test_a_matter_is_called_by_its_number_on_the_page_and_in_the_file(
    reader: Client, audit: Account, cast: Cast, django_assert_num_queries: Any
) -> None:
    case, report = cast.file(cast.report()), cast.report()
    gone = UUID(int=7)
    for kind, key in (("case", case.pk), ("report", report.pk), ("case", gone), ("case", "")):
        record_access("see_confidential", by=audit, at=timezone.now(), subject_kind=kind, subject_id=key)
    named = ["案卷", f"案卷 {gone}", f"上报 {report.number}", f"案卷 {case.number}"]
    assert [line.subject for line in reader.get(LOG).context["lines"]] == named
    rows = csv.DictReader(io.StringIO(reader.post(EXPORT).getvalue().decode("utf-8-sig")))
    assert [row["subject"] for row in rows if row["subject"]] == named[::-1]
    shown = list(AccessEntry.objects.select_related("account"))
    with django_assert_num_queries(2):  # the cases and the reports, however many
        lines(shown)


def test_a_kind_that_nobody_names_shows_its_key(audit: Account) -> None:
    record_access("see_contact", by=audit, at=timezone.now(), subject_kind="parcel", subject_id="7")
    assert [line.subject for line in lines(AccessEntry.objects.all())] == ["parcel 7"]
    naming.register("parcel", lambda keys: {key: f"P-{key}" for key in keys})
    assert [line.subject for line in lines(AccessEntry.objects.all())] == ["parcel P-7"]
    naming.unregister("parcel")


def test_a_person_is_found_as_doer_and_as_subject(reader: Client, told: Account):
    assert shown(reader.get(LOG, {"who": "zhang.wei"})) == ["sign_in_failed", "sign_in"]
    assert shown(reader.get(LOG, {"who": "张伟", "act": "sign_in"})) == ["sign_in"]
    assert shown(reader.get(LOG, {"who": "nobody"})) == []


def test_days_are_those_of_the_installation(reader: Client, told: Account):
    today = timezone.localdate().isoformat()
    assert len(shown(reader.get(LOG, {"since": today, "until": today}))) == 3
    assert shown(reader.get(LOG, {"since": "2030-01-01"})) == []
    assert len(shown(reader.get(LOG, {"since": "0001-01-01", "until": "9999-12-31"}))) == 3


def test_a_filter_that_makes_no_sense_is_said_and_asks_nothing(reader: Client, told: Account):
    response = reader.get(LOG, {"since": "yesterday"})
    assert list(response.context["form"].errors) == ["since"]
    assert len(shown(response)) == 3


def test_the_log_has_no_door_for_changes(reader: Client, told: Account):
    for method in ("post", "put", "delete", "patch"):
        assert getattr(reader, method)(LOG).status_code == 405


def test_an_export_is_a_spreadsheet_and_is_itself_in_the_log(reader: Client, told: Account, audit: Account):
    response = reader.post(EXPORT, {"act": "post_assigned"})
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [(row["account"], row["act"]) for row in rows] == [("lin", "post_assigned")]
    last = AccessEntry.objects.latest("id")
    assert (last.act, last.account, last.detail) == (
        "log_exported",
        audit,
        {"act": "post_assigned", "rows": 1},
    )


def test_a_spreadsheet_takes_nothing_in_it_for_a_formula(reader: Client, audit: Account):
    record_access("see_contact", by=audit, at=timezone.now(), purpose="=HYPERLINK(1)")
    body = reader.post(EXPORT).getvalue().decode()
    assert "'=HYPERLINK(1)" in body


def test_a_link_exports_nothing(reader: Client):
    assert reader.get(EXPORT).status_code == 405


def test_a_press_starts_one_verification_and_a_second_waits_for_it(reader: Client):
    reader.post(VERIFICATION)
    reader.post(VERIFICATION)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [verify_log.name])
        assert cursor.fetchone() == (1,)


def test_a_whole_log_is_said_to_be_whole(reader: Client, told: Account, audit: Account):
    verify_log(account_id=audit.pk)
    (result,) = reader.get(VERIFICATION).context["results"]
    anchor = Anchor.objects.get()
    assert result.detail == {
        "faults": 0,
        "first": [],
        "until": str(anchor.day),
        "anchor": anchor.line.digest,
    }


def test_a_changed_row_is_named_on_the_page(reader: Client, told: Account, audit: Account):
    entry = AccessEntry.objects.get(act="sign_in")
    tamper("UPDATE audit_accessentry SET purpose = 'something else' WHERE id = %s", entry.pk)
    assert verify_and_record(by=audit, at=timezone.now()) == 1
    assert f"access entry {entry.pk}" in reader.get(VERIFICATION).content.decode()


ANCHORS = "/administration/log/anchors/"


def test_anchors_are_shown_newest_first_with_their_digests(reader: Client, told: Account):
    assert "还没有锚点" in reader.get(VERIFICATION).content.decode()
    make_anchors(at=timezone.now())
    make_anchors(at=timezone.now() + timedelta(days=1))
    page = reader.get(VERIFICATION)
    assert [anchor.day for anchor in page.context["page"]] == sorted(
        Anchor.objects.values_list("day", flat=True), reverse=True
    )
    assert all(anchor.line.digest in page.content.decode() for anchor in Anchor.objects.all())


def test_a_copy_of_all_anchors_is_taken_and_the_taking_is_in_the_log(
    reader: Client, told: Account, audit: Account
):
    make_anchors(at=timezone.now())
    [copy] = read(reader.post(ANCHORS).getvalue().decode().splitlines())
    assert copy.line == Anchor.objects.get().line
    last = AccessEntry.objects.latest("id")
    assert (last.act, last.account, last.detail) == ("anchor_exported", audit, {})


def test_a_copy_of_one_day_holds_the_ends_of_its_chains(reader: Client, told: Account, cast: Cast):
    case = cast.case_at(Stage.HANDLING)
    make_anchors(at=timezone.now())
    day = Anchor.objects.get().day.isoformat()
    [copy] = read(reader.post(ANCHORS, {"day": day}).getvalue().decode().splitlines())
    assert str(case.pk) in {head.subject for head in copy.heads}
    assert list(copy.faults()) == []
    assert AccessEntry.objects.latest("id").detail == {"day": day}


@pytest.mark.parametrize(("day", "status"), [("2001-01-01", 404), ("yesterday", 404)])
def test_a_day_without_anchor_gives_nothing_and_leaves_no_entry(
    reader: Client, audit: Account, day: str, status: int
):
    assert reader.post(ANCHORS, {"day": day}).status_code == status
    assert not AccessEntry.objects.filter(act="anchor_exported").exists()


def test_only_the_audit_administrator_takes_anchors(cast: Cast):
    client = Client()
    client.force_login(cast.duty_chief)
    assert client.post(ANCHORS).status_code == 403
    assert client.get(VERIFICATION).status_code == 403
