"""One spelling for everything: what people write and what the register holds are compared in this form only."""

import re
import unicodedata

from wangge.common.unkept import without_unkept

DIGITS = "零一二三四五六七八九"
_VALUE = {**{digit: value for value, digit in enumerate(DIGITS)}, "〇": 0, "○": 0}
_UNIT = {"十": 10, "百": 100}
_NUMERAL = re.compile(r"[零〇○一二三四五六七八九十](?:[零〇○一二三四五六七八九十]|百(?!货|花|姓|乐|盛|合))*")
# Between Chinese characters a blank means nothing; between digits or letters it separates.
_BLANK = re.compile(r"(?<=[\u3400-\u9fff]) +| +(?=[\u3400-\u9fff])")
_APART = re.compile(r"[\s,，、;；:：。.|/\\()（）\[\]【】{}<>《》\"'“”‘’!！?？~·*]+")
_DASH = re.compile(r"[‐‑‒–—―−－ー_]+")
LONGEST = 200


def plain(words: str) -> str:
    """Written words in the one spelling: narrow digits, small letters, numerals as digits, one blank between parts."""
    text = unicodedata.normalize("NFKC", without_unkept(words)).lower()[:LONGEST]
    text = _DASH.sub("-", text).replace("＃", "#").replace("№", "no")
    text = _APART.sub(" ", text).strip()
    return _NUMERAL.sub(lambda found: _digits(found[0]), text)


def key_of(name: str) -> str:
    """A name of the register as it is compared: the one spelling without any blank."""
    return plain(name).replace(" ", "")


def joined(text: str) -> str:
    """A plain text without the blanks that mean nothing in Chinese."""
    return _BLANK.sub("", text)


def _digits(numeral: str) -> str:
    """二十三 is 23, 一百零五 is 105, 一百五 is 150, and 一〇一 is 101, digit by digit."""
    if not set(numeral) & set(_UNIT):
        return "".join(str(_VALUE[sign]) for sign in numeral)
    total, ones, unit = 0, 0, 1
    for sign, before in zip(numeral, " " + numeral, strict=False):
        if sign in _UNIT:
            unit = _UNIT[sign]
            total, ones = total + (ones if before in _VALUE else 1) * unit, 0
        else:
            ones = ones * 10 + _VALUE[sign]
    said_short = unit == 100 and numeral[-1] in _VALUE and "百" in numeral[-2:]
    return str(total + (ones * 10 if said_short else ones))


def ordinal_of(key: str) -> int:
    """The number in a key, so that 2 comes before 10; 0 without one."""
    found = re.search(r"\d{1,8}", key)
    return int(found[0]) if found else 0
