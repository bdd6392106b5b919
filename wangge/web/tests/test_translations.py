"""What the program says, it says in Chinese too."""

import pytest

from wangge.web import catalogues


@pytest.mark.parametrize("app", catalogues.apps())
def test_every_message_is_translated_with_its_placeholders(app: str) -> None:
    assert [str(fault) for fault in catalogues.faults_of(app)] == [], f"mend with: wangge messages {app}"


def test_no_sentence_is_translated_in_two_ways() -> None:
    assert [str(fault) for fault in catalogues.disagreements()] == []


def test_a_message_of_a_template_is_found_with_its_context_and_plural(tmp_path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        """{% load i18n %}
        {% translate "Close" context "stage" %}
          {% blocktranslate count n=n trimmed %}
            {{ n }} case
      {% plural %}
            {{ n }} cases
          {% endblocktranslate %}
        {% include "x" with title=_("None") %}"""
    )
    found = {(ids, context) for _line, ids, _comments, context in catalogues.messages_of(page)}
    assert found == {("Close", "stage"), (("%(n)s case", "%(n)s cases"), None), ("None", None)}


def test_placeholders_are_compared_as_a_set() -> None:
    assert catalogues.placeholders("%(first)s of %(total)s, 100%% {name}") == {
        "%(first)s",
        "%(total)s",
        "{name}",
    }


def test_updating_keeps_the_chinese_and_notes_what_is_no_longer_said(settings, tmp_path) -> None:
    settings.BASE_DIR = tmp_path
    source = tmp_path / "wangge" / "cases" / "words.py"
    source.parent.mkdir(parents=True)
    source.with_name("apps.py").touch()
    source.write_text('_("Open")\n_("Shut")\n')
    catalogues.update("cases")
    path = catalogues.path_of("cases")
    path.write_text(path.read_text().replace('msgid "Open"\nmsgstr ""', 'msgid "Open"\nmsgstr "打开"'))
    source.write_text('_("Open")\n_("New")\n')
    catalogues.update("cases")
    assert 'msgid "Open"\nmsgstr "打开"' in path.read_text()
    assert [str(fault) for fault in catalogues.faults_of("cases")] == ["cases: missing: New"]
