"""Buildings as blocks for the designer of grids, which knows no register."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Q

from wangge.registry.models import Building
from wangge.territory.designer.blocks import Block
from wangge.territory.models import Area
from wangge.territory.shapes import from_wkb


def blocks(within: Area) -> Iterator[Block]:
    """Every building in an area; also those that no grid has yet, wherever they stand."""
    there = Building.objects.filter(Q(grid__path__startswith=within.path) | Q(grid=None)).order_by("pk")
    seen: Counter[str] = Counter()
    for address, households, footprint in there.values_list("address", "households", "footprint"):
        seen[address] += 1
        key = address if seen[address] == 1 else f"{address} #{seen[address]}"
        yield Block(key, from_wkb(footprint), households)
