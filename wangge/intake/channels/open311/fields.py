"""The fields of a call, read strictly where bytes are concerned and kindly where spellings differ."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from wangge.common.unkept import without_unkept
from wangge.intake.channels.open311.faults import Faulty, bad

MOST_FIELDS = 500
MOST_BYTES = 1024 * 1024  # of a form without files; 4,000 characters fit eighty times

Fields = Mapping[str, list[str]]

# A run at a time: a Chinese character is three escapes, and urllib takes them one by one.
ESCAPES = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")


def form_fields(body: bytes) -> dict[str, list[str]]:
    """Read a form-encoded body or query string in UTF-8, escaped or not. An empty value counts as not sent."""
    if len(body) > MOST_BYTES:
        raise too_large()
    pairs = [pair.partition(b"=") for pair in body.split(b"&", MOST_FIELDS)]
    if len(pairs) > MOST_FIELDS:
        raise bad(_("There are more than %(most)d fields.") % {"most": MOST_FIELDS})
    try:
        return collected([(_unescaped(name), _unescaped(value)) for name, _equals, value in pairs if value])
    except UnicodeDecodeError:
        # Refused, never guessed at: the resident's words would be garbled for good.
        raise bad(_("The text is not UTF-8.")) from None


def _unescaped(raw: bytes) -> str:
    return ESCAPES.sub(_bytes_of, raw.replace(b"+", b" ")).decode()


def _bytes_of(escapes: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escapes[0].replace(b"%", b"").decode())


def collected(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Gather repeated fields, without what no database keeps; one that is empty then counts as not sent."""
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        if clean := without_unkept(value):
            fields.setdefault(without_unkept(name), []).append(clean)
    return fields


def too_large() -> Faulty:
    """The fault of a body that nobody would type."""
    return bad(_("The request is larger than %(kilobytes)d KB.") % {"kilobytes": MOST_BYTES // 1024})


def last(fields: Fields, name: str) -> str:
    """Return the last value of a field without spaces around it, "" when it was not sent."""
    values = fields.get(name)
    return values[-1].strip() if values else ""


def comma_list(fields: Fields, name: str) -> list[str]:
    """Return the parts of a comma separated field, each once, in order."""
    parts = (part.strip() for value in fields.get(name, ()) for part in value.split(","))
    return list(dict.fromkeys(part for part in parts if part))
