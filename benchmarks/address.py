"""Finding a written address among a million: parse, look up, score; against a bare indexed lookup of a row that is known.

The register is made by SQL in a database of its own: streets with numbers, estates behind some of them with buildings
and entrances. What is asked are addresses of it, written as people write them: in full, in short, with other words for
building and entrance, numerals in characters, in the wrong order, and with one slip.
"""

import random
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from benchmarks._database import scratch_database

SIZE = 1_000_000  # addresses
SECONDS = 20.0

NUMBERS, BUILDINGS, ENTRANCES = 60, 20, 3
PER_STREET = 1 + NUMBERS + 2 * (1 + BUILDINGS * (1 + ENTRANCES))  # two estates a street
BARE = "SELECT id, text, lon, lat FROM registry_address WHERE parent_id = %s AND kind = %s AND key = %s AND valid_to IS NULL"
PROMISE_MS = 30.0
_CHARACTERS = "东西南北中华新民永安和平光明建设解放胜利团结友谊文化学府青年工农长江黄河泰山昆仑朝阳春晖秋实金银翠竹松柏梅兰"
_NUMERALS = "零一二三四五六七八九"

GENERATE = """
INSERT INTO registry_address (kind, parent_id, name, key, text, ordinal, area_id, lon, lat, cell, valid_from, source)
SELECT 'number', s.id, n || '号', n, s.text || n || '号', n, s.area_id, s.lon + n * 1e-5, s.lat, s.cell + n, '1949-10-01', ''
FROM registry_address s, generate_series(1, {numbers}) n WHERE s.kind = 'street';
INSERT INTO registry_address (kind, parent_id, name, key, text, ordinal, area_id, lon, lat, cell, valid_from, source)
SELECT 'estate', p.id, e.name, e.name, p.text || e.name, 0, p.area_id, p.lon, p.lat, p.cell, '1949-10-01', ''
FROM estates e JOIN registry_address s ON s.kind = 'street' AND s.ordinal = e.street
JOIN registry_address p ON p.parent_id = s.id AND p.kind = 'number' AND p.ordinal = e.number;
INSERT INTO registry_address (kind, parent_id, name, key, text, ordinal, area_id, lon, lat, cell, valid_from, source)
SELECT 'building', e.id, n || '幢', n, e.text || n || '幢', n, e.area_id, e.lon + n * 1e-5, e.lat, e.cell + n, '1949-10-01', ''
FROM registry_address e, generate_series(1, {buildings}) n WHERE e.kind = 'estate';
INSERT INTO registry_address (kind, parent_id, name, key, text, ordinal, area_id, valid_from, source)
SELECT 'entrance', b.id, n || '单元', n, b.text || n || '单元', n, b.area_id, '1949-10-01', ''
FROM registry_address b, generate_series(1, {entrances}) n WHERE b.kind = 'building';
"""


