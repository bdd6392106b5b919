"""The language of whoever reads: pages follow what the reader chose, other programs say it with each call."""

from django.conf import settings
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header


def language_of(accept_language: str) -> str:
    """Return the language of ours that an Accept-Language header asks for first, the installation's own by default."""
    for wanted, _weight in parse_accept_lang_header(accept_language):
        try:
            return translation.get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def in_reader_language(chinese: str, english: str) -> str:
    """Return the English wording to an English reader when there is one, else the Chinese."""
    return english if english and (translation.get_language() or "").startswith("en") else chinese
