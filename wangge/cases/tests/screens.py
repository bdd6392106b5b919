"""What tests of pages have in common: signing people in, taking a step through its form, reading a page."""

import re
from html import unescape
from typing import Any

from django.test import Client

from wangge.accounts.models import Account
from wangge.cases.models import Case, Report
from wangge.cases.queries.buttons import step_url
from wangge.cases.workflow import BY_VERB

PART = {"HX-Request": "true"}


def at_desk(person: Account) -> Client:
    """A browser in which this person is signed in."""
    browser = Client()
    browser.force_login(person)
    return browser


def take(person: Account, subject: Report | Case, verb: str, **answers: Any) -> Any:
    """Open a step's form as this person and send it as it was drawn, with these answers."""
    browser, url = at_desk(person), step_url(subject, BY_VERB[verb])
    drawn = browser.get(url)
    assert drawn.status_code == 200
    return browser.post(url, {"seen": drawn.context["form"]["seen"].value(), **answers})


def words_of(response: Any) -> str:
    """The text of a page without its markup."""
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))
