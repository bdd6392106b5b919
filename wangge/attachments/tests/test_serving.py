from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from wangge.accounts.models import Person
from wangge.attachments import actions, permissions
from wangge.attachments.models import Attachment
from wangge.attachments.store import LocalStore
from wangge.attachments.tests import samples
from wangge.attachments.tests.conftest import MONDAY, attached
from wangge.common.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo() -> Attachment:
    return attached()


@pytest.fixture
def clerk_may_see(clerk: Any, photo: Attachment) -> Iterator[None]:
    """The owner of reports says: the clerk may see the files of this one."""

    def may_see(viewer: Person, subject_id: UUID) -> bool:
        return viewer == clerk and subject_id == photo.subject_id

    permissions.register("report", may_see)
    yield
    permissions.unregister("report")


def signed_in(account: Any) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.mark.usefixtures("clerk_may_see")
def test_an_unpublished_photo_is_there_for_who_may_see_it_and_for_nobody_else(
    photo: Attachment, clerk: Any, stranger: Any
) -> None:
    for url in (photo.thumb_url, photo.medium_url, photo.full_url):
        assert signed_in(clerk).get(url).status_code == 200
        assert signed_in(stranger).get(url).status_code == 404
        assert Client().get(url).status_code == 404


def test_without_a_word_from_the_owner_of_the_subject_nobody_sees_it(photo: Attachment, clerk: Any) -> None:
    assert signed_in(clerk).get(photo.full_url).status_code == 404


@pytest.mark.usefixtures("clerk_may_see")
def test_a_sealed_photo_needs_a_second_permission(photo: Attachment, clerk: Any, stranger: Any) -> None:
    actions.seal(photo)
    assert signed_in(clerk).get(photo.full_url).status_code == 404
    permissions.register(
        "report", lambda viewer, _id: True, may_see_sealed=lambda viewer, _id: viewer == clerk
    )
    assert signed_in(clerk).get(photo.full_url).status_code == 200
    assert signed_in(stranger).get(photo.full_url).status_code == 404


@pytest.mark.usefixtures("clerk_may_see")
def test_a_private_answer_is_kept_by_nobody_on_the_way(photo: Attachment, clerk: Any) -> None:
    response = signed_in(clerk).get(photo.full_url)
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]


def test_a_published_photo_is_everybodys_in_one_query_until_it_is_taken_back(
    photo: Attachment, clerk: Any, store: LocalStore, django_assert_num_queries: Any
) -> None:
    actions.publish(photo, by=clerk, at=MONDAY)
    with django_assert_num_queries(1):
        response = Client().get(photo.full_url)
    with store.open(photo.sha256) as file:
        assert response.content == file.read()
    assert response["Content-Type"] == "image/jpeg"
    assert "public" in response["Cache-Control"]
    assert "immutable" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == f'inline; filename="{photo.pk}.jpg"'
    actions.withhold(photo)
    assert Client().get(photo.full_url).status_code == 404


def test_who_has_the_newest_copy_gets_an_empty_answer(photo: Attachment, clerk: Any) -> None:
    actions.publish(photo, by=clerk, at=MONDAY)
    first = Client().get(photo.thumb_url)
    assert first["ETag"] == f'"{photo.thumb_sha256}"'
    again = Client().get(photo.thumb_url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_having_a_copy_does_not_open_the_door(photo: Attachment) -> None:
    response = Client().get(photo.thumb_url, headers={"If-None-Match": f'"{photo.thumb_sha256}"'})
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("bytes=0-3", slice(0, 4)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-10", slice(-10, None)),
        ("bytes=0-", slice(0, None)),
    ],
)
def test_a_telephone_may_ask_for_a_part_of_a_recording(clerk: Any, wanted: str, expected: slice) -> None:
    recording = attached(samples.wav())
    permissions.register("report", lambda viewer, _id: True)
    response = signed_in(clerk).get(recording.full_url, headers={"Range": wanted})
    permissions.unregister("report")
    assert response.status_code == 206
    assert response.content == samples.wav()[expected]
    assert response["Content-Range"].endswith(f"/{recording.size}")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Range": "bytes=999999-"}, 416),
        ({"Range": "bytes=-"}, 200),
        ({"Range": "lines=1-2"}, 200),
        ({"Range": "bytes=0-3", "If-Range": '"another"'}, 200),
    ],
)
def test_an_odd_range_is_answered_by_the_book(
    photo: Attachment, clerk: Any, headers: dict[str, str], status: int
) -> None:
    actions.publish(photo, by=clerk, at=MONDAY)
    assert Client().get(photo.full_url, headers=headers).status_code == status


def test_a_pdf_is_saved_under_its_name_and_never_opened_on_our_address(clerk: Any) -> None:
    document = attached(samples.PDF)
    permissions.register("report", lambda viewer, _id: True)
    response = signed_in(clerk).get(document.full_url)
    permissions.unregister("report")
    assert response["Content-Disposition"] == 'attachment; filename="photo.pdf"'
    assert Client().get(document.thumb_url).status_code == 404


@pytest.mark.parametrize("path", ["huge", "../full", ""])
def test_other_sizes_do_not_exist(photo: Attachment, path: str) -> None:
    assert Client().get(f"/files/{photo.pk}/{path}").status_code == 404


def test_what_never_was_and_what_lost_its_bytes_is_not_found(
    photo: Attachment, clerk: Any, store: LocalStore
) -> None:
    assert Client().get(photo.full_url.replace(str(photo.pk), str(uuid7()))).status_code == 404
    actions.publish(photo, by=clerk, at=MONDAY)
    store.path(photo.sha256).unlink()
    assert Client().get(photo.full_url).status_code == 404


def test_files_are_only_read_here(photo: Attachment) -> None:
    response: HttpResponse = Client().post(photo.full_url)  # type: ignore[assignment]
    assert response.status_code == 405
