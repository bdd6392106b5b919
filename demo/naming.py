"""Invented names: branch roads, estates, and numbers as people say them. None is meant to exist."""

from __future__ import annotations

import random

from . import plan

_HEADS = "春夏榆槐柳荷桂兰梅竹松枫桐杏棠茶墨砚书琴安宁和顺福康德仁义礼信诚景星辰朝晖云霞溪泉虹鹤莺燕丰盈"
_MIDS = "园香水山林台阳风月井桥塘明华新兴平乐光清"
BRANCH_TAILS = {
    "oldtown": "巷弄里", "core": "街路", "towers": "路", "estates": "路街", "industrial": "路", "rural": "路",
}  # fmt: skip

_NEW_HEADS = (
    "清澜",
    "映湖",
    "云锦",
    "望湖",
    "北澜",
    "金榆",
    "锦绣",
    "翰林",
    "御景",
    "碧水",
    "香樟",
    "阳光",
    "紫薇",
    "星河",
    "盛世",
    "东方",
)
_NEW_TAILS = (
    "花园",
    "华府",
    "名苑",
    "雅居",
    "公馆",
    "印象",
    "首府",
    "天成",
    "家园",
    "国际城",
    "江南里",
    "壹号院",
    "水岸",
    "新城",
)
_OLD_HEADS = (
    "青禾",
    "建安",
    "和平",
    "新民",
    "幸福",
    "团结",
    "朝阳",
    "文昌",
    "南门",
    "学府",
    "光华",
    "育才",
    "友谊",
    "前进",
    "永安",
    "长乐",
)
_OLD_TAILS = ("新村", "小区", "苑", "北苑", "南苑", "东里", "西里", "花园", "一村", "二村")
LONG_NAMES = (
    "锦绣天成国际花园二期（东区）人才公寓",
    "清澜湖畔印象江南水岸高层住宅小区",
    "北澜新城安置房三期（含廉租住房）",
    "供销合作总社清澜区分社职工家属院",
    "原清澜第二棉纺织厂职工宿舍（改造后）",
    "望湖路沿线棚户区改造项目回迁安置小区",
)
_DIGITS = "零一二三四五六七八九"


def branch_stems(rng: random.Random) -> list[str]:
    """Two-character stems for branch roads, shuffled, each once; main roads' stems are left out."""
    taken = {road.name[:2] for road in plan.ROADS}
    stems = [head + mid for head in _HEADS for mid in _MIDS if head + mid not in taken and head != mid]
    rng.shuffle(stems)
    return stems


def estate_names(rng: random.Random, heads: tuple[str, ...], tails: tuple[str, ...]) -> list[str]:
    names = [head + tail for head in heads for tail in tails]
    rng.shuffle(names)
    return names


def new_estates(rng: random.Random) -> list[str]:
    """Names for estates of the last fifteen years, shuffled; the long ones come up among the first."""
    names = estate_names(rng, _NEW_HEADS, _NEW_TAILS)
    for place, long in enumerate(LONG_NAMES[:3]):
        names.insert(3 + place * 9, long)
    return names


def old_estates(rng: random.Random) -> list[str]:
    """Names for walk-up estates, shuffled; the long ones come up among the first."""
    names = estate_names(rng, _OLD_HEADS, _OLD_TAILS)
    for place, long in enumerate(LONG_NAMES[3:]):
        names.insert(2 + place * 11, long)
    return names


def in_words(number: int) -> str:
    """A number from 1 to 99 in Chinese characters."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")
