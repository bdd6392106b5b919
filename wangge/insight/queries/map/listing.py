"""The map as a list: what keyboards and screen readers get, made of the same conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from wangge.cases.duty import areas_around
from wangge.cases.map import Lens, counting
from wangge.cases.models import Case
from wangge.cases.queries.rows import Row, rows_of
from wangge.territory.models import Area

PAGE = 20
MOST_PAGES = 50  # whoever looks for more narrows it down
MOST_AREAS = 30


@dataclass(frozen=True)
class AreaCount:
    """An area with how many of the cases lie in it, and the address that narrows the map to it."""

    name: str
    n: int
    url: str
    pk: int


@dataclass(frozen=True)
class Listed:
    """The cases of a lens: how many, in which areas, and a page of them, the newest first."""

    total: int
    areas: Sequence[AreaCount]
    page: Page[Case]
    rows: Sequence[Row]
    placeless: int  # those that fit and have no place, at most counting.MOST_COUNTED
    placeless_url: str

    @property
    def cut(self) -> bool:
        """Tell whether there are more than the pages show."""
        return self.total > PAGE * MOST_PAGES


def listed(lens: Lens, page: str = "") -> Listed:
    """Read the list of a lens."""
    by_path = counting.counts_by_path(lens)
    total = sum(by_path.values())
    cases = counting.cases_of(lens).select_related("matter", "current_grid", "unit")
    found = _Counted(cases.defer("current_grid__boundary").order_by("-filed_at", "-pk"), PAGE)
    found.total = min(total, PAGE * MOST_PAGES)
    shown = found.get_page(page)
    rows = rows_of(shown.object_list, lens.now)
    return Listed(
        total,
        _areas(lens, by_path),
        shown,
        rows,
        counting.without_place(lens),
        lens.asked.address(place="none"),
    )


class _Counted(Paginator):
    """A paginator that was told how many there are: counting millions is the tally's business."""

    total = 0

    @property
    def count(self) -> int:
        return self.total


def _areas(lens: Lens, by_path: Mapping[str, int]) -> list[AreaCount]:
    """The areas in which something lies, folded to the first level at which they differ, those with most first."""
    parts = {path: areas_around(path) for path in by_path}
    depth = _first_difference(list(parts.values()))
    folded: Counter[int] = Counter()
    for path, keys in parts.items():
        if len(keys) > depth:
            folded[keys[depth]] += by_path[path]
    names = dict(Area.objects.filter(pk__in=folded).values_list("pk", "name"))
    return [
        AreaCount(names.get(pk) or _("Elsewhere"), n, lens.asked.address(area=str(pk)), pk)
        for pk, n in folded.most_common(MOST_AREAS)
    ]


def _first_difference(parts: Sequence[Sequence[int]]) -> int:
    """How many of the areas around are common to all of them."""
    depth = 0
    while parts and all(len(keys) > depth for keys in parts) and len({keys[depth] for keys in parts}) == 1:
        depth += 1
    return depth
