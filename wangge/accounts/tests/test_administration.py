"""Three administrators, three sets of pages; every act leaves a trace."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from wangge.accounts import actions
from wangge.accounts.models import Account, AdminPost, AdminRole, Unit
from wangge.accounts.tests.conftest import PASSWORD, administrator, make
from wangge.audit.models import AccessEntry
from wangge.audit.verification import verify_access
from wangge.common.refusals import Refused

SYSTEM_PAGES = [
    "/administration/accounts/",
    "/administration/accounts/new/",
    "/administration/units/",
    "/administration/units/new/",
]
SECURITY_PAGES = ["/territory/posts/"]
AUDIT_PAGES = ["/administration/log/", "/administration/log/verification/"]


@pytest.fixture
def unit(db: None) -> Unit:
    return Unit.objects.create(code="CENTRE", name="内蒙古自治区鄂尔多斯市伊金霍洛旗综治中心", kind="centre")


def now():
    return timezone.now()


def issued_on(page: str) -> str:
    """Read the one-time password off the page."""
    found = re.search(r"wg-secret[^>]*>([^<]+)<", page)
    assert found is not None
    return found[1]


# -- Who may see what ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "own"),
    [(AdminRole.SYSTEM, SYSTEM_PAGES), (AdminRole.SECURITY, SECURITY_PAGES), (AdminRole.AUDIT, AUDIT_PAGES)],
)
def test_each_administrator_opens_the_own_pages_and_no_other(
    role: AdminRole, own: list[str], browser, db: None
):
    client = browser(administrator(role, "管理员"))
    for page in SYSTEM_PAGES + SECURITY_PAGES + AUDIT_PAGES:
        assert client.get(page).status_code == (200 if page in own else 403), page
    assert client.get("/administration/").headers["Location"] == own[0]


def test_nobody_with_a_post_opens_any_of_them(cast, browser):
    for person in cast.everyone.values():
        client = browser(person)
        for page in ["/administration/", *SYSTEM_PAGES, *SECURITY_PAGES, *AUDIT_PAGES]:
            assert client.get(page).status_code == 403, (person.username, page)


def test_strangers_are_asked_to_sign_in(db: None, client: Client):
    for page in SYSTEM_PAGES + SECURITY_PAGES + AUDIT_PAGES:
        assert client.get(page).headers["Location"].startswith("/signin/")


def test_the_bar_shows_administration_to_administrators_only(system: Account, worker: Account, browser):
    assert "/administration/" in browser(system).get("/account/").content.decode()
    assert "/administration/" not in browser(worker).get("/account/").content.decode()


# -- Accounts --------------------------------------------------------------------------------------------


def test_a_new_account_gets_a_password_that_is_shown_once_and_must_be_changed(
    system: Account, unit: Unit, browser
):
    client = browser(system)
    typed = {"username": "li.na", "name": "李娜", "phone": "13900001111", "unit": unit.pk}
    page = client.post("/administration/accounts/new/", typed).content.decode()
    password = issued_on(page)
    assert Client().post("/signin/", {"username": "li.na", "password": password}).status_code == 302
    made = Account.objects.get(username="li.na")
    assert made.must_change_password
    assert password not in client.get(f"/administration/accounts/{made.pk}/").content.decode()
    created = AccessEntry.objects.get(act="account_created")
    assert (created.account, created.subject_id) == (system, str(made.pk))
    assert password not in str(created.detail)


def test_a_name_already_taken_is_said_at_the_field_and_what_was_typed_stays(
    system: Account, worker: Account, browser
):
    response = browser(system).post(
        "/administration/accounts/new/", {"username": "zhang.wei", "name": "张薇"}
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["username"]
    assert "张薇" in response.content.decode()


def test_a_masked_phone_that_comes_back_leaves_the_number_alone(system: Account, worker: Account, browser):
    client, page = browser(system), f"/administration/accounts/{worker.pk}/"
    assert "138****1234" in client.get(page).content.decode()
    assert "13812341234" not in client.get(page).content.decode()
    client.post(page, {"name": "张大伟", "phone": "138****1234", "unit": ""})
    worker.refresh_from_db()
    assert (worker.name, worker.phone) == ("张大伟", "13812341234")
    assert AccessEntry.objects.get().detail == {"fields": ["name"]}


def test_saving_without_a_change_is_no_act(system: Account, worker: Account, browser):
    browser(system).post(
        f"/administration/accounts/{worker.pk}/", {"name": worker.name, "phone": "138****1234", "unit": ""}
    )
    assert not AccessEntry.objects.exists()


def test_a_closed_account_is_signed_out_at_once_and_can_be_opened_again(
    system: Account, worker: Account, browser
):
    theirs, mine = browser(worker), browser(system)
    mine.post(f"/administration/accounts/{worker.pk}/deactivation/")
    assert theirs.get("/account/").status_code == 302
    mine.post(f"/administration/accounts/{worker.pk}/reactivation/")
    assert browser(worker).get("/account/").status_code == 200
    assert list(AccessEntry.objects.values_list("act", flat=True)) == [
        "account_deactivated",
        "account_reactivated",
    ]


def test_what_is_closed_is_not_closed_again_nor_what_is_open_opened(
    system: Account, worker: Account, unit: Unit
):
    """An act that does nothing is no entry in the log; and a unit keeps the day on which it was closed."""
    with pytest.raises(Refused):
        actions.reactivate_account(worker, by=system, at=now())
    with pytest.raises(Refused):
        actions.reopen_unit(unit, by=system, at=now())
    actions.deactivate_account(worker, by=system, at=now())
    actions.close_unit(unit, by=system, at=now())
    with pytest.raises(Refused):
        actions.deactivate_account(worker, by=system, at=now())
    with pytest.raises(Refused):
        actions.close_unit(unit, by=system, at=now() + timedelta(days=9))
    assert unit.closed_on == timezone.localdate()
    assert AccessEntry.objects.count() == 2


def test_nobody_closes_their_own_account_or_the_last_administrator(system: Account, security: Account):
    with pytest.raises(Refused):
        actions.deactivate_account(system, by=system, at=now())
    with pytest.raises(Refused):
        actions.deactivate_account(security, by=system, at=now())
    second = make("he.2", "安全管理员二")
    AdminPost.objects.create(account=second, role=AdminRole.SECURITY)
    actions.deactivate_account(security, by=system, at=now())
    assert not security.is_active


def test_a_refusal_is_a_page_in_words(system: Account, browser):
    response = browser(system).post(f"/administration/accounts/{system.pk}/deactivation/")
    assert response.status_code == 409
    assert 'role="alert"' in response.content.decode()


def test_search_finds_by_part_of_name_account_and_unit(system: Account, worker: Account, unit: Unit, browser):
    Account.objects.filter(pk=worker.pk).update(unit=unit)
    client = browser(system)
    for words in ("张", "zhang", "伊金霍洛旗 张伟"):
        assert "zhang.wei" in client.get("/administration/accounts/", {"q": words}).content.decode()
    assert "zhang.wei" not in client.get("/administration/accounts/", {"q": "王"}).content.decode()


# -- Units -----------------------------------------------------------------------------------------------


def test_units_stand_as_a_tree(system: Account, unit: Unit, browser):
    client = browser(system)
    typed = {"code": "LAMPS", "name": "路灯所", "kind": "department", "parent": unit.pk}
    assert client.post("/administration/units/new/", typed).status_code == 302
    branches = client.get("/administration/units/").context["lines"]
    assert [(branch.unit.code, branch.depth) for branch in branches] == [("CENTRE", 0), ("LAMPS", 1)]


def test_a_unit_cannot_stand_below_itself(system: Account, unit: Unit, browser):
    below = Unit.objects.create(code="BELOW", name="下级", kind="station", parent=unit)
    typed = {"code": "CENTRE", "name": unit.name, "kind": "centre", "parent": below.pk}
    response = browser(system).post(f"/administration/units/{unit.pk}/", typed)
    assert list(response.context["form"].errors) == ["parent"]


def test_a_unit_with_people_is_not_closed(system: Account, unit: Unit, worker: Account):
    Account.objects.filter(pk=worker.pk).update(unit=unit)
    with pytest.raises(Refused):
        actions.close_unit(unit, by=system, at=now())
    Account.objects.filter(pk=worker.pk).update(is_active=False)
    actions.close_unit(unit, by=system, at=now())
    assert unit.closed_on == timezone.localdate()
    actions.reopen_unit(unit, by=system, at=now())
    assert unit.closed_on is None


# -- Rights ----------------------------------------------------------------------------------------------


def test_the_security_administrator_unlocks_and_issues_a_password(
    security: Account, worker: Account, browser
):
    locked = Client()
    for _time in range(5):
        locked.post("/signin/", {"username": "zhang.wei", "password": "wrong"})
    client = browser(security)
    client.post(f"/administration/accounts/{worker.pk}/unlocking/")
    assert locked.post("/signin/", {"username": "zhang.wei", "password": PASSWORD}).status_code == 302
    page = client.post(f"/administration/accounts/{worker.pk}/password/").content.decode()
    password = issued_on(page)
    assert Client().post("/signin/", {"username": "zhang.wei", "password": password}).status_code == 302


def test_the_system_administrator_issues_no_passwords_and_gives_no_rights(
    system: Account, worker: Account, browser
):
    client = browser(system)
    for page in (
        f"/administration/accounts/{worker.pk}/password/",
        f"/territory/people/{worker.pk}/administrator/",
    ):
        assert client.post(page).status_code == 403
    with pytest.raises(Refused):
        actions.issue_password(worker, by=system, at=now())
    with pytest.raises(Refused):
        actions.appoint_administrator(worker, role=AdminRole.AUDIT, by=system, at=now())


def test_nobody_gives_rights_to_themselves(security: Account):
    with pytest.raises(Refused):
        actions.appoint_administrator(security, role=AdminRole.SYSTEM, by=security, at=now())
    with pytest.raises(Refused):
        actions.dismiss_administrator(security, by=security, at=now())
    with pytest.raises(Refused):
        actions.issue_password(security, by=security, at=now())


def test_one_account_holds_one_administrator_role(security: Account, system: Account):
    with pytest.raises(Refused):
        actions.appoint_administrator(system, role=AdminRole.AUDIT, by=security, at=now())


def test_whoever_holds_a_post_becomes_no_administrator(security: Account, cast):
    with pytest.raises(Refused):
        actions.appoint_administrator(cast.duty_chief, role=AdminRole.AUDIT, by=security, at=now())


def test_the_last_administrator_of_a_kind_stays(security: Account, audit: Account, worker: Account):
    with pytest.raises(Refused):
        actions.dismiss_administrator(audit, by=security, at=now())
    actions.appoint_administrator(worker, role=AdminRole.AUDIT, by=security, at=now())
    actions.dismiss_administrator(audit, by=security, at=now())
    assert Account.objects.get(pk=audit.pk).admin_role is None


def test_whoever_holds_a_post_in_a_unit_stays_in_it_until_the_post_ends(system: Account, cast, browser):
    clerk, unit = cast.clerk, Unit.objects.create(code="OTHER", name="别的单位", kind="department")
    before = clerk.unit
    page = browser(system).post(
        f"/administration/accounts/{clerk.pk}/",
        {"username": clerk.username, "name": "新名字", "phone": "", "unit": unit.pk},
    )
    assert page.status_code == 422
    assert "新名字" in page.content.decode()
    assert Account.objects.get(pk=clerk.pk).unit == before
    actions.edit_account(clerk, name="新名字", phone="", unit=before, by=system, at=now())

    clerk.posts.update(ends_on=timezone.localdate())
    actions.edit_account(clerk, name="新名字", phone="", unit=unit, by=system, at=now())
    assert Account.objects.get(pk=clerk.pk).unit == unit
    detail = AccessEntry.objects.latest("id").detail
    assert detail == {"fields": ["unit"], "unit": [before.code, "OTHER"]}


def test_a_post_in_an_area_does_not_keep_anybody_in_a_unit(system: Account, cast):
    chief, unit = cast.duty_chief, cast.clerk.unit
    actions.edit_account(chief, name=chief.name, phone=chief.phone, unit=unit, by=system, at=now())
    assert Account.objects.get(pk=chief.pk).unit == unit


def test_everything_done_is_in_a_chain_that_verifies(system: Account, security: Account, unit: Unit):
    made = actions.create_account(username="li.na", name="李娜", by=system, at=now()).account
    actions.edit_account(made, name="李娜娜", phone="1", unit=unit, by=system, at=now())
    actions.issue_password(made, by=security, at=now())
    actions.appoint_administrator(made, role=AdminRole.AUDIT, by=security, at=now())
    assert AccessEntry.objects.count() == 4
    assert list(verify_access()) == []


# -- The first three -------------------------------------------------------------------------------------


def test_init_makes_three_administrators_with_passwords_shown_once(db: None, capsys):
    call_command("init", "--system", "ma", "--security", "he", "--audit", "lin")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[:3]]
    assert [line[0] for line in lines] == ["ma", "he", "lin"]
    for (username, password, *_title), role in zip(lines, AdminRole, strict=True):
        account = Account.objects.get(username=username)
        assert account.check_password(password)
        assert account.must_change_password
        assert account.admin_role == role


def test_init_is_refused_when_there_are_administrators(system: Account):
    with pytest.raises(Refused):
        call_command("init", "--system", "ma", "--security", "he", "--audit", "lin")
    assert Account.objects.count() == 1


def test_init_wants_three_persons(db: None):
    with pytest.raises(CommandError):
        call_command("init", "--system", "ma", "--security", "ma", "--audit", "lin")
