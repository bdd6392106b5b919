"""The codes of residents' reports stay out of the log, whatever goes wrong with a request."""

import io
import logging
import smtplib
import sys
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from wangge.accounts.models import Account
from wangge.common.logs import WithoutCodes, kind_of
from wangge.common.refusals import Refused

CODE = "3H9WYVVQ4K"


def forbidden(request: HttpRequest, code: str) -> HttpResponse:
    raise PermissionDenied(f"/m/{code}/ is not yours")


def unprocessable(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse(status=422)


def broken(request: HttpRequest, code: str) -> HttpResponse:
    raise ValueError(f"http://city.example/m/{code}/")


urlpatterns = [
    path("m/<str:code>/403/", forbidden),
    path("m/<str:code>/422/", unprocessable),
    path("m/<str:code>/500/", broken),
]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the configured console handler writes."""
    [console] = [handler for handler in logging.getLogger().handlers if handler.get_name() == "console"]
    assert isinstance(console, logging.StreamHandler)
    written = io.StringIO()
    before = console.setStream(written)
    yield written
    console.setStream(before or sys.stderr)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("status", [403, 404, 422, 500])
def test_a_request_that_fails_is_logged_without_its_code(log: io.StringIO, status: int) -> None:
    client = Client(raise_request_exception=False)
    assert client.get(f"/m/{CODE}/{status}/").status_code == status
    assert f"/m/…/{status}/" in log.getvalue()
    assert CODE not in log.getvalue()


def test_no_logger_of_django_has_a_way_out_past_the_filter() -> None:
    handlers = [
        handler
        for name in ("", "django", "django.request", "django.security", "django.server")
        for handler in logging.getLogger(name).handlers
        if not handler.__class__.__module__.startswith("_pytest")
    ]
    assert handlers
    assert all(any(isinstance(each, WithoutCodes) for each in handler.filters) for handler in handlers)


def test_other_words_pass_unchanged(log: io.StringIO) -> None:
    logging.getLogger("any").warning("%s took %d ms, %.1f%%", "/matters/7/?code=AB", 3, 2.5)
    assert "/matters/7/?code=… took 3 ms, 2.5%" in log.getvalue()


PHONE, NAME = "13812341234", "李四光"


def _twice() -> None:
    for _time in range(2):
        Account.objects.create(username=PHONE, name=NAME, password="!")


@pytest.mark.django_db
def test_a_database_that_refuses_a_row_is_quoted_without_the_row(log: io.StringIO) -> None:
    try:
        with transaction.atomic():
            _twice()
    except IntegrityError:
        logging.getLogger("any").exception("Account %s was not kept", 7)
    written = log.getvalue()
    assert "Account 7 was not kept" in written
    assert "UniqueViolation 23505 accounts_account" in written
    assert "direct cause" in written
    assert "in _twice" in written
    assert PHONE not in written
    assert NAME not in written


def _misread(words: str) -> int:
    try:
        return int(words)
    except ValueError:
        return dict[str, int]()[words]


def test_no_exception_brings_the_value_it_stumbled_over_into_the_log(log: io.StringIO) -> None:
    try:
        _misread(f"+{PHONE} {NAME}")
    except KeyError as error:
        logging.getLogger("any").error("Line %s cannot be read", 3, exc_info=error)
    written = log.getvalue()
    assert "\nValueError\n" in written
    assert written.endswith("\nKeyError\n")
    assert PHONE not in written


def test_what_speaks_of_the_machine_keeps_its_words() -> None:
    gone = FileNotFoundError(2, "No such file or directory", "store/ab")
    assert kind_of(gone) == "FileNotFoundError: [Errno 2] No such file or directory: 'store/ab'"
    assert kind_of(ValueError(PHONE)) == "ValueError"


def test_a_mail_server_that_refuses_somebody_is_quoted_without_whom() -> None:
    refused = smtplib.SMTPRecipientsRefused({"li@example.org": (550, b"no such user")})
    assert kind_of(refused) == "SMTPRecipientsRefused"


def test_an_exception_that_is_the_message_itself_is_its_kind(log: io.StringIO) -> None:
    logging.getLogger("any").error(ValueError(PHONE))
    assert log.getvalue().endswith(" any: ValueError\n")


def test_errors_that_name_each_other_as_their_cause_are_told_once(log: io.StringIO) -> None:
    first, second = ValueError(PHONE), KeyError(PHONE)
    first.__cause__, second.__cause__ = second, first
    logging.getLogger("any").error("Round and round", exc_info=first)
    assert log.getvalue().count("ValueError") == log.getvalue().count("KeyError") == 1


def test_who_develops_sees_the_whole() -> None:
    try:
        _misread(f"+{PHONE} {NAME}")
    except KeyError:
        record = logging.LogRecord("any", logging.ERROR, "", 1, "broken", (), sys.exc_info())
    assert WithoutCodes(values=True).filter(record)
    assert PHONE in str(record.exc_text)


def test_an_exception_named_in_a_message_is_its_kind_and_a_refusal_its_sentence(log: io.StringIO) -> None:
    logging.getLogger("any").warning("File %s: %s", 3, ValueError(PHONE))
    logging.getLogger("any").warning("Change %(key)s: %(why)s", {"key": 4, "why": Refused("It is too late.")})
    assert "File 3: ValueError\n" in log.getvalue()
    assert "Change 4: It is too late.\n" in log.getvalue()
    assert PHONE not in log.getvalue()
