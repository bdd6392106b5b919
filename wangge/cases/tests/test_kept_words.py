"""A form sent after its sender was signed out loses no word: they come back to the same person after signing in."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from wangge.accounts.middleware import SEEN
from wangge.cases import actions
from wangge.cases.models import Case
from wangge.cases.queries.buttons import step_url
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import PART, at_desk, words_of
from wangge.cases.views import keeping
from wangge.cases.workflow import BY_VERB, Stage

pytestmark = pytest.mark.django_db
WORDS = "绿化带里面，请带登高车。"


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.case_at(Stage.DISPATCHED)


def drawn(browser: Client, case: Case) -> tuple[str, dict[str, str]]:
    """The form of a step, with its hidden fields, as this browser shows it."""
    url = step_url(case, BY_VERB["comment"])
    page = browser.get(url)
    assert page.status_code == 200
    fields = {"seen": str(case.event_seq), "note": WORDS}
    return url, {**fields, "typed_by": keeping.signature(page.wsgi_request)}


def fall_asleep(browser: Client) -> None:
    session = browser.session
    session[SEEN] = (timezone.now() - settings.IDLE_SIGN_OUT - timedelta(minutes=1)).timestamp()
    session.save()


def test_the_form_says_for_whom_it_was_drawn(case: Case, cast: Cast) -> None:
    assert 'name="typed_by"' in at_desk(cast.clerk).get(step_url(case, BY_VERB["comment"])).content.decode()


def test_what_was_sent_after_an_idle_sign_out_comes_back_and_is_sent_once_more(
    case: Case, cast: Cast
) -> None:
    browser = at_desk(cast.clerk)
    url, fields = drawn(browser, case)
    fall_asleep(browser)

    answer = browser.post(url, fields)
    assert answer["Location"].endswith(f"next={url.replace('/', '%2F')}")
    assert Case.objects.get(pk=case.pk).event_seq == case.event_seq  # nothing was done

    browser.force_login(cast.clerk)
    page = browser.get(url)
    assert page.status_code == 200
    assert page.context["form"]["note"].value() == WORDS
    assert page.context["kept"] is True
    browser.post(url, {**fields})
    assert Case.objects.get(pk=case.pk).event_seq == case.event_seq + 1
    assert browser.get(url).context["form"]["note"].value() != WORDS  # given back once


def test_a_part_of_a_page_leads_the_whole_page_to_signing_in(case: Case, cast: Cast) -> None:
    browser = at_desk(cast.clerk)
    url, fields = drawn(browser, case)
    fall_asleep(browser)
    answer = browser.post(url, fields, headers=PART)
    assert answer.status_code == 200
    assert answer["HX-Redirect"].endswith(f"next={url.replace('/', '%2F')}")

    outside = Client().get(url, headers={**PART, "HX-Current-URL": "http://testserver/desk/?queue=late"})
    assert outside["HX-Redirect"].endswith("next=%2Fdesk%2F")


def test_a_session_that_is_gone_altogether_loses_no_word_either(case: Case, cast: Cast) -> None:
    url, fields = drawn(at_desk(cast.clerk), case)
    browser = Client()
    browser.post(url, fields)
    browser.force_login(cast.clerk)
    assert browser.get(url).context["form"]["note"].value() == WORDS


def test_another_person_at_the_same_machine_never_sees_them(case: Case, cast: Cast) -> None:
    url, fields = drawn(at_desk(cast.clerk), case)
    browser = Client()
    browser.post(url, fields)
    browser.force_login(cast.dispatcher)
    assert WORDS not in words_of(browser.get(url))
    assert keeping.KEPT not in browser.session


def test_words_wait_while_their_owner_looks_elsewhere_first(case: Case, cast: Cast) -> None:
    url, fields = drawn(at_desk(cast.clerk), case)
    browser = Client()
    browser.post(url, fields)
    browser.force_login(cast.clerk)
    browser.get(step_url(case, BY_VERB["accept"]))
    assert browser.get(url).context["form"]["note"].value() == WORDS


def test_a_matter_that_moved_meanwhile_is_still_told_when_they_are_sent(case: Case, cast: Cast) -> None:
    url, fields = drawn(at_desk(cast.clerk), case)
    browser = Client()
    browser.post(url, fields)
    actions.accept_case(case, by=cast.clerk)
    browser.force_login(cast.clerk)
    assert browser.get(url).context["form"].data["seen"] == fields["seen"]


@pytest.mark.parametrize("change", [{"typed_by": "forged"}, {"typed_by": ""}, {"note": "长" * 20_000}])
def test_words_of_nobody_knows_whom_and_floods_are_not_kept(
    case: Case, cast: Cast, change: dict[str, Any]
) -> None:
    url, fields = drawn(at_desk(cast.clerk), case)
    browser = Client()
    assert browser.post(url, {**fields, **change}).status_code == 302
    assert keeping.KEPT not in browser.session


def test_words_about_a_confidential_matter_wait_nowhere(case: Case, cast: Cast) -> None:
    url, fields = drawn(at_desk(cast.clerk), case)
    Case.objects.filter(pk=case.pk).update(confidential=True)
    browser = Client()
    browser.post(url, fields)
    assert keeping.KEPT not in browser.session


def test_a_form_about_a_confidential_matter_is_not_kept_on_the_machine(case: Case, cast: Cast) -> None:
    url = step_url(case, BY_VERB["comment"])
    assert f'data-keeps="case/{case.number}/comment"' in at_desk(cast.duty_chief).get(url).content.decode()
    page = at_desk(cast.duty_chief).get(step_url(case, BY_VERB["hide_case"])).content.decode()
    assert "data-step-form" not in page or "data-keeps" not in page
