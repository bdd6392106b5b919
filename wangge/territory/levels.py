"""The words people and files use for levels and kinds of areas."""

from wangge.territory.codes import UNIT_GRID
from wangge.territory.models import GridKind, Level

_LEVEL_WORDS: dict[str, tuple[str, ...]] = {
    Level.PROVINCE: ("省", "省级", "自治区", "直辖市"),
    Level.CITY: ("市", "市级", "地市", "地级", "prefecture"),
    Level.COUNTY: ("县", "区县", "县级", "district", "县区"),
    Level.STREET: ("街道", "镇街", "乡镇", "街镇", "乡镇街道", "town", "township"),
    Level.COMMUNITY: ("社区", "村", "村社区", "社区村", "village"),
    Level.GRID: ("网格", "基础网格"),
    Level.MICRO: ("微网格", "micro-grid", "microgrid"),
    UNIT_GRID: ("单元网格", "万米单元网格", "unit grid", "unit-grid"),
}
_KIND_WORDS: dict[str, tuple[str, ...]] = {
    GridKind.GENERAL: ("综合", "综合网格", "基础网格"),
    GridKind.DEDICATED: ("专属", "专属网格", "专业网格"),
    GridKind.MICRO: ("微", "微网格"),
}

# From the top down; a parent is always of an earlier level, so a tree cannot bite its tail.
# A unit grid lies in a community, beside the governance grids.
RANK = {level.value: rank for rank, level in enumerate(Level)} | {UNIT_GRID: len(Level)}


def level_from(word: str) -> str | None:
    """The level (or `UNIT_GRID`) that a file's word means, None for no word or one we do not know."""
    return _meaning(word, _LEVEL_WORDS)


def kind_from(word: str) -> str | None:
    """The kind of grid that a file's word means, None for no word or one we do not know."""
    return _meaning(word, _KIND_WORDS)


def _meaning(word: str, words: dict[str, tuple[str, ...]]) -> str | None:
    said = word.strip().lower()
    return next((str(value) for value, ways in words.items() if said == value or said in ways), None)
