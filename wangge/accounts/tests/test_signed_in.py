"""Whoever is signed in: what ends, ends at the next request, though sessions and accounts are read by prepared statements."""

from datetime import date
from unittest import mock

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wangge.accounts.models import Account, Role
from wangge.accounts.tests.conftest import PASSWORD
from wangge.cases.tests.cast import Cast

ACCOUNT = "/account/"


@pytest.fixture
def browser(worker: Account) -> Client:
    client = Client()
    assert client.post("/signin/", {"username": "zhang.wei", "password": PASSWORD}).status_code == 302
    for _often in range(7):  # by now the statements are prepared
        assert client.get(ACCOUNT).status_code == 200
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


def test_a_closed_account_is_out_at_once(browser: Client, worker: Account) -> None:
    Account.objects.filter(pk=worker.pk).update(is_active=False)
    assert not is_signed_in(browser)


def test_a_new_password_ends_every_other_session(browser: Client, worker: Account) -> None:
    worker.set_password("Anderes-Pferd-8")
    worker.save()
    assert not is_signed_in(browser)
    assert not Session.objects.exists(), "and nothing of it stays"


def test_a_session_that_was_taken_away_or_has_run_out_is_none(browser: Client) -> None:
    kept = browser.cookies["sessionid"].value
    Session.objects.filter(pk=kept).update(expire_date=timezone.now())
    assert not is_signed_in(browser)
    browser.cookies["sessionid"] = kept
    Session.objects.all().delete()
    assert not is_signed_in(browser)


def test_who_signs_out_cannot_come_back_with_the_old_cookie(browser: Client) -> None:
    kept = browser.cookies["sessionid"].value
    browser.post(reverse("accounts:sign_out"))
    browser.cookies["sessionid"] = kept
    assert not is_signed_in(browser)


def test_another_name_and_another_post_hold_from_the_next_request(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.acceptor)
    for _often in range(7):
        assert client.get("/desk/").status_code == 200
    Account.objects.filter(pk=cast.acceptor.pk).update(name="改名的人")
    assert "改名的人" in client.get("/desk/").content.decode()
    cast.acceptor.posts.update(ends_on=date(2020, 2, 1))
    assert client.get("/desk/").status_code == 403
    cast.acceptor.posts.create(role=Role.DUTY_CHIEF, area=cast.place.county)
    assert client.get("/desk/").status_code == 200


def test_a_request_asks_for_session_and_account_once_each(browser: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        browser.get(ACCOUNT)
    told = " ".join(query["sql"] for query in asked).replace('"', "")
    assert told.count("FROM django_session") == 1
    assert told.count("FROM accounts_account ") == 1


def test_a_database_that_is_gone_is_not_taken_for_a_session_that_somebody_ended(browser: Client) -> None:
    session = browser.session
    gone = OperationalError("the server closed the connection")
    with mock.patch.object(Session, "save", side_effect=gone), pytest.raises(OperationalError):
        session.save()
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
