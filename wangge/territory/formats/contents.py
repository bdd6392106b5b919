"""What a file of geography holds, whatever its format."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.common.unkept import UNKEPT
from wangge.territory.systems import System


@dataclass(frozen=True)
class Feature:
    """One row: where it stands in the file (from 1), what is said of it (names in lower case), and its shape as written.

    `shape` is GeoJSON (a mapping), WKB (bytes), WKT (text), or None; it is read, and may be refused, by `geometry_of`.
    `fault` says why the row as a whole cannot be read.
    """

    row: int
    properties: Mapping[str, Any]
    shape: Any
    fault: str = ""


@dataclass
class Contents:
    """A file that was opened: its features, read once from front to back, and what it says of itself.

    `size` counts features where the format knows that beforehand; `done` is how far reading has come, from 0 to 1.
    """

    features: Iterator[Feature]
    system: System | None = None
    layers: tuple[str, ...] = ()
    done: float = field(default=0.0)


def readable(features: Iterator[Feature]) -> Iterator[Feature]:
    """The features, with a fault in those of which a text holds what no database keeps as text."""
    for feature in features:
        odd = any(isinstance(said, str) and UNKEPT.search(said) for said in feature.properties.values())
        yield replace(feature, fault=_("A text holds signs that are none.")) if odd else feature


def geometry_of(feature: Feature) -> BaseGeometry | None:
    """The two-dimensional shape of a feature in the coordinates of its file, None where there is none.

    Raises `Refused` where it cannot be read.
    """
    if not feature.shape:
        return None
    try:
        return shapely.force_2d(_read(feature.shape))
    except (GEOSException, ValueError, TypeError) as error:
        raise Refused(_("The boundary cannot be read: %(why)s.") % {"why": error}, "geometry") from error


def _read(shape: Any) -> BaseGeometry:
    if isinstance(shape, bytes):
        return shapely.from_wkb(shape)
    if isinstance(shape, str):
        return shapely.from_wkt(shape)
    return shapely.from_geojson(json.dumps(shape))
