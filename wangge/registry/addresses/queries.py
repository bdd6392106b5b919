"""Reading the register for its pages: what is found, what lies below, what may be the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from wangge.registry.addresses import names
from wangge.registry.addresses.matching import match
from wangge.registry.addresses.parts import AREA, STREET
from wangge.registry.addresses.permissions import STAFF, may_see_rooms
from wangge.registry.addresses.suggesting import suggest
from wangge.registry.models import Address, Room
from wangge.territory.scopes import Person, Scope

Kind = Address.Kind
MOST_FOUND = 50
MOST_ALIKE = 5


@dataclass(frozen=True)
class Row:
    """One line of what was found: the address, how well it fits, and what does not."""

    address: Address
    score: int | None
    note: str


def found(words: str) -> list[Row]:
    """What words may mean or begin, with why, the best first; down to the entrance, for staff."""
    answer = match(words, most=MOST_FOUND, to_the_door=True)
    meant = {one.id: one for one in answer.matches if one.id and one.kind != AREA}
    begun = [one.id for one in suggest(words, most=MOST_FOUND, kinds=list(Kind))]
    rows = Address.objects.select_related("area").defer("area__boundary").in_bulk([*meant, *begun])
    first = [
        Row(rows[pk], round(one.score * 100), " ".join(one.reasons))
        for pk, one in meant.items()
        if pk in rows
    ]
    return first + [Row(rows[pk], None, "") for pk in begun if pk in rows and pk not in meant]


def tops(scope: Scope) -> QuerySet[Address]:
    """The streets and estates at the top of the register in the areas of somebody's posts, and of those around them."""
    paths = {reach.path for reach in scope.reaches}
    above = {path[: at + 1] for path in paths for at, sign in enumerate(path) if sign == "/" and at}
    here = scope.within("area__path", STAFF) | Q(area__path__in=above)
    return (
        Address.objects.filter(here, parent=None, valid_to=None)
        .select_related("area")
        .defer("area__boundary")
        .annotate(count=Count("parts", filter=Q(parts__valid_to=None)))
        .order_by("name")
    )


def parts_of(address: Address) -> QuerySet[Address]:
    """What lies directly below, in the order of its numbers."""
    return address.parts.filter(valid_to=None).order_by("kind", "ordinal", "key")


def rooms_of(address: Address, person: Person) -> Sequence[Room] | None:
    """The rooms of an address, lowest first; None for whoever has no post there."""
    if not may_see_rooms(person, address):
        return None
    rows = list(address.rooms.filter(valid_to=None))
    return sorted(rows, key=lambda room: (room.floor or 0, len(room.key), room.key))


def alike(address: Address) -> list[Address]:
    """Other addresses of the same kind and area that sound the same or differ by one character: perhaps the same twice."""
    keys = list(address.names.values_list("key", flat=True))
    ids = {known.node.id for _piece, known in names.by_likeness(keys)} | {
        known.node.id for known in names.exactly(keys)
    }
    same = Address.objects.filter(pk__in=ids - {address.pk}, kind=address.kind, valid_to=None)
    same = same.filter(area=address.area)
    if address.kind == STREET:
        same = same.filter(parent=address.parent)
    return list(same.order_by("text")[:MOST_ALIKE])


def chain_of(address: Address) -> list[Address]:
    """The address and all above it, from the top."""
    chain = [address]
    while chain[0].parent is not None:
        chain.insert(0, chain[0].parent)
    return chain
