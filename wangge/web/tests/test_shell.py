"""The frame around every page: language, looks, the bar, and what happens when something goes wrong."""

import json

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from wangge.accounts.models import Account, AdminRole, Role
from wangge.accounts.tests.people import administrator
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.web.navigation import navigation_of, start_of
from wangge.web.views import errors


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refused("<先签收>，再办理")


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def hide(request: HttpRequest) -> HttpResponse:
    raise Http404


def fail(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def hurry(request: HttpRequest) -> HttpResponse:
    return errors.too_many(request, "请一分钟后再试")


urlpatterns = [
    path("refuse/", refuse),
    path("forbid/", forbid),
    path("hide/", hide),
    path("fail/", fail),
    path("hurry/", hurry),
    path("", include("config.urls")),
]
handler400, handler403 = "wangge.web.views.errors.bad_request", "wangge.web.views.errors.forbidden"
handler404, handler500 = "wangge.web.views.errors.not_found", "wangge.web.views.errors.broken"

SIGN_IN = "/signin/"


@pytest.fixture
def here(settings, db: None) -> None:
    settings.ROOT_URLCONF = __name__


def signed_in(account: Account) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


# -- Language and looks ----------------------------------------------------------------------------------


def test_chinese_is_spoken_whatever_the_browser_asks_for(db: None, client: Client):
    response = client.get(SIGN_IN, headers={"Accept-Language": "en-US"})
    assert 'lang="zh-hans"' in response.content.decode()
    assert response.headers["Content-Language"] == "zh-hans"


def test_a_press_switches_the_language_and_comes_back(db: None, client: Client):
    response = client.post("/language/", {"language": "en", "next": SIGN_IN})
    assert response.headers["Location"] == SIGN_IN
    assert 'lang="en"' in client.get(SIGN_IN).content.decode()


def test_the_language_is_kept_with_the_account(cast: Cast):
    signed_in(cast.acceptor).post("/language/", {"language": "en"})
    assert Account.objects.get(pk=cast.acceptor.pk).language == "en"


@pytest.mark.parametrize("language", ["xx", "", "../en"])
def test_an_unknown_language_changes_nothing(db: None, client: Client, language: str):
    client.post("/language/", {"language": language})
    assert "language" not in client.cookies


def test_the_switch_never_leads_to_another_site(db: None, client: Client):
    assert (
        client.post("/display/", {"theme": "dark", "next": "//elsewhere.example"}).headers["Location"] == "/"
    )


def test_theme_and_large_print_are_remembered_and_taken_back(db: None, client: Client):
    client.post("/display/", {"theme": "dark"})
    client.post("/display/", {"large": "1"})
    page = client.get(SIGN_IN).content.decode()
    assert 'data-bs-theme="dark"' in page
    assert "wg-large" in page
    client.post("/display/", {"theme": "auto"})
    client.post("/display/", {"large": "0"})
    page = client.get(SIGN_IN).content.decode()
    assert "data-bs-theme" not in page
    assert "wg-large" not in page


# -- The bar ---------------------------------------------------------------------------------------------


def names(account: Account) -> list[str]:
    return [item.icon for item in navigation_of(account)]


def test_everybody_starts_where_their_work_is(cast: Cast):
    expected = {
        "acceptor": "/desk/",
        "duty_chief": "/desk/",
        "dispatcher": "/desk/",
        "clerk": "/unit/",
        "grid_worker": "/tasks/",
        "overseer": "/desk/",
    }
    assert {name: start_of(cast.everyone[name]) for name in expected} == expected


def test_administrators_see_administration_and_nothing_else(db: None):
    account = administrator(AdminRole.SYSTEM, "ma", "老马")
    assert names(account) == ["settings"]


def test_whoever_has_no_post_lands_on_the_own_account(db: None):
    account = Account.objects.create(username="xin", name="小辛", password="!")
    assert signed_in(account).get("/start/").headers["Location"] == "/account/"
    assert names(account) == []


def test_the_case_page_belongs_to_the_desk(cast: Cast):
    here = [item.icon for item in navigation_of(cast.acceptor, "/cases/2026-000001/") if item.is_here]
    assert here == ["inbox"]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_somewhere_to_begin(cast: Cast, role: Role):
    person = cast.person("someone", "某人", role, cast.place.county, cast.lamps)
    assert start_of(person) != "/account/"


# -- When something goes wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "status"), [("refuse", 409), ("forbid", 403), ("hide", 404), ("hurry", 429), ("nowhere", 404)]
)
def test_an_error_is_a_page_with_words_and_a_way_on(here, cast: Cast, page: str, status: int):
    for client in (Client(), signed_in(cast.acceptor)):
        response = client.get(f"/{page}/")
        body = response.content.decode()
        assert response.status_code == status
        assert 'role="alert"' in body
        assert 'class="btn btn-primary"' in body


def test_a_refusal_says_its_sentence_and_leads_back(here, client: Client):
    response = client.get("/refuse/", headers={"Referer": "http://testserver/signin/"})
    body = response.content.decode()
    assert "&lt;先签收&gt;，再办理" in body
    assert 'href="http://testserver/signin/"' in body


def test_the_way_back_is_never_another_site(here, client: Client):
    body = client.get("/refuse/", headers={"Referer": "https://elsewhere.example/"}).content.decode()
    assert "elsewhere" not in body


def test_a_part_of_a_page_gets_the_bare_sentence(here, client: Client):
    response = client.get("/refuse/", headers={"HX-Request": "true"})
    assert (response.status_code, response.content.decode()) == (409, "<先签收>，再办理")
    assert response.headers["Content-Type"].startswith("text/plain")


def test_a_broken_page_apologises_in_both_languages_without_the_database(here):
    response = Client(raise_request_exception=False).get("/fail/")
    body = response.content.decode()
    assert response.status_code == 500
    assert "出错了" in body
    assert 'lang="en"' in body
    assert "ZeroDivisionError" not in body


def test_a_form_of_a_page_open_too_long_says_that_nothing_changed(here, db: None):
    response = Client(enforce_csrf_checks=True).post(SIGN_IN, {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert 'role="alert"' in response.content.decode()


def test_without_network_there_is_a_page_to_keep(client: Client):
    assert "没有网络" in client.get("/offline/").content.decode()


def _how_long_kept(client: Client, address: str) -> str:
    answer = client.get(address)
    answer.close()
    return answer.headers["Cache-Control"]


@pytest.mark.django_db  # the end of an answer from a file lets go of connections, and those before may have left one
def test_what_is_named_by_its_content_is_never_asked_for_again(client: Client) -> None:
    manifest = json.loads((settings.BASE_DIR / "build" / "front" / "manifest.json").read_text())
    built = [f"/static/{entry['file']}" for entry in manifest.values()]
    assert built
    assert [address for address in built if "immutable" not in _how_long_kept(client, address)] == []
    assert "immutable" not in _how_long_kept(client, "/static/web/icon.svg")
