"""The language another program asks for. Pages follow what the reader chose; programs say it with each call."""

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
