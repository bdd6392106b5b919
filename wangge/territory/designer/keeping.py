"""Blocks, ground and proposals as rows keep them, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from wangge.territory.designer.blocks import Block
from wangge.territory.designer.models import DesignPart
from wangge.territory.shapes import from_wkb


def together(shapes: Sequence[BaseGeometry]) -> bytes:
    """Shapes as one collection in WKB; unlike boundaries they are kept to the last digit, so that edges stay shared."""
    return bytes(shapely.to_wkb(shapely.GeometryCollection(list(shapes)), output_dimension=2))


def apart(stored: bytes | memoryview) -> list[BaseGeometry]:
    """The shapes that `together` put together."""
    return list(shapely.get_parts(from_wkb(stored)))


def told(blocks: Sequence[Block]) -> list[list[Any]]:
    """What is said of blocks, beside their shapes."""
    return [[block.key, block.households, block.grid] for block in blocks]


@dataclass(frozen=True)
class Site:
    """One community of a design, read."""

    part: DesignPart

    @cached_property
    def ground(self) -> BaseGeometry:
        return from_wkb(self.part.ground)

    @cached_property
    def barriers(self) -> list[LineString]:
        return apart(self.part.barriers)

    @cached_property
    def blocks(self) -> list[Block]:
        shapes = apart(self.part.shapes)
        return [
            Block(key, shape, households, grid)
            for (key, households, grid), shape in zip(self.part.blocks, shapes, strict=True)
        ]
