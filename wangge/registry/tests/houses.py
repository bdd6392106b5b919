"""A few streets and estates in the small territory of the fixed cast."""

from django.db import transaction

from wangge.cases.tests.cast import Territory
from wangge.registry.addresses import names
from wangge.registry.addresses.parts import part_key
from wangge.registry.addresses.storing import Parts, store_addresses
from wangge.territory.models import Area

ORDER = ("village", "street", "number", "estate", "building", "entrance")
KINDS = {"village": "estate"}


def parts(place: Territory, *, at: Area, **said: object) -> Parts:
    """One row: the parts in words (`street="人民路"`), the rest as `Parts` has it."""
    more = {name: said.pop(name) for name in list(said) if name not in ORDER}
    if room := more.pop("room", None):
        more["room"] = (str(room), part_key("room", str(room)))
    words = {
        level: (str(said[level]), part_key(KINDS.get(level, level), str(said[level])))
        for level in ORDER
        if level in said
    }
    return Parts(at.pk, place.county.pk, words, **more)  # type: ignore[arg-type]


def build(place: Territory) -> None:
    """人民路 with numbers and 阳光小区, 长安街, 二棉宿舍 under its new name, and a village with a street of its own."""
    one, other = place.community, Area.objects.get(code="990101001002")
    rows = [
        *(parts(place, at=one, street="人民路", number=f"{n}号", lon=118.900 + n / 10000, lat=32.905) for n in (2, 4, 8, 10, 12)),
        parts(place, at=one, street="人民路", number="12号", estate="阳光小区", lon=118.9015, lat=32.9055),
        *(
            parts(place, at=one, street="人民路", number="12号", estate="阳光小区", building=f"{n}幢",
                  lon=118.9015 + n / 10000, lat=32.9056)
            for n in (1, 2, 3)
        ),
        *(
            parts(place, at=one, street="人民路", number="12号", estate="阳光小区", building="3幢", entrance=f"{n}单元")
            for n in (1, 2)
        ),
        *(
            parts(place, at=one, street="人民路", number="12号", estate="阳光小区", building="3幢", entrance="2单元",
                  room=f"{n}室", floor=n // 100)
            for n in (101, 302)
        ),
        *(parts(place, at=other, street="长安街", number=f"{n}号", lon=118.9212, lat=32.902 + n / 10000) for n in (1, 3, 20)),
        parts(place, at=other, street="长安街", number="20号", estate="第二纺织厂宿舍", lon=118.9225, lat=32.905,
              aliases=("二纺宿舍",), former=("红旗大院",)),
        parts(place, at=other, street="长安街", number="20号", estate="第二纺织厂宿舍", building="1号楼", lon=118.9226, lat=32.9051),
        parts(place, at=other, village="王家庄", street="村前街", number="7号", lon=118.9280, lat=32.908),
        parts(place, at=other, street="松月弄", number="5号", lon=118.9240, lat=32.903),
    ]  # fmt: skip
    with transaction.atomic():
        store_addresses(rows)
    names.forget_areas()
