"""What notices say: each wording is a heading and a sentence with named gaps, in both languages.

The gaps take facts of the work only (numbers, classes, grids, units, moments): a notice is read on lock screens, so
no wording has a gap for a person or for what a reporter said. Packages above add their own list in settings.WORDINGS.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

# All that a gap may hold.
GAPS = frozenset({"number", "kind", "place", "unit", "due", "day", "count", "level", "code"})
GAP = re.compile(r"%\((\w+)\)")


@dataclass(frozen=True)
class Wording:
    """One thing that can be told: its name, its heading (fits a lock screen) and its sentence."""

    name: str
    heading: Promise
    sentence: Promise
    outside: bool = False  # told to reporters

    @property
    def gaps(self) -> frozenset[str]:
        """The facts it needs."""
        with translation.override("en"):
            return frozenset(GAP.findall(f"{self.heading} {self.sentence}"))


CONFIDENTIAL = Wording(
    "confidential",
    _("News of a confidential matter"),
    _("Open the platform to read it."),
)
DIGEST = Wording(
    "digest",
    _("%(count)s new notices"),
    _("They wait for you in the platform."),
)
TEST = Wording(
    "test",
    _("A test of your notices"),
    _("If you read this, this way of reaching you works."),
)
OWN = (CONFIDENTIAL, DIGEST, TEST)


@cache
def all_wordings() -> Mapping[str, Wording]:
    """Every wording by name, ours and those of the packages named in the settings."""
    lists: Sequence[Sequence[Wording]] = [OWN, *(import_string(name) for name in settings.WORDINGS)]
    return {wording.name: wording for wording in (one for words in lists for one in words)}


def check_words(wording: str, words: Mapping[str, Any]) -> None:
    """Raise ValueError when a wording is unknown, a fact is missing, or one is given that it has no gap for."""
    known = all_wordings().get(wording)
    if known is None:
        raise ValueError(f"There is no wording {wording!r}.")
    if set(words) != known.gaps or not known.gaps <= GAPS:
        raise ValueError(f"{wording} takes {sorted(known.gaps)}, not {sorted(words)}.")


@dataclass(frozen=True)
class Said:
    """A notice in the reader's language."""

    heading: str
    sentence: str


def say(wording: str, words: Mapping[str, Any], language: str | None = None) -> Said:
    """Put a wording and its facts together, in the language of the reader (that of the moment unless given)."""
    known = all_wordings().get(wording, CONFIDENTIAL)
    with translation.override(language or translation.get_language() or settings.LANGUAGE_CODE):
        facts = {name: _fact(name, value) for name, value in words.items()}
        try:
            return Said(str(known.heading) % facts, str(known.sentence) % facts)
        except KeyError:  # an older release stored fewer facts
            return Said(str(CONFIDENTIAL.heading), str(CONFIDENTIAL.sentence))


def _fact(name: str, value: Any) -> str:
    """A moment in the installation's time; a name in the reader's language, if it has one there."""
    if isinstance(value, dict):
        english = (translation.get_language() or "").startswith("en")
        return str((value.get("en") if english else "") or value.get("zh", ""))
    if name == "due":
        if not value:
            return "–"  # what it was due for has happened meanwhile
        return f"{timezone.localtime(datetime.fromisoformat(value)):%m-%d %H:%M}"
    return str(value)
