"""Vector tiles: which part of the world a tile is, and its content in the Mapbox Vector Tile format, version 2.1."""

from wangge.common.tiles.encoding import EXTENT, Layer, encode
from wangge.common.tiles.grid import BUFFER, Tile, read_tile
from wangge.common.tiles.serving import MEDIA_TYPE, serve_own, tile_or_404

__all__ = [
    "BUFFER",
    "EXTENT",
    "MEDIA_TYPE",
    "Layer",
    "Tile",
    "encode",
    "read_tile",
    "serve_own",
    "tile_or_404",
]
