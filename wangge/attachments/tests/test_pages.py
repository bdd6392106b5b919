from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.template import Context, Template
from django.utils import translation

from wangge.attachments import actions
from wangge.attachments.tests import samples
from wangge.attachments.tests.conftest import MONDAY, attached


def rendered(source: str, **context: Any) -> str:
    with translation.override("en"):
        return Template("{% load attachments %}" + source).render(Context(context))


@pytest.mark.django_db
def test_a_gallery_shows_photos_by_what_they_show_and_links_the_large_ones(clerk: Any) -> None:
    photo, other = attached(), attached(samples.jpeg(30, 30))
    html = rendered("{% photos files %}", files=[photo, other])
    assert f'src="{photo.thumb_url}"' in html
    assert f'href="{photo.full_url}"' in html
    assert 'alt="Photo 1 of 2: report"' in html
    assert 'alt="Photo 2 of 2: report"' in html
    assert "photo.jpg" not in html


@pytest.mark.django_db
def test_recordings_are_played_and_documents_named_until_they_are_public(clerk: Any) -> None:
    recording, document = attached(samples.wav()), attached(samples.PDF)
    html = rendered("{% photos files %}", files=[recording, document])
    assert f'<audio controls preload="none" src="{recording.full_url}"' in html
    assert "photo.jpg</a>" in html
    actions.publish(document, by=clerk, at=MONDAY)
    assert "Document 1 (PDF)" in rendered("{% photos files %}", files=[document])


@pytest.mark.django_db
def test_a_sealed_photo_is_mentioned_and_not_shown() -> None:
    photo = attached()
    actions.seal(photo)
    html = rendered("{% photos files %}", files=[photo])
    assert "1 file is sealed." in html
    assert str(photo.pk) not in html


def test_without_files_a_gallery_is_empty() -> None:
    assert rendered("{% photos files %}", files=[]).strip() == ""


def test_the_upload_field_works_without_scripts_and_names_what_was_refused() -> None:
    html = rendered(
        "{% upload_field name='evidence' refused=refused photos_only=True %}",
        refused=[("<b>.jpg", "This file is empty.")],
    )
    assert 'type="file"' in html
    assert 'name="evidence"' in html
    assert 'for="id_evidence"' in html
    assert "multiple" in html
    assert "audio/*" not in html
    assert "<strong>&lt;b&gt;.jpg</strong> – This file is empty." in html
    assert 'aria-describedby="id_evidence_help id_evidence_refused"' in html


def test_the_upload_field_takes_recordings_and_documents_unless_told_otherwise() -> None:
    html = rendered("{% upload_field %}")
    assert "audio/*,application/pdf" in html
    assert 'data-max-files="9"' in html
    assert "invalid" not in html


def test_every_sentence_has_its_chinese_one() -> None:
    catalogue = Path(__file__).parents[1] / "locale/zh_Hans/LC_MESSAGES/django.po"
    messages = [m for m in read_po(BytesIO(catalogue.read_bytes()), locale="zh_Hans") if m.id]
    assert len(messages) > 30
    assert [m.id for m in messages if not all(m.string if isinstance(m.string, tuple) else [m.string])] == []
    assert [m.id for m in messages if m.fuzzy or list(m.check())] == []
