"""Whether a text names a person: by name, surname with a title, telephone, e-mail or address. For erasing only."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from wangge.cases.models import Report, ReporterContact

# How people who work on a matter write of somebody whose surname they know.
TITLES = (
    "先生", "女士", "小姐", "太太", "师傅", "老师", "同志", "大爷", "大叔", "大妈", "大姐", "大哥", "阿姨", "叔叔", "奶奶", "爷爷",
    "姐", "哥", "叔", "姨", "总", "某",
)  # fmt: skip
BETWEEN = re.compile(r"[\s\-—·,，()（）]+")
ROOM = re.compile(r".*[号弄栋幢座](?P<room>(?=.*\d).{3,})$")  # “301室” says who lives there, “门口” does not


@dataclass(frozen=True)
class Person:
    """What a person is known by; nothing at all names nobody."""

    patterns: Sequence[re.Pattern[str]]

    @classmethod
    def of(cls, report: Report, more: Iterable[str] = ()) -> Self:
        """Whoever sent a report, as it still knows them, and by the words that are added."""
        contact = ReporterContact.objects.filter(report=report).first()
        found = [*_address(report.address), *map(_plain, more)]
        if contact is not None:
            found += [*_name(contact.name), *_phone(contact.phone), _plain(contact.email)]
        return cls([re.compile(pattern, re.IGNORECASE) for pattern in dict.fromkeys(found) if pattern])

    def is_named_in(self, text: str) -> bool:
        """Tell whether a text has any of it, however it is spaced."""
        joined = _joined(text)
        return any(pattern.search(joined) for pattern in self.patterns)


def _joined(text: str) -> str:
    return BETWEEN.sub("", text)


def _plain(words: str) -> str:
    joined = _joined(words)
    return re.escape(joined) if len(joined) > 1 else ""


def _name(name: str) -> list[str]:
    """The name, and of a Chinese one the surname with what people say after it."""
    joined = _joined(name)
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", joined):
        return [_plain(name)]
    return [re.escape(joined), f"{joined[0]}(?:{'|'.join(TITLES)})"]


def _phone(phone: str) -> list[str]:
    """The number, and the same with its middle hidden."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) < 7:
        return [_plain(phone)]
    return [digits, rf"{digits[:3]}\D{{1,8}}{digits[-4:]}"]


def _address(address: str) -> list[str]:
    """The address, and what stands behind its house number: a room names a household alone."""
    joined = _joined(address)
    inside = ROOM.fullmatch(joined)
    return [_plain(joined), re.escape(inside["room"]) if inside else ""]
