"""Cases on the map: counts that agree with lists, however they came about, and nothing for the wrong eyes."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import mapbox_vector_tile
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from wangge.accounts.models import Account, Unit
from wangge.audit.tests.tampering import by_hand
from wangge.cases import actions
from wangge.cases.map import Lens, counting, tally, tiles
from wangge.cases.models import Case, Clock, Escalation, MapChange, MapTally, MatterClass
from wangge.cases.models.on_map import Span
from wangge.cases.queries.lights import light_of
from wangge.cases.tests.cast import IN_GRID_A, IN_GRID_B, IN_GRID_C, NOON, Cast
from wangge.cases.workflow import Stage
from wangge.common.days import midnight
from wangge.common.tiles import Tile
from wangge.territory.cells import BITS, cell, tile_range

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


def tile_at(zoom: int, point: tuple[float, float] = IN_GRID_A) -> Tile:
    """The tile of a zoom that holds a point."""
    return next(
        Tile(zoom, x, y)
        for x in [int((point[0] + 180) / 360 * 2**zoom)]
        for y in range(2**zoom)
        if tile_range(zoom, x, y)[0] >> 2 * (BITS - zoom) == cell(*point) >> 2 * (BITS - zoom)
    )


def lens(person: Account, query: str = "") -> Lens:
    return Lens.of(person, LATER, QueryDict(query))


def counted(made: bytes) -> int:
    """How many cases a tile stands for, as circles and as points."""
    read: dict[str, Any] = mapbox_vector_tile.decode(made)
    circles = sum(int(one["properties"]["n"]) for one in read.get("cases", {"features": []})["features"])
    return circles + len(read.get("case", {"features": []})["features"])


def titles(made: bytes) -> list[str]:
    read = mapbox_vector_tile.decode(made)
    return sorted(one["properties"]["number"] for one in read.get("case", {"features": []})["features"])


@pytest.fixture
def three(cast: Cast) -> list[Case]:
    """One case in each grid: a and b in one community, c in the other."""
    return [cast.file(cast.report(point)) for point in (IN_GRID_A, IN_GRID_B, IN_GRID_C)]


@pytest.mark.parametrize("folded", [False, True], ids=["noted", "folded"])
def test_from_far_away_there_are_as_many_as_in_the_list(cast: Cast, three: list[Case], folded: bool) -> None:
    if folded:
        tally.fold()
    look = lens(cast.overseer)
    assert counting.tallied_part(look) is not None
    assert counting.total(look) == 3 == counting.cases_of(look).count()
    for zoom in (0, 5, 10):
        assert counted(tiles.cases(tile_at(zoom), look)) == 3, zoom


def test_from_near_each_is_a_point_with_its_number(cast: Cast, three: list[Case]) -> None:
    near = tiles.cases(tile_at(15), lens(cast.overseer))
    assert titles(near) == [three[0].number]
    [point] = mapbox_vector_tile.decode(near)["case"]["features"]
    assert point["properties"]["title"] == three[0].matter.label
    assert set(point["properties"]) == {"number", "title", "stage", "light"}


def test_a_tile_of_points_asks_for_them_once_and_says_them_in_the_readers_language(
    cast: Cast, three: list[Case]
) -> None:
    look = lens(cast.overseer)
    tiles.cases(tile_at(15), look)  # what is asked once of a person is known now
    with CaptureQueriesContext(connection) as asked, translation.override("en"):
        read = mapbox_vector_tile.decode(tiles.cases(tile_at(15), look))
    assert len(asked) == 2  # the cases, and the names of their classes
    said = read["case"]["features"][0]["properties"]
    case = Case.objects.get(number=said["number"])
    with translation.override("en"):
        assert (said["title"], said["stage"]) == (case.matter.label, case.get_stage_display())
    assert said["light"] == str(light_of(case, look.now))


def test_the_sums_of_a_tile_stand_in_the_index_of_the_tally(cast: Cast, three: list[Case]) -> None:
    tally.fold()
    with CaptureQueriesContext(connection) as asked:
        tiles.cases(tile_at(9), lens(cast.overseer, "state=all"))
    statement = next(one["sql"] for one in asked if "UNION ALL" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using map_tally_once" in plan


def test_many_at_one_place_are_counted_even_from_near(
    cast: Cast, three: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "MOST_POINTS", 1)
    cast.file(cast.report(IN_GRID_A))
    for zoom in (14, 15, 18):
        made = mapbox_vector_tile.decode(tiles.cases(tile_at(zoom), lens(cast.overseer)))
        assert sum(one["properties"]["n"] for one in made["cases"]["features"]) >= 2
        assert "case" not in made


def test_a_step_is_on_the_map_with_its_commit(cast: Cast) -> None:
    look, far = lens(cast.overseer), tile_at(9)
    case = cast.case_at(Stage.PASSED)
    tally.fold()
    assert counted(tiles.cases(far, look)) == 1
    actions.close_case(case, answer="路灯已修好", by=cast.duty_chief, at=LATER)
    assert counted(tiles.cases(far, look)) == 0
    assert counted(tiles.cases(far, lens(cast.overseer, "state=closed"))) == 1
    tally.fold()
    assert counted(tiles.cases(far, look)) == 0
    assert counted(tiles.cases(far, lens(cast.overseer, "state=closed"))) == 1
    assert not MapChange.objects.exists()


def test_folding_twice_changes_nothing(cast: Cast, three: list[Case]) -> None:
    assert tally.fold() > 0
    before = sorted(MapTally.objects.values_list("zoom", "span", "day", "cell", "n", "open"))
    assert tally.fold() == 0
    assert tally.rebuild() > 0
    assert sorted(MapTally.objects.values_list("zoom", "span", "day", "cell", "n", "open")) == before


def test_what_moves_is_counted_where_it_went(cast: Cast, three: list[Case]) -> None:
    tally.fold()
    with by_hand():
        Case.objects.filter(pk=three[0].pk).update(lon=118.925, lat=32.905, cell=cell(118.925, 32.905))
    look = lens(cast.overseer)
    for _ in range(2):
        assert counted(tiles.cases(tile_at(11), look)) == 3
        assert counted(tiles.cases(tile_at(13, IN_GRID_C), look)) >= 2
        assert counted(tiles.cases(tile_at(12, IN_GRID_C), look)) >= 2
        tally.fold()


FILTERS = [
    "state=all", "state=closed", "state=late", "group=streetlights", "group=nothing", "since=2026-06-10",
    "until=2026-06-09", "since=2026-05-01&until=2026-06-30", "state=all&since=2026-06-10&until=2026-06-10",
    "near=118.905,32.905", "near=nonsense", "unit=999999", "area=999999",
]  # fmt: skip


def test_every_filter_gives_the_tally_and_the_list_the_same_number(cast: Cast, three: list[Case]) -> None:
    cast.case_at(Stage.CLOSED)
    for noted in (True, False):
        for query in FILTERS:
            look = lens(cast.overseer, query)
            expected = counting.cases_of(look).count()
            assert counted(tiles.cases(tile_at(8), look)) == expected, (query, noted)
            assert counting.total(look) == expected, (query, noted)
            assert sum(counting.counts_by_path(look).values()) == expected, (query, noted)
        tally.fold()


def test_an_area_narrows_the_map_down_to_a_grid(cast: Cast, three: list[Case]) -> None:
    place = cast.place
    for area, expected in ((place.county, 3), (place.street, 3), (place.community, 2), (place.grid_c, 1)):
        look = lens(cast.overseer, f"area={area.pk}")
        assert counted(tiles.cases(tile_at(10), look)) == expected == counting.total(look)


def test_the_kind_of_matter_is_counted_apart(cast: Cast, three: list[Case]) -> None:
    group = cast.lamp.group
    assert group is not None
    other = MatterClass.objects.exclude(group=None).exclude(group=group)[0]
    with by_hand():
        Case.objects.filter(pk=three[0].pk).update(matter=other)
    look = lens(cast.overseer, f"group={group.code}")
    for _ in range(2):
        assert counted(tiles.cases(tile_at(10), look)) == 2 == counting.cases_of(look).count()
        tally.fold()


# -- Who sees what ----------------------------------------------------------------------------------------


@pytest.fixture
def audience(cast: Cast, three: list[Case]) -> Cast:
    """One case is dispatched to the lamp department, and everything is counted."""
    cast.lamps  # noqa: B018  # the duty list must exist
    actions.dispatch_case(three[2], to=cast.lamps, by=cast.dispatcher, at=NOON + timedelta(hours=1))
    tally.fold()
    return cast


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("overseer", 3), ("duty_chief", 3), ("acceptor", 3), ("clerk", 1), ("other_clerk", 0), ("grid_worker", 1),
        ("neighbour", 1), ("far_worker", 1), ("stranger", 0),
    ],
)  # fmt: skip
def test_a_tile_holds_what_its_reader_may_see(audience: Cast, who: str, sees: int) -> None:
    person = audience.everyone[who]
    look = lens(person, "state=all")
    assert counted(tiles.cases(tile_at(4), look)) == sees == counting.total(look)
    for zoom in (9, 13):
        assert counted(tiles.cases(tile_at(zoom), look)) <= sees, zoom
    assert sum(counting.counts_by_path(look).values()) == sees


def test_who_has_no_post_gets_no_tile(cast: Cast, three: list[Case], client: Client) -> None:
    tile = tile_at(9)
    address = f"/cases/tiles/{tile.z}/{tile.x}/{tile.y}.mvt"
    assert client.get(address).status_code == 302
    client.force_login(Account.objects.create(username="nobody", name="没有岗位", password="!"))
    assert client.get(address).status_code == 404


def test_what_is_confidential_is_on_nobodys_map(cast: Cast, three: list[Case]) -> None:
    tally.fold()
    actions.hide_case(three[0], handlers=[cast.duty_chief], by=cast.duty_chief, at=LATER)
    for person in (cast.duty_chief, cast.overseer, cast.grid_worker):
        for query in ("", "state=all", f"area={cast.place.grid_a.pk}", "near=118.905,32.905"):
            look = lens(person, query)
            assert three[0].number not in titles(tiles.cases(tile_at(15), look))
            assert (
                counting.total(look)
                == counting.cases_of(look).count()
                == counted(tiles.cases(tile_at(6), look))
            )
    assert counting.total(lens(cast.overseer)) == 2


def test_a_card_of_a_confidential_or_foreign_case_is_not_found(
    cast: Cast, three: list[Case], client: Client
) -> None:
    client.force_login(cast.overseer)
    address = f"/cases/{three[0].number}/card/"
    shown = client.get(address)
    assert shown.status_code == 200
    assert three[0].number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    client.force_login(cast.stranger)
    assert client.get(address).status_code == 404
    actions.hide_case(three[0], handlers=[cast.duty_chief], by=cast.duty_chief, at=LATER)
    client.force_login(cast.duty_chief)
    assert client.get(address).status_code == 404


def test_no_cache_gives_one_persons_tile_to_another(audience: Cast, client: Client) -> None:
    tile = tile_at(9)
    address = f"/cases/tiles/{tile.z}/{tile.x}/{tile.y}.mvt"
    client.force_login(audience.overseer)
    first = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    assert first["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert {"private", "no-cache"} <= set(first["Cache-Control"].split(", "))
    assert "Cookie" in first["Vary"]
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    client.force_login(audience.stranger)
    other = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    assert counted(other.content) == 0


def test_the_same_tile_changes_when_a_post_ends(audience: Cast, client: Client) -> None:
    tile = tile_at(9)
    address = f"/cases/tiles/{tile.z}/{tile.x}/{tile.y}.mvt"
    client.force_login(audience.overseer)
    first = client.get(address)
    audience.overseer.posts.update(ends_on=date(2021, 1, 1))
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 404


def test_an_escalated_case_from_elsewhere_is_counted_too(audience: Cast, three: list[Case]) -> None:
    clock = Clock.objects.filter(case=three[0])[0]
    Escalation.objects.create(
        case=three[0], account=audience.stranger, clock=clock, ordinal=1, at=LATER, due_at=LATER
    )
    look = lens(audience.stranger)
    assert counting.tallied_part(look) is not None
    assert counted(tiles.cases(tile_at(9), look)) == 1 == counting.total(look)
    assert sum(counting.counts_by_path(look).values()) == 1


# -- A period -------------------------------------------------------------------------------------------------


def test_a_tile_from_far_away_reads_no_case(cast: Cast, three: list[Case]) -> None:
    tally.fold()
    with CaptureQueriesContext(connection) as asked:
        tiles.cases(tile_at(8), lens(cast.overseer))
    assert not [one["sql"] for one in asked if 'FROM "cases_case"' in one["sql"]]


def test_what_is_shown_of_all_time_is_one_count_of_a_cell_and_street(cast: Cast, three: list[Case]) -> None:
    tally.fold()
    with CaptureQueriesContext(connection) as asked:
        assert counting.total(lens(cast.overseer)) == 3
    [counts] = [one["sql"] for one in asked if "UNION ALL" in one["sql"]]
    assert f"span = {int(Span.EVER)} AND" in counts
    assert counts.count("UNION ALL") == 1


# -- Whatever happens -------------------------------------------------------------------------------------

DAYS = [
    date(2025, 1, 1),
    date(2025, 12, 31),
    date(2026, 2, 28),
    date(2026, 5, 31),
    date(2026, 6, 1),
    date(2026, 6, 9),
]


def _happens(draw: random.Random, case: Case, groups: list[MatterClass], unit: Unit) -> None:
    """One thing of the many that befall a case, by whatever way of writing."""
    lon, lat = draw.choice([IN_GRID_A, IN_GRID_B, IN_GRID_C])
    lon, lat = lon + draw.uniform(-0.002, 0.002), lat + draw.uniform(-0.002, 0.002)
    found = Case.objects.filter(pk=case.pk)
    match draw.choice(
        ["moves", "day", "class", "ends", "opens", "hides", "void", "lost", "street", "erased", "folds"]
    ):
        case "moves":
            found.update(lon=lon, lat=lat, cell=cell(lon, lat))
        case "day":
            found.filter(closed_at=None).update(
                filed_at=midnight(draw.choice(DAYS)) + timedelta(hours=draw.randrange(24))
            )
        case "class":
            found.update(matter=draw.choice(groups))
        case "ends":
            found.update(stage=Stage.CLOSED, closed_at=LATER, unit=unit)
        case "opens":
            found.update(stage=Stage.FILED, closed_at=None)
        case "hides":
            found.update(confidential=draw.random() < 0.5)
        case "void":
            found.update(stage=Stage.VOID, closed_at=LATER)
        case "lost":
            found.update(lon=None, lat=None, cell=None)
        case "street":
            found.update(area_path=draw.choice([case.area_path, "/"]))
        case "erased" if case.number.startswith("B"):
            found.delete()
        case "folds":
            tally.fold()


QUERIES = [
    "", "state=all", "state=closed", "state=all&group=streetlights", "state=all&since=2025-12-31&until=2026-06-08",
    "state=all&since=2025-01-02", "state=all&until=2026-05-30", "since=2026-02-28&until=2026-02-28", "state=all&since=2026-06-10",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_to_cases_the_tally_is_what_a_recount_finds(
    cast: Cast, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(seed)  # the same story each time
    cases = [cast.file(cast.report(draw.choice([IN_GRID_A, IN_GRID_B, IN_GRID_C]))) for _ in range(6)]
    groups = list(MatterClass.objects.exclude(group=None).order_by("code")[:40:13])
    with by_hand():
        cases += Case.objects.bulk_create(_brought_in(one) for one in cases)
        for step in range(60):
            _happens(draw, draw.choice(cases), [cast.lamp, *groups], cast.lamps)
            if step % 20 == 19:
                for query in QUERIES:
                    _agrees(lens(cast.overseer, query), most=draw.choice([1, 400]), monkeypatch=monkeypatch)
    before = _tallied()
    tally.rebuild()
    assert _tallied() == before


def _agrees(look: Lens, *, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers and tiles from far and near say what a plain count of the cases says."""
    recounted = counting.cases_of(look)
    assert counting.total(look) == recounted.count(), look.asked
    monkeypatch.setattr(tiles, "MOST_POINTS", most)
    for zoom in (6, 13, 15, 16):
        tile = tile_at(zoom)
        span = tile_range(tile.z, tile.x, tile.y)
        assert counted(tiles.cases(tile, look)) == recounted.filter(cell__range=span).count(), (
            zoom,
            look.asked,
        )


def _brought_in(case: Case) -> Case:
    """Another case like one, as an import writes it: without a report."""
    values = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
    return Case(**values | {"id": uuid4(), "number": f"B{case.number[1:]}"})


def _tallied() -> list[Any]:
    """What the tally counts, without rows that have come to nothing."""
    tally.fold()
    return sorted(
        MapTally.objects.exclude(n=0).values_list(
            "zoom", "span", "day", "cell", "area_path", "n", "open", "groups"
        ),
        key=str,
    )
