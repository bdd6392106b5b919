"""The role that serves pages can work, and cannot rewrite what happened."""

import secrets
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from config.doctor import _log, _rights
from wangge.audit import rights
from wangge.audit.actions import erase_words, record_access
from wangge.audit.anchors import make_anchors
from wangge.audit.models import Anchor, Event, Payload
from wangge.audit.tests.tampering import tamper
from wangge.audit.verification import verify_all, verify_and_record
from wangge.cases import actions
from wangge.cases.models import Case
from wangge.cases.tests.cast import Cast
from wangge.cases.workflow import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def role(db: None) -> str:
    """A role of its own for web and worker, gone with the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("this database's role may make no other role")
        name = f"web_{secrets.token_hex(4)}"
        cursor.execute(SQL("CREATE ROLE {}").format(Identifier(name)))
    return name


@pytest.fixture
def served(cast: Cast, role: str) -> Iterator[Case]:
    """A case, looked at by the role that serves pages."""
    case = cast.case_at(Stage.DISPATCHED)
    _everyone = cast.everyone  # made by the owner, as people were before anybody serves
    call_command("grant", role, stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(SQL("SET LOCAL ROLE {}").format(Identifier(role)))
        yield case
        cursor.execute("RESET ROLE")


def test_it_does_all_the_work_of_web_and_worker(served: Case, cast: Cast) -> None:
    actions.accept_case(served, by=cast.clerk)
    record_access("see_contact", by=cast.acceptor, at=timezone.now())
    make_anchors(at=timezone.now())
    erase_words(served, kind="case", by=None, at=timezone.now(), purpose="retention")
    assert verify_and_record(by=None, at=timezone.now()) == 0
    assert cast.report().number


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET verb = 'never'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event CASCADE",
        "UPDATE audit_accessentry SET purpose = ''",
        "DELETE FROM audit_accessentry",
        "UPDATE audit_anchor SET events = 0",
        "DELETE FROM audit_anchor",
        "UPDATE audit_payload SET data = '{}'",
        "TRUNCATE cases_case CASCADE",
        "ALTER TABLE audit_event DISABLE TRIGGER USER",
        "DROP TRIGGER audit_event_append_only ON audit_event",
        "ALTER TABLE cases_case DISABLE TRIGGER USER",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "DELETE FROM django_migrations",
        "DROP FUNCTION audit_refuse_change CASCADE",
    ],
)
def test_it_cannot_rewrite_the_past_or_change_tables(served: Case, statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("SET LOCAL wangge.may_truncate = on")  # opens nothing to whoever owns nothing
        cursor.execute(statement)


def test_it_cannot_erase_words_without_writing_it_down(served: Case) -> None:
    with pytest.raises(DatabaseError, match="erase_words"), transaction.atomic():
        Payload.objects.filter(event__subject_id=served.pk).delete()


def test_granting_again_changes_nothing(served: Case, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    rights.grant(role)
    assert Event.objects.filter(subject_id=served.pk).exists()


@pytest.mark.parametrize(
    ("name", "said"), [("nobody_of_that_name", "createuser"), (None, "the owner itself")]
)
def test_a_role_that_is_none_is_refused_with_advice(db: None, name: str | None, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("grant", name or connection.settings_dict["USER"])


def test_only_the_owner_grants(served: Case, role: str) -> None:
    with pytest.raises(CommandError, match="owner of the tables"):
        call_command("grant", role)


def test_the_doctor_says_whose_the_tables_are(served: Case, role: str) -> None:
    assert _rights().advice == ""
    assert _rights().said.startswith(role)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    finding = _rights()
    assert "wangge grant" in finding.advice
    assert not finding.serious


def test_the_doctor_says_what_the_last_verification_found(cast: Cast) -> None:
    assert (_log().said, _log().serious) == ("never verified", False)
    make_anchors(at=timezone.now())
    verify_and_record(by=None, at=timezone.now())
    assert _log().said.endswith("0 faults")
    tamper("UPDATE audit_anchor SET events = 7")
    verify_and_record(by=None, at=timezone.now())
    assert "verify-log" in _log().advice
    assert _log().serious
    assert list(verify_all())
    assert Anchor.objects.exists()
