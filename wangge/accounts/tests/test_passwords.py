"""Choosing passwords, and being asked for a new one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config import settings as shipped
from wangge.accounts import actions
from wangge.accounts.models import Account
from wangge.accounts.tests.conftest import PASSWORD
from wangge.audit.models import AccessEntry
from wangge.common.refusals import Refused

PAGE = "/account/password/"
GOOD = "Neuer-Anfang-88"


def change(client, new: str = GOOD, old: str = PASSWORD, again: str | None = None):
    return client.post(PAGE, {"old": old, "new": new, "again": again or new})


def test_a_new_password_keeps_this_session_and_ends_the_others(worker: Account, browser):
    here, there = browser(worker), browser(worker)
    assert change(here).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert AccessEntry.objects.get().act == "password_changed"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("Kurz-1a", "short"),
        ("nurkleinebuchstaben", "kinds"),
        ("zhang.wei-1A", "like the name"),
        (PASSWORD, "present"),
    ],
)
def test_a_password_against_the_rules_is_refused_at_its_field(worker: Account, browser, new: str, why: str):
    response = change(browser(worker), new)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["new"]
    worker.refresh_from_db()
    assert worker.check_password(PASSWORD)


def test_the_rules_stand_on_the_page_before_anything_goes_wrong(worker: Account, browser):
    assert "10" in browser(worker).get(PAGE).content.decode()


def test_the_present_password_must_be_known(worker: Account, browser):
    assert list(change(browser(worker), old="guessed").context["form"].errors) == ["old"]


def test_the_two_new_ones_must_be_the_same(worker: Account, browser):
    assert list(change(browser(worker), again="Etwas-Anderes-9").context["form"].errors) == ["again"]


def test_the_last_five_cannot_be_used_again_but_the_sixth_can(worker: Account):
    used = [PASSWORD, *(f"Wechsel-Nummer-{number}" for number in range(5))]
    for new in used[1:]:
        actions.change_password(worker, new=new, at=timezone.now())
    for recent in used[1:]:
        with pytest.raises(Refused):
            actions.change_password(worker, new=recent, at=timezone.now())
    actions.change_password(worker, new=PASSWORD, at=timezone.now())
    assert worker.old_passwords.count() <= 5


def test_whoever_has_an_issued_password_can_only_choose_another(worker: Account, browser):
    Account.objects.update(must_change_password=True)
    client = browser(worker)
    assert client.get("/account/").headers["Location"] == PAGE
    assert client.get("/start/").headers["Location"] == PAGE
    change(client)
    assert client.get("/account/").status_code == 200


def test_an_old_password_must_be_renewed(worker: Account, browser, settings):
    Account.objects.update(
        password_changed_at=timezone.now() - settings.PASSWORD_MAX_AGE - timedelta(hours=1)
    )
    assert browser(worker).get("/account/").headers["Location"] == PAGE


def test_even_then_one_may_leave_or_switch_the_language(worker: Account, browser):
    Account.objects.update(must_change_password=True)
    client = browser(worker)
    assert client.post("/language/", {"language": "en", "next": PAGE}).headers["Location"] == PAGE
    assert client.post("/signout/").headers["Location"] == "/signin/"


def test_passwords_are_stored_with_argon2():
    assert shipped.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
