"""What people do to the register: add, correct, name, merge, retire. Each act is one entry in the log."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.registry.addresses.parts import BUILDING, ENTRANCE, ESTATE, NUMBER, ROOM, STREET, part_key
from wangge.registry.addresses.permissions import demand_edit, path_of
from wangge.registry.addresses.rows import territory_now
from wangge.registry.addresses.storing import store_name
from wangge.registry.addresses.text import key_of, ordinal_of
from wangge.registry.models import Address, AddressName, Room
from wangge.territory import lookup
from wangge.territory.cells import cell
from wangge.territory.models import Area

Point = tuple[float, float]
# What may hang under what; the top of the tree under None.
BELOW: dict[str | None, tuple[str, ...]] = {
    None: (STREET, ESTATE),
    STREET: (NUMBER, ESTATE),
    NUMBER: (ESTATE, BUILDING, ENTRANCE),
    ESTATE: (BUILDING, NUMBER, STREET, ENTRANCE),
    BUILDING: (ENTRANCE,),
    ENTRANCE: (),
}
WITH_ROOMS = (NUMBER, BUILDING, ENTRANCE)

_TEXTS_BELOW = """
WITH RECURSIVE down AS (
    SELECT id, text::text FROM registry_address WHERE id = %s
    UNION ALL
    SELECT c.id, d.text || c.name FROM registry_address c JOIN down d ON c.parent_id = d.id WHERE c.valid_to IS NULL
) UPDATE registry_address a SET text = down.text FROM down WHERE a.id = down.id"""
_BELOW = """
WITH RECURSIVE down AS (
    SELECT id FROM registry_address WHERE id = %s
    UNION ALL
    SELECT c.id FROM registry_address c JOIN down d ON c.parent_id = d.id WHERE c.valid_to IS NULL
) SELECT id FROM down"""


@transaction.atomic
def add_address(
    *,
    parent: Address | None,
    kind: str,
    name: str,
    point: Point | None,
    by: Account,
    at: datetime,
    source: str = "",
) -> Address:
    """Add one address below another, or a street or an estate at the top. Point: WGS84 degrees."""
    if kind not in BELOW[parent.kind if parent else None]:
        raise Refused(_("This kind does not belong there."), field="kind")
    area = _area(parent, kind, point)
    demand_edit(
        by,
        lookup.place(*point).path if point and kind != STREET else path_of(parent) if parent else area.path,
    )
    key = _key(kind, name)
    _demand_new(parent, area, kind, key)
    address = Address.objects.create(
        kind=kind,
        parent=parent,
        name=name,
        key=key,
        text=f"{parent.text if parent else ''}{name}",
        ordinal=ordinal_of(key),
        area=area,
        valid_from=timezone.localdate(at),
        source=source,
        **_pointed(point),
    )
    if kind in (STREET, ESTATE) or (kind == BUILDING and key == key_of(name) and not key.isalnum()):
        store_name(address, AddressName.Kind.OFFICIAL, name)
    _log("added", address, by, at, {"text": address.text})
    return address


@transaction.atomic
def correct_address(
    address: Address, *, name: str, point: Point | None, keeps_former: bool, by: Account, at: datetime
) -> None:
    """Change the name or the point; everything below is called by the new name at once.

    With `keeps_former` the old name still finds it. A point left out stays as it is.
    """
    address = _locked(address)
    demand_edit(by, path_of(address))
    key = _key(address.kind, name)
    before = {"name": address.name, "lon": address.lon, "lat": address.lat}
    if key != address.key:
        _demand_new(address.parent, address.area, address.kind, key)
        _rename(address, name, key, keeps_former)
    address.name, address.key, address.ordinal = name, key, ordinal_of(key)
    address.text = f"{address.parent.text if address.parent else ''}{name}"
    if point is not None:
        demand_edit(by, lookup.place(*point).path if address.kind != STREET else address.area.path)
        for field, value in _pointed(point).items():
            setattr(address, field, value)
        if address.kind != STREET:
            address.area = _area(address.parent, address.kind, point)
    address.save()
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS_BELOW, [address.pk])
    after = {"name": address.name, "lon": address.lon, "lat": address.lat}
    _log("corrected", address, by, at, {k: [before[k], after[k]] for k in after if before[k] != after[k]})


@transaction.atomic
def name_address(address: Address, *, kind: str, name: str, by: Account, at: datetime) -> None:
    """Add another or a former name, by which it is found from now on."""
    demand_edit(by, path_of(address))
    if not key_of(name):
        raise Refused(_("Please write a name."), field="name")
    if AddressName.objects.filter(address=address, key=key_of(name)).exists():
        raise Refused(_("It has this name already."), field="name")
    store_name(address, kind, name)
    _log("named", address, by, at, {"name": name, "kind": kind})


@transaction.atomic
def add_room(address: Address, *, name: str, floor: int | None, by: Account, at: datetime) -> Room:
    """Add a room behind an entrance, or in a building or behind a number that has none."""
    demand_edit(by, path_of(address))
    key = part_key(ROOM, name)
    if address.kind not in WITH_ROOMS or not key:
        raise Refused(_("Rooms belong to an entrance, a building or a number."), field="name")
    if Room.objects.filter(address=address, key=key, valid_to=None).exists():
        raise Refused(_("It is in the register already."), field="name")
    room = Room.objects.create(
        address=address, name=name, key=key, floor=floor, valid_from=timezone.localdate(at)
    )
    _log("room_added", address, by, at, {"room": name})
    return room


@transaction.atomic
def merge_addresses(address: Address, *, into: Address, by: Account, at: datetime) -> None:
    """Make two entries for one place one: names, parts and rooms go over, the first is retired and points to the other."""
    first, second = sorted((address.pk, into.pk))
    locked = {one.pk: one for one in Address.objects.select_for_update().filter(pk__in=(first, second))}
    address, into = locked[address.pk], locked[into.pk]
    for one in (address, into):
        demand_edit(by, path_of(one))
    if address.pk == into.pk or address.kind != into.kind or into.valid_to is not None:
        raise Refused(_("Choose another address of the same kind that is in force."), field="into")
    if into.pk in _ids_below(address):
        raise Refused(_("An address cannot be merged into a part of itself."), field="into")
    _merge(address, into, at)
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS_BELOW, [into.pk])
    _log("merged", address, by, at, {"text": address.text, "into": into.pk})


@transaction.atomic
def retire_address(address: Address, *, by: Account, at: datetime) -> None:
    """Take an address and everything below it out of force; it stays in the register and is found no more."""
    address = _locked(address)
    demand_edit(by, path_of(address))
    if address.valid_to is not None:
        raise Refused(_("It is out of force already."))
    ids, day = _ids_below(address), _last_day(address, at)
    Address.objects.filter(pk__in=ids).update(valid_to=day)
    Room.objects.filter(address__in=ids, valid_to=None).update(valid_to=day)
    _log("retired", address, by, at, {"text": address.text, "with_parts": len(ids) - 1})


# -- Parts of the acts ----------------------------------------------------------------------------------------


def _locked(address: Address) -> Address:
    return Address.objects.select_for_update(of=("self",)).select_related("parent", "area").get(pk=address.pk)


def _key(kind: str, name: str) -> str:
    key = part_key(kind, name)
    if not key:
        raise Refused(_("Please write a name."), field="name")
    return key


def _demand_new(parent: Address | None, area: Area, kind: str, key: str) -> None:
    same = Address.objects.filter(parent=parent, kind=kind, key=key, valid_to=None)
    if parent is None:
        same = same.filter(area=area)
    if there := same.first():
        raise Refused(_("“%(text)s” is in the register already.") % {"text": there.text}, field="name")


def _area(parent: Address | None, kind: str, point: Point | None) -> Area:
    """The county of a street, the community of anything else."""
    if point is None:
        if parent is None:
            raise Refused(_("Please choose the place on the map."), field="lon")
        return parent.area
    place, territory = lookup.place(*point), territory_now()
    if place.how != "inside":
        raise Refused(_("This point lies outside every grid."), field="lon")
    return Area.objects.get(
        pk=territory.county(place.path) if kind == STREET else territory.community(place.path)
    )


def _pointed(point: Point | None) -> dict[str, float | int | None]:
    lon, lat = point or (None, None)
    return {"lon": lon, "lat": lat, "cell": cell(*point) if point else None}


def _rename(address: Address, name: str, key: str, keeps_former: bool) -> None:
    """The row of the old name becomes the new one; the old one may stay as a former name."""
    own = AddressName.objects.filter(address=address, key=address.key)
    if not own.exists():
        return
    own.delete()
    AddressName.objects.filter(address=address, key=key).delete()
    store_name(address, AddressName.Kind.OFFICIAL, name)
    if keeps_former:
        store_name(address, AddressName.Kind.FORMER, address.name)


def _merge(address: Address, into: Address, at: datetime) -> None:
    there = {(part.kind, part.key): part for part in into.parts.filter(valid_to=None)}
    for part in address.parts.filter(valid_to=None):
        if twin := there.get((part.kind, part.key)):
            _merge(part, twin, at)
        else:
            Address.objects.filter(pk=part.pk).update(parent=into)
    rooms = Room.objects.filter(address=address, valid_to=None)
    rooms.filter(key__in=Room.objects.filter(address=into, valid_to=None).values("key")).update(
        valid_to=_last_day(address, at)
    )
    rooms.update(address=into)
    for name in address.names.all():
        former = AddressName.Kind.ALIAS if name.kind == AddressName.Kind.OFFICIAL else name.kind
        store_name(into, former, name.name)
    address.valid_to, address.merged_into = _last_day(address, at), into
    address.save(update_fields=["valid_to", "merged_into"])


def _last_day(address: Address, at: datetime) -> date:
    """Out of force from today; what began today ends tomorrow, since nothing may end before it began."""
    today = timezone.localdate(at)
    return max(today, address.valid_from + timedelta(days=1))


def _ids_below(address: Address) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [address.pk])
        return [pk for (pk,) in cursor.fetchall()]


def _log(act: str, address: Address, by: Account, at: datetime, detail: dict[str, object]) -> None:
    record_access(
        f"address.{act}", by=by, at=at, subject_kind="address", subject_id=address.pk, detail=detail
    )
