"""Area codes: what a code of each level and kind looks like here: the rows of `CodePattern`, else `settings.AREA_CODES`.

Source: GB/T 2260 (province 2, city 4, county 6 digits), GB/T 10114 (street 9) and the statistical division codes
(community 12); grids add three digits, unit grids follow GB/T 30428.1. Codes do not say who the parent is: parents come
from columns, and `parents_by_digits` is only the guess for a file that has no such column.
"""

import re
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory.models import Area, CodePattern, GridKind, Level, UnitGrid

UNIT_GRID = "unit_grid"

_STANDARD_LENGTHS = (12, 9, 6, 4, 2)
_PADDED = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.STREET: 9}


def checked(code: str, level: str, kind: str = "") -> str:
    """The code without spaces and without the zeros that pad it to a longer standard (370000 for province 37).

    `level` is a `Level` or `UNIT_GRID`. Raises `Refused` where the code does not fit the pattern of level and kind.
    """
    code = _without_padding("".join(code.split()).upper(), level)
    if not code:
        raise Refused(_("The code is missing."), field="code")
    pattern = pattern_of(level, kind)
    if not re.fullmatch(pattern, code):
        raise Refused(
            _("“%(code)s” is not a code of level %(level)s, which looks like %(pattern)s.")
            % {"code": code[:40], "level": in_words(level), "pattern": pattern},
            field="code",
        )
    return code


def pattern_of(level: str, kind: str = "") -> str:
    """The regular expression of a level's codes: of this kind of grid, else of the level, else of the settings."""
    return _own.get((level, kind)) or _own.get((level, "")) or str(settings.AREA_CODES[level])


# The rows of `CodePattern` as last loaded: files of a hundred thousand codes are read without a question for each.
_own: dict[tuple[str, str], str] = {}


def load() -> None:
    """Read the installation's own patterns; whoever checks codes for the database calls it first."""
    rows = {
        (level, kind): pattern
        for level, kind, pattern in CodePattern.objects.values_list("level", "kind", "pattern")
    }
    _own.clear()
    _own.update(rows)


def next_codes(
    parent: str, level: str, kind: str = "", *, taken: Collection[str] = (), count: int = 1
) -> list[str]:
    """The next free codes below a parent: its own code and a number, as the pattern allows; [] where it does not.

    A code that was ever given, or is `taken` by a plan, is never offered again.
    """
    pattern, found = re.compile(pattern_of(level, kind)), list[str]()
    for width in (3, 2, 4, 5, 1):
        if pattern.fullmatch(parent + "1".zfill(width)) or pattern.fullmatch(
            _lettered(parent, kind, 1, width)
        ):
            break
    else:
        return []
    plain = pattern.fullmatch(parent + "1".zfill(width)) is not None
    given: QuerySet[Any] = UnitGrid.objects.all() if level == UNIT_GRID else Area.objects.all()
    used = set(given.filter(code__startswith=parent).values_list("code", flat=True)) | set(taken)
    for number in range(1, 10**width):
        code = parent + str(number).zfill(width) if plain else _lettered(parent, kind, number, width)
        if code not in used:
            found.append(code)
        if len(found) == count:
            break
    return found


# Cities that tell kinds apart in the code use a letter before the number: G general, D dedicated, M micro.
_LETTERS = {GridKind.GENERAL: "G", GridKind.DEDICATED: "D", GridKind.MICRO: "M"}


def _lettered(parent: str, kind: str, number: int, width: int) -> str:
    return f"{parent}{_LETTERS.get(GridKind(kind), '') if kind else ''}{number:0{width}d}"


def level_of(code: str) -> Level | None:
    """The highest level whose pattern the code fits, for files that do not name the level; None if none does."""
    code = "".join(code.split()).upper()
    return next((level for level in Level if any(re.fullmatch(p, code) for p in _patterns(level))), None)


def _patterns(level: Level) -> list[str]:
    """Every pattern that holds for some kind of this level."""
    return [pattern_of(level, kind) for kind in ("", *GridKind.values)]


def parents_by_digits(code: str) -> list[str]:
    """The codes that might be the parent by the digits alone, nearest first; the first that exists is the guess."""
    grid = [code[:15]] if len(code) > 15 else []
    return grid + [code[:length] for length in _STANDARD_LENGTHS if length < len(code)]


def in_words(level: str) -> str:
    """The level as people read it."""
    return _("unit grid") if level == UNIT_GRID else str(Level(level).label)


def _without_padding(code: str, level: str) -> str:
    length = _PADDED.get(Level(level)) if level in Level.values else None
    return code[:length] if length and len(code) in (6, 9, 12) and not code[length:].strip("0") else code
