"""What a proposal is worth: numbers and words that let two of them be compared."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from wangge.territory.designer.blocks import Block
from wangge.territory.designer.proposing import Band, Proposal
from wangge.territory.designer.successors import moved
from wangge.territory.shapes import metres_per_degree

# The coefficient of variation up to which a word holds.
BALANCE: tuple[tuple[float, Promise], ...] = (
    (0.08, _("very even")),
    (0.15, _("even")),
    (0.25, _("somewhat uneven")),
    (math.inf, _("uneven")),
)


@dataclass(frozen=True)
class Measures:
    """Of one proposal. Compactness is Polsby–Popper: 1 for a circle, 0.79 for a square, near 0 for a thread."""

    grids: int
    in_band: int
    households: tuple[int, ...]  # of each grid, by label
    least: int
    most: int
    mean: float
    ratio: float | None  # most by least; None where a grid has nobody
    variation: float  # standard deviation by mean
    compactness: float  # mean
    worst: float
    contiguous: bool
    moved: int  # households that would get another grid than today's
    moved_share: float

    @property
    def balance(self) -> Promise:
        """How even the grids are, in words."""
        return next(word for most, word in BALANCE if self.variation <= most)


def measured(blocks: Sequence[Block], proposal: Proposal, band: Band) -> Measures:
    """Count a proposal; blocks in the order in which it was made."""
    held = households(blocks, proposal)
    mean = float(held.mean())
    compact = compactness(proposal.parts)
    leaving = moved_households(blocks, proposal)
    total = int(held.sum())
    return Measures(
        grids=len(held),
        in_band=int(((held >= band.low) & (held <= band.high)).sum()),
        households=tuple(held.tolist()),
        least=int(held.min()),
        most=int(held.max()),
        mean=mean,
        ratio=float(held.max() / held.min()) if held.min() else None,
        variation=float(held.std() / mean) if mean else 0.0,
        compactness=float(compact.mean()),
        worst=float(compact.min()),
        contiguous=all(part.geom_type == "Polygon" for part in proposal.parts),
        moved=leaving,
        moved_share=leaving / total if total else 0.0,
    )


def households(blocks: Sequence[Block], proposal: Proposal) -> np.ndarray:
    """Of each grid, by label."""
    held = np.zeros(len(proposal.parts), dtype=np.int64)
    np.add.at(held, np.array(proposal.labels, dtype=np.int64), [block.households for block in blocks])
    return held


def compactness(parts: Sequence[BaseGeometry]) -> np.ndarray:
    """Polsby–Popper of each part, measured in metres."""
    shapes = np.array(parts, dtype=object)
    across, up = metres_per_degree(float(shapely.total_bounds(shapes)[[1, 3]].mean()))
    flat = shapely.transform(shapes, lambda degrees: degrees * (across, up))
    found: np.ndarray = 4 * math.pi * shapely.area(flat) / np.maximum(shapely.length(flat), 1e-9) ** 2
    return found


def moved_households(blocks: Sequence[Block], proposal: Proposal) -> int:
    """Households that get another grid worker, of those that have one today."""
    shared: Counter[tuple[str, int]] = Counter()
    for block, label in zip(blocks, proposal.labels, strict=True):
        if block.grid:
            shared[block.grid, label] += block.households
    return moved(shared)
