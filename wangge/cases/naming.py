"""Whether a text names a person: by name, surname with a title, telephone, e-mail or address. For erasing only."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from wangge.cases.models import Report, ReporterContact

# How people who work on a matter write of somebody whose surname they know.
TITLES = (
    "先生", "女士", "小姐", "太太", "师傅", "老师", "同志", "大爷", "大叔", "大妈", "大姐", "大哥", "阿姨", "叔叔", "奶奶", "爷爷",
    "姐", "哥", "叔", "姨", "总", "某",
)  # fmt: skip
TITLED = re.compile(rf"(?<=.)(?:{'|'.join(TITLES)})$")  # asked how to address them, people write “王小明女士”
# Surnames of two characters: “欧阳先生” is nobody called 欧.
COMPOUND = (
    "欧阳", "上官", "司马", "司徒", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "夏侯", "轩辕", "南宫",
    "西门", "申屠", "闻人", "独孤", "端木", "百里", "呼延", "澹台", "淳于", "太史", "赫连", "拓跋", "钟离", "濮阳", "万俟", "公冶",
)  # fmt: skip
BETWEEN = re.compile(r"[\s\-—·•,，()（）]+")
ROOM = re.compile(
    r".*(?:[号弄栋幢座]|单元)(?P<room>(?=.*\d).{3,})$"
)  # “301室” says who lives there, “门口” does not
ABROAD = re.compile(r"^(?:00)?86(?=1\d{10}$)")  # what is dialled from abroad only
AREA_CODE = re.compile(r"^0(?:10|2\d|[3-9]\d\d)(?=\d{7,8}$)")  # and what neighbours leave out


@dataclass(frozen=True)
class Person:
    """What a person is known by; nothing at all names nobody."""

    patterns: Sequence[re.Pattern[str]]

    @classmethod
    def of(cls, report: Report, more: Iterable[str] = (), addresses: Iterable[str] = ()) -> Self:
        """Whoever sent a report, as it still knows them, and by the words and addresses that are added."""
        contact = ReporterContact.objects.filter(report=report).first()
        found = [pattern for address in (report.address, *addresses) for pattern in _address(address)]
        found += map(_plain, more)
        if contact is not None:
            found += [*_name(contact.name), *_phone(contact.phone), _plain(contact.email)]
        return cls([re.compile(pattern, re.IGNORECASE) for pattern in dict.fromkeys(found) if pattern])

    def is_named_in(self, text: str) -> bool:
        """Tell whether a text has any of it, however it is spaced and in whatever width it is typed."""
        told = unicodedata.normalize("NFKC", text)
        return any(pattern.search(told) or pattern.search(_joined(told)) for pattern in self.patterns)


def _joined(text: str) -> str:
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text))


def _plain(words: str) -> str:
    joined = _joined(words)
    return re.escape(joined) if len(joined) > 1 else ""


def _name(name: str) -> list[str]:
    """The name, without a title too; of a Chinese one the surname with what people say after it, of a longer one each of its parts."""
    joined = _joined(name)
    bare = TITLED.sub("", joined)
    if not re.fullmatch(r"[\u4e00-\u9fff]{1,4}", bare):
        return [_plain(joined), _plain(bare), *_parts(TITLED.sub("", name.strip()))]
    surname = joined[:2] if len(joined) > 2 and joined.startswith(COMPOUND) else joined[0]
    return [_plain(joined), _plain(bare), f"{surname}(?:{'|'.join(TITLES)})"]


def _parts(name: str) -> list[str]:
    """What somebody with a name in parts is called for short, as a word of its own where letters make words."""
    parts = [part for part in BETWEEN.split(unicodedata.normalize("NFKC", name)) if len(part) > 2]
    return [rf"(?<![a-z]){re.escape(part)}(?![a-z])" for part in parts]


def _phone(phone: str) -> list[str]:
    """The number as it is dialled here, and the same with its middle hidden."""
    digits = ABROAD.sub("", re.sub(r"\D", "", _joined(phone)))
    if len(digits) < 7:
        return [_plain(phone)]
    return [AREA_CODE.sub("", digits), rf"{digits[:3]}\D{{1,8}}{digits[-4:]}"]


def _address(address: str) -> list[str]:
    """The address, and what stands behind its house number: a room names a household alone."""
    joined = _joined(address)
    inside = ROOM.fullmatch(joined)
    return [_plain(joined), rf"(?<!\d){re.escape(inside['room'])}(?!\d)" if inside else ""]
