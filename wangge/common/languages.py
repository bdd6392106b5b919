"""The language of whoever reads: pages follow what the reader chose, other programs say it with each call."""

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation.trans_real import parse_accept_lang_header


def language_of(accept_language: str) -> str:
    """Return the language of ours that an Accept-Language header asks for first, the installation's own by default."""
    for wanted, _weight in parse_accept_lang_header(accept_language):
        try:
            return translation.get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


class Chinese(str):
    """Words that are data in Chinese, for a reader of another language; as the content of an element they say so."""

    __slots__ = ()

    def __html__(self) -> SafeString:
        return format_html('<span lang="zh-Hans">{}</span>', str(self))


def in_reader_language(chinese: str, english: str) -> str:
    """Return the English wording to an English reader when there is one, else the Chinese."""
    return english if english and (translation.get_language() or "").startswith("en") else chinese


def rule_in_reader_language(chinese: str, english: str) -> str:
    """The wording of a rule, as `in_reader_language`; where an English reader gets the Chinese, it says that it is."""
    words = in_reader_language(chinese, english)
    return words if words == english or reads_chinese() else Chinese(words)


def reads_chinese() -> bool:
    """Tell whether the page is in Chinese, the language of what is data."""
    return (translation.get_language() or "").startswith("zh")
