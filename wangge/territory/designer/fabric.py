"""The ground of a community under somebody's hand: which blocks stand on one piece of land, and what grids get."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from wangge.territory.designer.ground import Ground, laid_out
from wangge.territory.designer.keeping import Site
from wangge.territory.designer.proposing import Band, Proposal, redrawn


@dataclass(frozen=True)
class Fabric:
    """A community cut into units of land, once for everything that is asked of it."""

    site: Site

    @cached_property
    def ground(self) -> Ground:
        return laid_out(self.site.blocks, self.site.ground, self.site.barriers)

    def with_company(self, blocks: Collection[int]) -> list[int]:
        """Blocks with those that stand on the same unit of land: it is never divided."""
        units = self.ground.unit_of_block.tolist()
        wanted = {units[at] for at in blocks}
        return [at for at, unit in enumerate(units) if unit in wanted]

    def drawn(self, labels: Sequence[int]) -> Proposal:
        """The proposal that has these labels, measured against the band of its design."""
        design = self.site.part.design
        return redrawn(self.site.blocks, self.ground, labels, Band(design.low, design.high))
