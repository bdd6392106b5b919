"""Buildings as blocks for the designer of grids, which knows no register."""

from collections import Counter
from collections.abc import Iterator

from wangge.registry.queries import buildings_in
from wangge.territory.designer.blocks import Block
from wangge.territory.geojson import Box
from wangge.territory.shapes import from_wkb


def blocks(box: Box) -> Iterator[Block]:
    """Every building in a box, whether a grid has it yet or not."""
    seen: Counter[str] = Counter()
    rows = buildings_in(box).order_by("pk").values_list("address", "households", "footprint")
    for address, households, footprint in rows.iterator():
        seen[address] += 1
        key = address if seen[address] == 1 else f"{address} #{seen[address]}"
        yield Block(key, from_wkb(footprint), households)
