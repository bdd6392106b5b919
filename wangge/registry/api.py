"""Addresses over HTTP: what is meant, what begins so, what is nearest; public down to the building, and not too often."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from wangge.common import limits
from wangge.common.api import Latitude, Longitude, Problem, problems
from wangge.registry.addresses.matching import match
from wangge.registry.addresses.reverse import nearest
from wangge.registry.addresses.scoring import Match
from wangge.registry.addresses.suggesting import suggest
from wangge.territory.coordinates import CRS, from_wgs84, to_wgs84

router = Router(tags=["addresses"])

Typed = Annotated[str, Query(min_length=1, max_length=200)]
Most = Annotated[int, Query(ge=1, le=20)]


class PartOut(Schema):
    """One part of the address as it was understood."""

    kind: str
    key: str = Field(description="in one spelling: 十二号 and １２号 are both 12")
    words: str


class AddressOut(Schema):
    """An address of the register; the point in the system asked for, absent where the register has none."""

    kind: str = Field(description="street, number, estate, building, crossing or area")
    text: str
    lon: float | None
    lat: float | None


class MatchOut(AddressOut):
    """An address that may be meant, how well it fits (0 to 1), and what does not."""

    score: float
    reasons: list[str]


class AnswerOut(Schema):
    """What was understood and what fits; unless `is_sure`, let a person choose."""

    is_sure: bool
    parts: list[PartOut]
    not_understood: list[str]
    matches: list[MatchOut]


class SuggestionOut(AddressOut):
    """An address that begins so; `called` is the other name by which it was found."""

    called: str


class NearOut(AddressOut):
    """The nearest address; `metres` is 0 where the point lies in its building."""

    metres: int


@router.get(
    "/addresses/match",
    response={200: AnswerOut, **problems(422, 429)},
    auth=None,
    operation_id="address_match",
)
def match_address(request: HttpRequest, q: Typed, most: Most = 5, crs: CRS = CRS.WGS84) -> AnswerOut:
    """What a written address means: a score and reasons for each address that may be meant, the best first."""
    _count(request)
    answer = match(q, most=most)
    return AnswerOut(
        is_sure=answer.is_sure,
        parts=[PartOut(kind=str(p.kind), key=p.key, words=p.words) for p in answer.written.parts],
        not_understood=answer.written.unknown,
        matches=[_match_out(one, crs) for one in answer.matches],
    )


@router.get(
    "/addresses/suggest",
    response={200: list[SuggestionOut], **problems(422, 429)},
    auth=None,
    operation_id="address_suggest",
)
def suggest_addresses(
    request: HttpRequest, q: Typed, most: Most = 8, crs: CRS = CRS.WGS84
) -> list[SuggestionOut]:
    """Addresses that begin like what is typed, in characters or in pinyin; never an entrance or a room."""
    _count(request)
    return [
        SuggestionOut(kind=one.kind, text=one.text, called=one.called, **_point(one.lon, one.lat, crs))
        for one in suggest(q, most=most)
    ]


@router.get(
    "/addresses/reverse",
    response={200: list[NearOut], **problems(422, 429)},
    auth=None,
    operation_id="address_reverse",
)
def reverse_address(
    request: HttpRequest, lon: Longitude, lat: Latitude, crs: CRS = CRS.WGS84, most: Most = 1
) -> list[NearOut]:
    """The addresses nearest to a point, within 400 metres; an empty list where there is none."""
    _count(request)
    found = nearest(*to_wgs84(lon, lat, crs), most=most)
    return [
        NearOut(kind=one.kind, text=one.text, metres=one.metres, **_point(one.lon, one.lat, crs))
        for one in found
    ]


def _match_out(one: Match, crs: CRS) -> MatchOut:
    return MatchOut(
        kind=str(one.kind),
        text=one.text,
        score=one.score,
        reasons=list(one.reasons),
        **_point(one.lon, one.lat, crs),
    )


def _point(lon: float | None, lat: float | None, crs: CRS) -> dict[str, Any]:
    if lon is None or lat is None:
        return {"lon": None, "lat": None}
    lon, lat = from_wgs84(lon, lat, crs)
    return {"lon": round(lon, 7), "lat": round(lat, 7)}


def _count(request: HttpRequest) -> None:
    """Whoever is signed in asks as often as the work needs; the public within a limit for each network."""
    if request.user.is_authenticated:
        return
    try:
        limits.count(request, "address")
    except limits.TooMany as too_many:
        raise Problem(429, "too_many", str(too_many)) from None
