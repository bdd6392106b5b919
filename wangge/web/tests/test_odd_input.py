"""What nobody types and scanners send: it is answered in words, never with a broken page."""

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.test import Client, RequestFactory
from django.urls import reverse

from wangge.cases.models import Report
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import at_desk
from wangge.common.digits import whole_number
from wangge.common.unkept import json_of
from wangge.web.middleware import NoUnkept

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("address", "status"),
    [("/desk/?q=%00", 200), ("/desk/?gr%00oup=%00", 200), ("/matters/?q=%0%0000", 200), ("/cases/%00/", 404)],
)
def test_an_address_is_read_without_nul(cast: Cast, address: str, status: int) -> None:
    response = at_desk(cast.duty_chief).get(address)
    assert response.status_code == status
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize("alphabet", ["utf-7", "unicode_escape"])
def test_an_address_is_read_in_utf_8_whatever_is_said_of_it(cast: Cast, alphabet: str) -> None:
    client, said = at_desk(cast.duty_chief), f"text/plain; charset={alphabet}"
    assert client.get("/matters/?q=%2B2D0-%5Cu0000", CONTENT_TYPE=said).status_code == 200


@pytest.mark.parametrize("form", [FORM, "multipart/form-data; boundary=x"])
@pytest.mark.parametrize(
    ("alphabet", "status"), [("gbk", 400), ("utf-7", 400), ("us-ascii", 302), ("utf-8", 302)]
)
def test_a_form_in_another_alphabet_is_not_guessed_at(
    cast: Cast, form: str, alphabet: str, status: int
) -> None:
    body = (
        b"language=en"
        if form == FORM
        else b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
    )
    asked = Client().post(reverse("web:language"), body, content_type=f"{form}; charset={alphabet}")
    assert asked.status_code == status


def test_what_is_left_of_a_query_makes_no_other_nul(cast: Cast) -> None:
    response = at_desk(cast.duty_chief).get("/matters/?q=%0%000&page=1%00&a=100%2500")
    assert response.wsgi_request.GET.dict() == {"q": "", "page": "1", "a": "100%00"}


@pytest.mark.parametrize("with_files", [False, True])
def test_a_form_is_read_without_nul_and_nothing_that_was_typed_is_lost(cast: Cast, with_files: bool) -> None:
    report = cast.report()
    typed = {"decision": "publish", "te\0xt": "现在\0更暗了"}
    address, client = reverse("cases:publication", args=[report.number]), at_desk(cast.acceptor)
    if with_files:
        client.post(address, typed)
    else:
        client.post(address, urlencode(typed), content_type=FORM)
    assert Report.objects.get(pk=report.pk).public_text == "现在更暗了"


def test_a_form_with_a_file_keeps_what_is_in_the_file() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        assert request.POST.getlist("words") == ["a", "b"]
        given = request.FILES["photo"]
        assert isinstance(given, UploadedFile)
        return HttpResponse(f"{given.name} ".encode() + given.read())

    given = SimpleUploadedFile("a.bin", b"x\0y")
    request = RequestFactory().post("/", {"words": ["\0a", "b\0"], "photo": given})
    assert NoUnkept(view)(request).content == b"a.bin x\0y"


def test_a_form_that_cannot_be_read_is_for_its_view_to_refuse() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        with pytest.raises(MultiPartParserError):
            _read = request.POST
        return HttpResponse("refused in its own words")

    request = RequestFactory().post("/", b"x", content_type="multipart/form-data")
    assert NoUnkept(view)(request).content == b"refused in its own words"


def test_a_cookie_with_nul_is_nobodys(cast: Cast) -> None:
    response = Client().get("/desk/", headers={"Cookie": 'sessionid="a\\000b"; csrftoken="\\000"'})
    assert response.status_code == 302


@pytest.mark.parametrize("sign", ["\\u0000", "\\ud83d"])
def test_json_is_read_without_what_no_database_keeps(sign: str) -> None:
    said = f'{{"na{sign}me": ["甲{sign}网格", {{"deep": "{sign}"}}, 1, null]}}'
    request = RequestFactory().post("/", said.encode(), content_type="application/json")
    assert json_of(request) == {"name": ["甲网格", {"deep": ""}, 1, None]}


def test_json_that_is_written_out_twice_is_words() -> None:
    request = RequestFactory().post(
        "/", b'{"a": "\\\\u0000 \xf0\x9f\x92\xa1"}', content_type="application/json"
    )
    assert json_of(request) == {"a": "\\u0000 💡"}


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
