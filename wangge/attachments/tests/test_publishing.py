from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from wangge.attachments import actions
from wangge.attachments.models import Attachment, Kind
from wangge.attachments.queries import attachments_of, public_of
from wangge.attachments.store import LocalStore
from wangge.attachments.tests import samples
from wangge.attachments.tests.conftest import MONDAY, attached
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db


def test_only_what_somebody_has_published_is_public(clerk: Any) -> None:
    photo = attached()
    attached(samples.jpeg(30, 30), subject_id=photo.subject_id)
    assert public_of("report", [photo.subject_id]) == {photo.subject_id: []}
    actions.publish(photo, by=clerk, at=MONDAY)
    assert public_of("report", [photo.subject_id]) == {photo.subject_id: [photo]}
    assert (photo.published_at, photo.published_by) == (MONDAY, clerk)


def test_a_published_photo_can_be_taken_back(clerk: Any) -> None:
    photo = attached()
    actions.publish(photo, by=clerk, at=MONDAY)
    actions.withhold(photo)
    assert not photo.is_public
    assert public_of("report", [photo.subject_id]) == {photo.subject_id: []}


def test_a_voice_is_never_published(clerk: Any) -> None:
    recording = attached(samples.wav())
    with pytest.raises(Refused):
        actions.publish(recording, by=clerk, at=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(kind=Kind.AUDIO).update(published_at=MONDAY, published_by=clerk)


def test_sealing_takes_a_photo_back_and_keeps_it_from_being_published_again(clerk: Any) -> None:
    photo = attached()
    actions.publish(photo, by=clerk, at=MONDAY)
    actions.seal(photo)
    assert photo.sealed
    assert not photo.is_public
    with pytest.raises(Refused):
        actions.publish(photo, by=clerk, at=MONDAY)


def test_a_blurred_copy_takes_the_place_of_its_sealed_original(clerk: Any, store: LocalStore) -> None:
    photo = attached(samples.noisy_jpeg())
    copy = actions.blur(photo, boxes=[(10, 10, 200, 200)], by=clerk, at=MONDAY + timedelta(hours=1))
    photo.refresh_from_db()
    assert photo.sealed
    assert not copy.sealed
    assert not copy.is_public
    assert copy.blurred_from == photo
    assert (copy.subject_id, copy.purpose, copy.name) == (photo.subject_id, photo.purpose, photo.name)
    assert copy.sha256 != photo.sha256
    assert store.exists(copy.sha256)
    assert store.exists(photo.sha256)
    actions.publish(copy, by=clerk, at=MONDAY)
    assert public_of("report", [photo.subject_id]) == {photo.subject_id: [copy]}
    assert attachments_of("report", [photo.subject_id]) == {photo.subject_id: [photo, copy]}


def test_a_recording_cannot_be_blurred(clerk: Any) -> None:
    with pytest.raises(Refused):
        actions.blur(attached(samples.wav()), boxes=[(0, 0, 5, 5)], by=clerk, at=MONDAY)


@pytest.mark.parametrize(
    "change",
    [
        {"published_at": MONDAY},
        {"taken_lon": 114.0},
        {"taken_lon": 114.0, "taken_lat": 95.0},
        {"thumb_sha256": ""},
        {"width": None},
    ],
    ids=[
        "published by nobody",
        "half a place",
        "beyond the pole",
        "a photo without thumbnail",
        "without width",
    ],
)
def test_the_database_itself_holds_the_rules(change: dict[str, Any]) -> None:
    photo = attached()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=photo.pk).update(**change)
