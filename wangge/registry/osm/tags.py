"""What the tags of OpenStreetMap mean here. Source: the OpenStreetMap wiki, pages “Key:highway”, “Key:building:levels”, “Map features”."""

import re
from collections.abc import Mapping

from wangge.territory.models import BaseFeature

Kind = BaseFeature.Kind
Tags = Mapping[str, str]

FLOOR_METRES = 3.0
MOST_FLOORS = 200

# 0 arterial … 3 lane, as `BaseFeature.rank` says.
_ROADS = {
    "motorway": 0, "trunk": 0, "primary": 0, "motorway_link": 1, "trunk_link": 1, "primary_link": 1,
    "secondary": 1, "secondary_link": 2, "tertiary": 2, "tertiary_link": 2, "unclassified": 2,
    "residential": 3, "living_street": 3, "pedestrian": 3, "service": 3,
}  # fmt: skip
_GREEN = {
    "leisure": {"park", "garden", "nature_reserve", "golf_course", "pitch"},
    "landuse": {"forest", "grass", "meadow", "recreation_ground", "village_green", "cemetery"},
    "natural": {"wood", "grassland", "scrub"},
}
_PLACES = ("amenity", "shop", "tourism", "office", "healthcare", "public_transport", "railway", "historic")
# What people give as a landmark is drawn before what there is one of at each corner.
_WELL_KNOWN = {
    "hospital", "school", "university", "college", "townhall", "station", "police", "library", "museum", "marketplace",
    "kindergarten", "community_centre", "mall", "supermarket", "attraction", "subway_entrance", "fire_station",
}  # fmt: skip


def name_of(tags: Tags) -> str:
    """The name on the spot, in Chinese where both are given."""
    return (tags.get("name:zh") or tags.get("name") or "").strip()[:100]


def line_of(tags: Tags) -> tuple[str, int] | None:
    """Kind and rank of a line that the map shows; None for the others."""
    if (rank := _ROADS.get(tags.get("highway", ""))) is not None:
        return Kind.ROAD, rank
    if tags.get("waterway") in ("river", "canal", "stream", "drain"):
        return Kind.WATER, 0 if tags["waterway"] in ("river", "canal") else 2
    return None


def surface_of(tags: Tags) -> tuple[str, int] | None:
    """Kind and rank of a surface that the map shows; None for the others."""
    if (
        tags.get("natural") == "water"
        or tags.get("waterway") == "riverbank"
        or tags.get("landuse") == "reservoir"
    ):
        return Kind.WATER, 0
    if any(tags.get(key) in values for key, values in _GREEN.items()):
        return Kind.GREEN, 0 if tags.get("leisure") in ("park", "nature_reserve") else 1
    return None


def place_of(tags: Tags) -> tuple[str, int] | None:
    """Kind and rank of a named place; None for what has no name."""
    said = next((tags[key] for key in _PLACES if tags.get(key)), "")
    if not said or not name_of(tags):
        return None
    return Kind.PLACE, 0 if said in _WELL_KNOWN else 2


def is_building(tags: Tags) -> bool:
    """Tell whether a surface is a building that stands."""
    return tags.get("building", "no") not in ("no", "ruins", "collapsed", "construction")


def floors_of(tags: Tags) -> int | None:
    """How many floors: as said, else from the height in metres; None where neither is."""
    if (levels := _number(tags.get("building:levels", ""))) is not None:
        return max(1, min(MOST_FLOORS, round(levels)))
    if (height := _number(tags.get("height", tags.get("building:height", "")))) is not None:
        return max(1, min(MOST_FLOORS, round(height / FLOOR_METRES)))
    return None


def address_of(tags: Tags) -> str:
    """The address as people write it: street and number without a space, or what stands there in one piece."""
    if full := tags.get("addr:full", "").strip():
        return full[:200]
    return f"{tags.get('addr:street', '')}{tags.get('addr:housenumber', '')}"[:200].strip()


def _number(text: str) -> float | None:
    found = re.match(r"\s*(\d+(?:\.\d+)?)\s*(m|米)?\s*(;|$)", text)
    return float(found[1]) if found else None
