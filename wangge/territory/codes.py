"""Area codes: what a code of each level looks like, in the installation's own pattern (`settings.AREA_CODES`).

Source: GB/T 2260 (province 2, city 4, county 6 digits), GB/T 10114 (street 9) and the statistical division codes
(community 12); grids add three digits, unit grids follow GB/T 30428.1. Codes do not say who the parent is: parents come
from columns, and `parents_by_digits` is only the guess for a file that has no such column.
"""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory.models import Level

UNIT_GRID = "unit_grid"

_STANDARD_LENGTHS = (12, 9, 6, 4, 2)
_PADDED = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.STREET: 9}


def checked(code: str, level: str) -> str:
    """The code without spaces and without the zeros that pad it to a longer standard (370000 for province 37).

    `level` is a `Level` or `UNIT_GRID`. Raises `Refused` where the code does not fit the level's pattern.
    """
    code = _without_padding("".join(code.split()).upper(), level)
    if not code:
        raise Refused(_("The code is missing."), field="code")
    if not re.fullmatch(settings.AREA_CODES[level], code):
        raise Refused(
            _("“%(code)s” is not a code of level %(level)s, which looks like %(pattern)s.")
            % {"code": code[:40], "level": in_words(level), "pattern": settings.AREA_CODES[level]},
            field="code",
        )
    return code


def level_of(code: str) -> Level | None:
    """The highest level whose pattern the code fits, for files that do not name the level; None if none does."""
    code = "".join(code.split()).upper()
    return next((level for level in Level if re.fullmatch(settings.AREA_CODES[level], code)), None)


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
