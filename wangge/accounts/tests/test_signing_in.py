"""Signing in, being locked out, leaving."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wangge.accounts.middleware import SEEN
from wangge.accounts.models import Account
from wangge.accounts.queries import locked_usernames, recent_sign_ins
from wangge.accounts.tests.conftest import PASSWORD
from wangge.audit.models import AccessEntry

SIGN_IN = "/signin/"


def attempt(client: Client, password: str, username: str = "zhang.wei", **more: str):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def acts() -> list[str]:
    return list(AccessEntry.objects.order_by("id").values_list("act", flat=True))


def test_the_right_password_leads_to_where_the_work_begins_and_is_in_the_log(worker: Account, client: Client):
    response = attempt(client, PASSWORD)
    assert response.headers["Location"] == reverse("web:start")
    entry = AccessEntry.objects.get()
    assert (entry.act, entry.account, entry.detail) == ("sign_in", worker, {"how": "password"})


def test_somebody_who_was_sent_to_sign_in_comes_back_to_the_page(worker: Account, client: Client):
    assert attempt(client, PASSWORD, next="/account/").headers["Location"] == "/account/"


def test_the_way_back_never_leads_to_another_site(worker: Account, client: Client):
    assert attempt(client, PASSWORD, next="https://elsewhere.example/").headers["Location"] == reverse(
        "web:start"
    )


@pytest.mark.parametrize("wrong", ["wrong", "", "x" * 5000])
def test_a_wrong_password_says_nothing_about_which_part_was_wrong(
    worker: Account, client: Client, wrong: str
):
    known = attempt(client, wrong)
    unknown = attempt(client, wrong, username="nobody")
    assert known.status_code == unknown.status_code == 422
    assert known.context["form"].errors == unknown.context["form"].errors


def test_what_was_typed_as_an_unknown_name_is_not_kept(worker: Account, client: Client):
    attempt(client, "wrong", username="my-secret-typed-here")
    assert AccessEntry.objects.get().subject_id == ""


def test_a_closed_account_cannot_sign_in(worker: Account, client: Client):
    Account.objects.update(is_active=False)
    assert attempt(client, PASSWORD).status_code == 422


def test_five_failures_lock_the_name_and_say_how_long(worker: Account, client: Client):
    for _time in range(5):
        response = attempt(client, "wrong")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "900"
    assert "15" in response.content.decode()
    assert attempt(client, PASSWORD).status_code == 429
    assert locked_usernames() == {"zhang.wei"}


def test_a_lockout_from_one_place_leaves_other_places_free(worker: Account, client: Client):
    for _time in range(5):
        attempt(client, "wrong")
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert attempt(elsewhere, PASSWORD).status_code == 302


def test_a_person_sees_the_failed_attempts_too(worker: Account, client: Client):
    attempt(client, "wrong")
    attempt(client, PASSWORD)
    seen = recent_sign_ins(worker, at=timezone.now())
    assert [entry.act for entry in seen] == ["sign_in", "sign_in_failed"]
    assert "127.0.0.1" in client.get("/account/").content.decode()


def test_signing_out_ends_the_session(worker: Account, browser):
    client = browser(worker)
    assert client.post("/signout/").headers["Location"] == SIGN_IN
    assert client.get("/account/").status_code == 302
    assert acts() == ["sign_out"]


def test_a_link_cannot_sign_anybody_out(worker: Account, browser):
    assert browser(worker).get("/signout/").status_code == 405


def test_a_desk_left_alone_is_signed_out_and_told_why(worker: Account, browser, settings):
    client = browser(worker)
    client.get("/account/")
    session = client.session
    session[SEEN] = (timezone.now() - settings.IDLE_SIGN_OUT - timedelta(seconds=1)).timestamp()
    session.save()
    response = client.get("/account/", follow=True)
    assert response.request["PATH_INFO"] == SIGN_IN
    assert len(response.context["messages"]) == 1


def test_a_page_that_renews_itself_does_not_count_as_work(worker: Account, browser):
    client = browser(worker)
    client.get("/account/")
    before = timezone.now().timestamp() - 600
    session = client.session
    session[SEEN] = before
    session.save()
    client.get("/account/", headers={"X-Polling": "1"})
    assert client.session[SEEN] == before
    client.get("/account/")
    assert client.session[SEEN] > before


def test_the_language_of_the_account_is_taken_up_when_signing_in(worker: Account, client: Client):
    Account.objects.update(language="en")
    attempt(client, PASSWORD)
    assert client.cookies["language"].value == "en"
    assert "Recent sign-ins" in client.get("/account/").content.decode()


# -- The demo --------------------------------------------------------------------------------------------


@pytest.fixture
def guest(worker: Account) -> Account:
    worker.demo_hint = "受理居民来的诉求"
    worker.save()
    return worker


def test_in_a_demo_one_press_is_enough(guest: Account, client: Client, settings):
    settings.DEMO = True
    assert "受理居民来的诉求" in client.get(SIGN_IN).content.decode()
    assert client.post(SIGN_IN, {"demo": "zhang.wei"}).headers["Location"] == reverse("web:start")
    assert AccessEntry.objects.get().detail == {"how": "demo"}


def test_what_to_try_is_said_in_the_readers_language(guest: Account, client: Client, settings):
    settings.DEMO = True
    Account.objects.filter(pk=guest.pk).update(demo_hint_en="Receive what residents say")
    client.cookies["language"] = "en"
    page = client.get(SIGN_IN).content.decode()
    assert "Receive what residents say" in page
    assert "受理居民来的诉求" not in page


def test_outside_a_demo_nobody_is_listed_and_the_press_does_nothing(guest: Account, client: Client, settings):
    settings.DEMO = False
    assert "受理居民来的诉求" not in client.get(SIGN_IN).content.decode()
    assert client.post(SIGN_IN, {"demo": "zhang.wei"}).headers["Location"] == SIGN_IN
    assert "_auth_user_id" not in client.session


def test_in_a_demo_only_people_with_a_hint_are_open(worker: Account, client: Client, settings):
    settings.DEMO = True
    client.post(SIGN_IN, {"demo": "zhang.wei"})
    assert "_auth_user_id" not in client.session


def test_production_is_never_a_demo():
    """Read the settings as an installation does, in a process of its own."""
    import os
    import subprocess
    import sys

    environment = {**os.environ, "WANGGE_PRODUCTION": "1", "WANGGE_DEMO": "1", "WANGGE_HOSTS": "example.org"}
    said = subprocess.run(
        [sys.executable, "-c", "from config import settings; print(settings.DEMO, settings.DEBUG)"],
        env={**environment, "WANGGE_DEBUG": "1"},
        capture_output=True,
        text=True,
    )
    assert said.stdout.split() == ["False", "False"], said.stderr
