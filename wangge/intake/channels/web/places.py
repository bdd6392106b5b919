"""Finding a place by what people write: addresses of the register, names of roads, waters, parks and places."""

import unicodedata
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from wangge.common import limits
from wangge.common.refusals import Refused
from wangge.registry.addresses.finding import FoundAddress, find_addresses, guess
from wangge.territory import basemap
from wangge.territory.coordinates import parse_pair

MOST = 8
LONGEST = 60
FITS_WELL = 0.9
IN_WORDS = "words"  # what a form sends back when none of the places is right


@dataclass(frozen=True)
class FoundPlace:
    """A place to choose. Point: WGS84 degrees."""

    label: str
    note: str
    lon: float
    lat: float

    @property
    def value(self) -> str:
        """How a form sends it back."""
        return f"{self.lon:.6f},{self.lat:.6f},{self.label}"


def count_search(request: HttpRequest) -> None:
    """Count a search of somebody without an account; raises TooMany for who reads the register out piece by piece."""
    if not request.user.is_authenticated:
        limits.count(request, "address")


def find_places(words: str) -> list[FoundPlace]:
    """Return places called so: addresses that fit well, then named places, then addresses that begin so.

    Nothing for less than two characters.
    """
    wanted = unicodedata.normalize("NFKC", words).strip()[:LONGEST]
    if len(wanted) < 2:
        return []
    addresses = find_addresses(wanted, most=MOST)
    fitting = [_address(one) for one in addresses if one.score >= FITS_WELL]
    named = [_named(name) for name in basemap.named(wanted, most=MOST // 2)]
    others = [_address(one) for one in addresses if one.score < FITS_WELL]
    return list({place.label: place for place in [*fitting, *named, *others]}.values())[:MOST]


def guess_places(words: str) -> list[FoundPlace]:
    """Return where an address or a report in words may mean: guesses, for a person to confirm."""
    return [_address(one) for one in guess(words)]


def well_known() -> list[FoundPlace]:
    """Return the places everybody knows, for a first choice without a map."""
    return [_named(name) for name in basemap.well_known()]


def _named(found: basemap.FoundName) -> FoundPlace:
    return FoundPlace(found.name, _("road, park or place"), found.lon, found.lat)


def _address(found: FoundAddress) -> FoundPlace:
    return FoundPlace(found.text, found.note, found.lon, found.lat)


def chosen_place(value: str) -> tuple[float, float, str] | None:
    """Read what a form sends back: longitude, latitude (WGS84 degrees) and words; raises Refused for nonsense."""
    if not value or value == IN_WORDS:
        return None
    lon, _comma, rest = value.partition(",")
    lat, _comma, label = rest.partition(",")
    pair = parse_pair(lon, lat)
    return (*pair, label[:256]) if pair else None


def kept_place(value: str) -> FoundPlace | None:
    """Return what was chosen as a place to choose again; None for nothing and for nonsense."""
    try:
        chosen = chosen_place(value)
    except Refused:
        return None
    return FoundPlace(chosen[2], "", *chosen[:2]) if chosen else None