def run(size: int, seconds: float) -> list[dict[str, Any]]:
    """Match written addresses for about `seconds` seconds, turn and turn about with the bare lookup."""
    with scratch_database():
        from django.db import connection

        streets = max(size // PER_STREET, 10)
        names = _build(streets)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SELECT count(*) FROM registry_address")
            stored = int(cursor.fetchone()[0])
        return [_measure(names, stored, seconds), _suggested(names, stored, seconds / 4)]


def _build(streets: int) -> list[tuple[str, int, str]]:
    """Fill the register; returns street, number and estate of each estate there is."""
    from django.db import connection, transaction

    from wangge.registry.addresses.storing import Parts, store_addresses
    from wangge.territory.models import Area

    city = Area.objects.create(code="9901", name="临江市", level="city", path="")
    Area.objects.filter(pk=city.pk).update(path=f"/{city.pk}/")
    rng = random.Random(20260101)
    names = _names(rng, streets)
    estates = [(name, number + 1, 7 + 22 * half, f"{stem}{ending}") for number, name in enumerate(names)
               for half, (stem, ending) in enumerate(((name[:-1], "小区"), (name[-2::-1], "花园")))]  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        rows = (
            Parts(city.pk, city.pk, {"street": (name, name)}, lon=116 + at * 1e-4, lat=39.0)
            for at, name in enumerate(names)
        )
        store_addresses(rows)
        cursor.executemany(
            "UPDATE registry_address SET ordinal = %s WHERE name = %s",
            [(at + 1, name) for at, name in enumerate(names)],
        )
        cursor.execute("CREATE TEMPORARY TABLE estates (street int, number int, name text) ON COMMIT DROP")
        with cursor.copy("COPY estates FROM STDIN") as copy:
            for _street, at, number, estate in estates:
                copy.write_row((at, number, estate))
        cursor.execute(GENERATE.format(numbers=NUMBERS, buildings=BUILDINGS, entrances=ENTRANCES))
    _name_estates()
    return [(street, number, estate) for street, _at, number, estate in estates]


def _name_estates() -> None:
    """Give the estates that SQL made the names by which they are found."""
    from wangge.registry.addresses.sounds import nearly, pairs, sound_of
    from wangge.registry.models import Address, AddressName

    rows = Address.objects.filter(kind="estate").values_list("pk", "name")
    AddressName.objects.bulk_create(
        [
            AddressName(address_id=pk, kind="official", name=name, key=name, sound=sound_of(name), nearly=nearly(name), pairs=pairs(name))
            for pk, name in rows
        ],
        batch_size=5000,
    )  # fmt: skip


def _names(rng: random.Random, count: int) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        stem = "".join(rng.choices(_CHARACTERS, k=rng.choice((2, 2, 2, 3))))
        made[stem + rng.choice("路路路街巷")] = None
    return list(made)


def _written(rng: random.Random, known: tuple[str, int, str]) -> tuple[str, str]:
    """An address as somebody writes it, and how the text of the right one ends."""
    street, number, estate = known
    building = rng.randint(1, BUILDINGS)
    right = f"{street}{number}号{estate}{building}幢"
    ways: list[Callable[[], str]] = [
        lambda: right,
        lambda: f"临江市{right}",
        lambda: f"{estate}{building}号楼{rng.randint(1, ENTRANCES)}单元302室",
        lambda: f"{street}{_in_words(number)}号 {estate} {building}栋",
        lambda: f"{estate}{building}-2-302（{street}{number}号）",
        lambda: f"{building}号楼 {estate} {street}{number}号",
        lambda: f"{street}{number}号{_with_a_slip(rng, estate)}{building}幢",
        lambda: f"昨天晚上{street}{number}号{estate}{building}幢楼下的路灯不亮，请派人来看看",
    ]
    return rng.choice(ways)(), right


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("十" if tens == 1 else _NUMERALS[tens] + "十" if tens else "") + (_NUMERALS[ones] if ones else "")


def _with_a_slip(rng: random.Random, name: str) -> str:
    at = rng.randrange(len(name) - 2)
    return name[:at] + rng.choice("园苑元远圆") + name[at + 1 :]


def _measure(names: list[tuple[str, int, str]], stored: int, seconds: float) -> dict[str, Any]:
    from django.db import connection

    from wangge.registry.addresses.matching import match
    from wangge.registry.models import Address

    rng = random.Random(1)
    parents = list(Address.objects.filter(kind="estate").values_list("pk", flat=True)[:5000])
    ours: list[float] = []
    theirs: list[float] = []
    wrong = 0
    match("".join(names[0][:1]))  # the table of sounds is read once
    until = time.perf_counter() + seconds
    with connection.cursor() as cursor:
        while time.perf_counter() < until or len(ours) < 50:
            words, right = _written(rng, rng.choice(names))
            began = time.perf_counter()
            answer = match(words)
            ours.append(time.perf_counter() - began)
            wrong += right not in [one.text for one in answer.matches]
            began = time.perf_counter()
            cursor.execute(BARE, [rng.choice(parents), "building", str(rng.randint(1, BUILDINGS))])
            cursor.fetchall()
            theirs.append(time.perf_counter() - began)
    p50, p95, p99 = (round(float(value) * 1000, 2) for value in np.percentile(ours, [50, 95, 99]))
    return {
        "name": "match an address",
        "size": stored,
        "value": round(100 * (1 - wrong / len(ours)), 2),
        "unit": "% found",
        "yardstick": f"a bare indexed lookup: {median(theirs) * 1000:.2f} ms; the promise: 95 % within {PROMISE_MS:.0f} ms",
        "ratio": round(median(theirs) / median(ours), 3),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
        "errors": int(wrong > len(ours) / 50),
    }


def _suggested(names: list[tuple[str, int, str]], stored: int, seconds: float) -> dict[str, Any]:
    from wangge.registry.addresses.suggesting import suggest

    rng = random.Random(2)
    taken: list[float] = []
    empty = 0
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(taken) < 50:
        street, number, estate = rng.choice(names)
        words = rng.choice(
            (street[:2], street, f"{street}{number // 10 or number}", estate[:3], f"{estate}1")
        )
        began = time.perf_counter()
        empty += not suggest(words)
        taken.append(time.perf_counter() - began)
    p50, p95, p99 = (round(float(value) * 1000, 2) for value in np.percentile(taken, [50, 95, 99]))
    return {
        "name": "suggest while typing",
        "size": stored,
        "value": round(1 / median(taken)),
        "unit": "answers/s",
        "yardstick": f"the promise: 95 % within {PROMISE_MS:.0f} ms",
        "ratio": round(PROMISE_MS / p95, 2),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
        "errors": empty,
    }
