"""An address written in English or in pinyin, put into Chinese order so that one reading serves both."""

import re

from wangge.registry.addresses import names
from wangge.registry.addresses.sounds import sound_of_letters

_STREETS = {
    "road": ("lu", "daolu", "gonglu"), "rd": ("lu",), "street": ("jie", "dajie"), "st": ("jie", "dajie"),
    "avenue": ("dadao", "dajie", "lu"), "ave": ("dadao", "dajie", "lu"), "boulevard": ("dadao",),
    "lane": ("xian", "lon", "li", "nong", "hutong"), "alley": ("xian", "hutong", "lon"), "lu": ("lu",),
    "jie": ("jie",), "dadao": ("dadao",), "xiang": ("xian",),
}  # fmt: skip
_WORDS = re.compile(r"[a-z][a-z' ]*[a-z]")
_LETTERS = re.compile(r"[a-z]{4}")
_LETTERS_RUN = re.compile(r"[a-z]{3,}(?: [a-z]{2,})*")
_STREET = re.compile(rf"(?P<name>[a-z' ]+?) *\b(?P<kind>{'|'.join(_STREETS)})\b\.?")
_PARTS = (
    (re.compile(r"\b(?:building|block|bldg)\.? *(?:no\.? *)?(\d+|[a-z])\b"), "{}幢"),
    (re.compile(r"\b(?:unit|entrance)\.? *(?:no\.? *)?(\d+|[a-z])\b"), "{}单元"),
    (re.compile(r"\b(?:room|rm|flat|apartment|apt)\.? *(?:no\.? *)?([a-z]?\d+[a-z]?)\b"), "{}室"),
    (re.compile(r"\b(?:no\.?|number|#) *(\d+[a-z]?(?:-\d+)?)\b"), "{}号"),
)
_NUMBER_FIRST = re.compile(r"^ *(\d+[a-z]?)(?=[ ,])")


def in_chinese_order(words: str) -> str:
    """The same address with the register's own names and in the order of a Chinese address; others as they are."""
    text = words.lower().replace("’", "'")
    if not _LETTERS.search(text):
        return words
    if re.search("[\u3400-\u9fff]", text):
        return _LETTERS_RUN.sub(lambda run: _others(run[0]) or run[0], text)
    found: dict[str, str] = {}
    for pattern, form in _PARTS:
        if hit := pattern.search(text):
            found[form] = form.format(hit[1])
            text = text[: hit.start()] + "," + text[hit.end() :]
    if "{}号" not in found and (hit := _NUMBER_FIRST.match(text)):
        found["{}号"] = f"{hit[1]}号"
        text = text[hit.end() :]
    named = _street(text)
    streets, rest = named if named else ("", text)
    estates = "" if streets and not rest.strip(" ,.") else _others(rest)
    if not streets and not estates:
        return words
    order = ("{}号", estates, "{}幢", "{}单元", "{}室")
    return streets + "".join(found.get(part, part if part == estates else "") for part in order)


def _street(text: str) -> tuple[str, str] | None:
    for part in text.split(","):
        if (hit := _STREET.search(part)) and len(hit["name"].strip()) > 1:
            stem = sound_of_letters(hit["name"].replace("'", ""))
            known = names.by_sounds([stem + kind for kind in _STREETS[hit["kind"]]])
            if known:
                return known[0].name, text.replace(part, "")
    return None


def _others(text: str) -> str:
    """The first name in the text that the register reads so: an estate, a school, a street without "Road"."""
    for words in _WORDS.findall(text):
        known = names.by_sounds([sound_of_letters(words.replace("'", ""))])
        if known:
            return known[0].name
    return ""
