"""Three administrators, a new colleague, and somebody who guesses passwords."""

from playwright.sync_api import Page, expect

from journeys import town
from journeys.browser import DESK, House
from journeys.roads import person
from journeys.screenshots import shot
from wangge.accounts.models import Account
from wangge.audit.models import AccessEntry

OWN = "Lanshui-Qiao-2026"


def _sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/signin/")
    page.locator("#id_username").fill(username)
    page.locator("#id_password").fill(password)
    page.locator("form.card button[type=submit]").click()


def test_a_new_colleague_gets_a_one_time_password_a_post_and_must_choose_an_own_password(
    house: House,
) -> None:
    system = house.person(town.SYSTEM_ADMIN)
    system.goto("/administration/accounts/")
    shot(system, "administration-accounts")
    system.locator("a[href$='/accounts/new/']").click()
    system.locator("#id_username").fill("xinren")
    system.locator("#id_name").fill("新来的小林")
    system.locator("#id_unit").select_option(index=1)
    system.locator("main form .btn-primary").click()
    once = system.locator(".wg-secret").inner_text().strip()
    assert len(once) >= 10
    assert not Account.objects.get(username="xinren").check_password("")

    security = house.person(town.SECURITY_ADMIN)
    security.goto(f"/territory/people/{person('xinren').pk}/posts/")
    shot(security, "administration-posts")
    security.locator("form[role=search] [name=q]").fill(town.COUNTY)
    security.locator("form[role=search] button").click()
    form = security.locator("form:has([name=area])")
    form.locator("[name=area]").first.check()
    form.locator("[name=role]").select_option("acceptor")
    form.locator("button[type=submit]").click()
    expect(security.locator("section:has(#posts) tbody tr")).to_have_count(1)

    colleague = house.visitor(DESK)
    _sign_in(colleague, "xinren", once)
    colleague.wait_for_url("**/account/password/**")
    colleague.goto("/desk/")
    assert "/account/password/" in colleague.url
    for name, value in (("old", once), ("new", OWN), ("again", OWN)):
        colleague.locator(f"#id_{name}").fill(value)
    colleague.locator("main form .btn-primary").click()
    colleague.goto("/desk/")
    expect(colleague.locator("[data-desk]")).to_be_visible()

    audit = house.person(town.AUDIT_ADMIN)
    audit.goto("/administration/log/")
    expect(audit.locator("main")).to_contain_text("新来的小林")
    shot(audit, "access-log")
    assert AccessEntry.objects.filter(subject_kind="account", subject_id=str(person("xinren").pk)).exists()


def test_five_wrong_passwords_lock_the_name_and_the_security_administrator_opens_it(house: House) -> None:
    account = Account.objects.create_user("suoding", OWN, name="被锁的小何")
    guesser = house.visitor(DESK)
    for _ in range(5):
        _sign_in(guesser, "suoding", "wrong-guess-1")
    _sign_in(guesser, "suoding", OWN)
    expect(guesser.locator("h1")).to_be_visible()
    assert guesser.goto("/desk/") is not None
    assert "/signin/" in guesser.url

    security = house.person(town.SECURITY_ADMIN)
    security.goto(f"/territory/people/{account.pk}/posts/")
    security.locator("form[action$='/unlocking/'] button").click()
    expect(security.locator("form[action$='/unlocking/']")).to_have_count(0)
    _sign_in(guesser, "suoding", OWN)
    guesser.wait_for_url("**/account/**")


def test_a_visitor_of_the_demo_walks_in_as_a_person_and_out_again(house: House) -> None:
    page = house.visitor(DESK)
    page.goto("/signin/")
    shot(page, "sign-in")
    page.locator(f"button[name=demo][value='{town.DISPATCHER}']").click()
    expect(page.locator("[data-desk]")).to_be_visible()
    page.locator(".wg-menu summary").last.click()
    page.locator("form[action$='/signout/'] button").click()
    page.wait_for_url("**/signin/")
    page.goto("/desk/")
    assert "/signin/" in page.url
