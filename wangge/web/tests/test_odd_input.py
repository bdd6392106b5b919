"""What nobody types and scanners send: it is answered in words, never with a broken page."""

import pytest
from django.urls import reverse

from wangge.cases.models import Report
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import at_desk
from wangge.common.digits import whole_number

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("address", ["/desk/?q=%00", "/desk/?group=%00", "/cases/%00/", "/matters/?q=a%00b"])
def test_an_address_with_nul_is_answered_with_a_page(cast: Cast, address: str) -> None:
    response = at_desk(cast.duty_chief).get(address)
    assert response.status_code == 400
    assert "<h1" in response.content.decode()


def test_a_form_with_nul_changes_nothing(cast: Cast) -> None:
    report = cast.report()
    client = at_desk(cast.acceptor)
    for name, body in (
        ("cases:publication", "decision=publish&text=a%00b"),
        ("cases:contact", "purpose=call%00back"),
    ):
        response = client.post(reverse(name, args=[report.number]), body, content_type=FORM)
        assert response.status_code == 400
    assert Report.objects.get(pk=report.pk).published_at is None


@pytest.mark.parametrize("typed", [{"text": "a\0b"}, {"a\0b": "x"}, {"photo": ["x", "\0"]}])
def test_a_form_with_files_and_nul_changes_nothing(cast: Cast, typed: dict[str, str]) -> None:
    report = cast.report()
    address = reverse("cases:publication", args=[report.number])
    response = at_desk(cast.acceptor).post(address, {"decision": "publish", **typed})
    assert response.status_code == 400
    assert Report.objects.get(pk=report.pk).published_at is None


def test_words_that_hold_the_three_signs_of_an_escape_are_words(cast: Cast) -> None:
    report = cast.report()
    address = reverse("cases:publication", args=[report.number])
    client = at_desk(cast.acceptor)
    client.post(address, "decision=publish&text=100%2500", content_type=FORM)
    assert Report.objects.get(pk=report.pk).public_text == "100%00"


@pytest.mark.parametrize(
    "address",
    [
        "/cases/classes/?matter=²",
        "/cases/classes/?matter=" + "9" * 5000,
        "/desk/?area=²&unit=³",
        "/desk/?q=²",
        "/desk/?q=" + "9" * 19,
        "/matters/?page=" + "9" * 5000,
        "/matters/?page=²",
    ],
)
def test_odd_digits_are_no_number(cast: Cast, address: str) -> None:
    assert at_desk(cast.duty_chief).get(address).status_code == 200


def test_a_step_asked_for_an_odd_class_shows_its_form(cast: Cast) -> None:
    address = reverse("cases:report_step", args=[cast.report().number, "filing"])
    assert at_desk(cast.duty_chief).get(address, {"matter": "²"}).status_code == 200


def test_only_short_ascii_digits_are_a_number() -> None:
    assert whole_number("0012") == 12
    assert [whole_number(text) for text in ("", "²", "١٢", "-1", "1.0", "9" * 19)] == [None] * 6
