"""Where an erased report said it was: the address goes, the point is drawn back to the street segment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from wangge.accounts.models import Account
from wangge.audit.actions import blank_words
from wangge.audit.models import Event
from wangge.cases.actions.blanking import BLANK
from wangge.cases.actions.tracing import addresses_of, others_of, points_of
from wangge.cases.models import Case, Report
from wangge.common import rows
from wangge.territory.cells import cell

STREET = (
    3  # decimals of a degree, some 100 m: what the public sees of a place that is told to the street only
)
Point = tuple[float | None, float | None]


@dataclass(frozen=True)
class Going:
    """What of a case's place goes with a report: its own words, and while it was the last one all the others too."""

    address: Callable[[str], bool]
    point: Callable[[Point], bool]

    @classmethod
    def with_(cls, report: Report, case: Case, *, keep_place: bool) -> Self:
        others = list(others_of(case, report))
        said, where = {one.address for one in others}, {(one.lon, one.lat) for one in others}
        last, own, points = not others and not keep_place, addresses_of(report), points_of(report)
        # What the desk put in place of the person's address stays with the place.
        told = own[:1] if keep_place else own
        return cls(
            lambda address: bool(address) and address not in said and (last or address in told),
            lambda point: not keep_place and point not in where and (last or point in points),
        )


def draw_back(report: Report, case: Case, *, by: Account, why: str, at: datetime, keep_place: bool) -> None:
    """Take the place that a report told out of a case, out of its corrections too; both are locked, the case is stored."""
    going = Going.with_(report, case, keep_place=keep_place)
    before = _place(case)
    told = Event.objects.filter(subject_id=case.pk, payload__data__has_any_keys=["changes", "position"])
    for event in told.select_related("payload"):
        kept = _left(event.payload.data, going)
        if kept != event.payload.data:
            blank_words(case, event, kept=kept, kind="case", by=by, at=at, purpose=why, text="place")
    if going.address(case.address):
        heir = None if case.closed_at else others_of(case, report).first()
        case.address = heir.address if heir is not None else ""
    if going.point((case.lon, case.lat)):
        to_the_street(case)
    if _place(case) != before:
        case.updated_at = max(at, case.updated_at)
        rows.store(case)


def _place(case: Case) -> tuple[object, ...]:
    return case.event_seq, case.address, case.lon, case.lat


def to_the_street(matter: Report | Case) -> None:
    """Keep of a point no more than its street segment; the grids it was counted in stay."""
    if matter.lon is not None and matter.lat is not None:
        matter.lon, matter.lat = street(matter.lon), street(matter.lat)
        matter.cell = cell(matter.lon, matter.lat)


def street(degrees: float) -> float:
    """A coordinate to the street segment."""
    return round(degrees, STREET)


def _left(data: dict[str, Any], going: Going) -> dict[str, Any]:
    """What an event keeps, with the places in it that are to go blanked or drawn back: corrected, or where a device was."""
    left = dict(data)
    if "changes" in left:
        left["changes"] = _corrections(left["changes"], going)
    if "position" in left and going.point(tuple(left["position"][:2])):
        left["position"] = [*_street(left["position"][:2]), *left["position"][2:]]
    return left


def _corrections(changes: dict[str, Sequence[Any]], going: Going) -> dict[str, Sequence[Any]]:
    left = dict(changes)
    if "address" in left:
        left["address"] = [BLANK if going.address(one) else one for one in left["address"]]
    if "place" in left:
        left["place"] = [_street(one) if going.point(tuple(one)) else one for one in left["place"]]
    return left


def _street(point: Sequence[float | None]) -> list[float | None]:
    return [None if degrees is None else street(degrees) for degrees in point]
