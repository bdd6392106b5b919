"""An extract of OpenStreetMap becomes the ground of the map and buildings with floors, and coming again changes nothing."""

from pathlib import Path

import osmium
import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.registry.models import Building
from wangge.registry.osm.storing import import_extract
from wangge.registry.osm.tags import address_of, floors_of, line_of, place_of, surface_of
from wangge.territory.models import BaseFeature
from wangge.territory.shapes import from_wkb

pytestmark = pytest.mark.django_db
WEST, SOUTH = 118.901, 32.901


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


class Extract:
    """Writes a small town, a corner of 0.001 degrees at a time."""

    def __init__(self, path: Path) -> None:
        self.path, self.ids = path, 0
        self.nodes: list[osmium.osm.mutable.Node] = []
        self.ways: list[osmium.osm.mutable.Way] = []

    def node(self, x: float, y: float, **tags: str) -> int:
        self.ids += 1
        place = (WEST + x / 1000, SOUTH + y / 1000)
        self.nodes.append(osmium.osm.mutable.Node(id=self.ids, location=place, tags=_colons(tags)))
        return self.ids

    def way(self, *corners: tuple[float, float], closed: bool = True, **tags: str) -> None:
        refs = [self.node(*corner) for corner in corners]
        refs += refs[:1] if closed else []
        self.ids += 1
        self.ways.append(osmium.osm.mutable.Way(id=self.ids, nodes=refs, tags=_colons(tags)))

    def written(self) -> Path:
        self.path.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(self.path)) as writer:
            for node in self.nodes:
                writer.add_node(node)
            for way in self.ways:
                writer.add_way(way)
        return self.path


def _colons(tags: dict[str, str]) -> dict[str, str]:
    return {key.replace("__", ":"): value for key, value in tags.items()}


def square(x: float, y: float) -> list[tuple[float, float]]:
    return [(x, y), (x + 0.5, y), (x + 0.5, y + 0.5), (x, y + 0.5)]


@pytest.fixture
def town(tmp_path: Path) -> Extract:
    town = Extract(tmp_path / "town.osm.pbf")
    town.node(1, 1, amenity="hospital", name="Hospital", name__zh="人民医院")
    town.node(2, 1, amenity="bench")
    town.way((0, 0), (5, 0), closed=False, highway="primary", name="人民路")
    town.way((0, 0), (0, 5), closed=False, highway="footway")
    town.way((0, 3), (5, 3), closed=False, waterway="river", name="示范河")
    town.way(*square(3, 1), leisure="park", name="人民公园")
    town.way(
        *square(1, 2),
        building="apartments",
        building__levels="18",
        addr__street="人民路",
        addr__housenumber="12号",
    )
    town.way(*square(2, 2), building="yes", height="9.5 m")
    return town  # fmt: skip


def test_a_town_becomes_ground_and_buildings_in_their_grids(cast: Cast, town: Extract) -> None:
    told = import_extract(town.written(), by=None, at=timezone.now())
    assert told.ground == {"place": 1, "road": 1, "water": 1, "green": 1}
    assert {(each.kind, each.rank, each.name) for each in BaseFeature.objects.all()} == {
        ("place", 0, "人民医院"), ("road", 0, "人民路"), ("water", 0, "示范河"), ("green", 0, "人民公园"),
    }  # fmt: skip
    high, low = Building.objects.order_by("-floors")
    assert (high.floors, high.address, high.grid) == (18, "人民路12号", cast.place.grid_a)
    assert (low.floors, low.address) == (3, "")
    assert from_wkb(high.footprint).bounds == pytest.approx(
        (WEST + 0.001, SOUTH + 0.002, WEST + 0.0015, SOUTH + 0.0025)
    )


def test_the_same_extract_again_makes_nothing_twice(cast: Cast, town: Extract) -> None:
    import_extract(town.written(), by=None, at=timezone.now())
    Building.objects.filter(floors=18).update(name="1幢", households=72)
    told = import_extract(town.path, by=None, at=timezone.now())
    assert (told.replaced, told.buildings, told.known) == (4, 0, 2)
    assert BaseFeature.objects.count() == 4
    assert Building.objects.get(floors=18).households == 72


def test_ground_elsewhere_is_left_alone(cast: Cast, town: Extract) -> None:
    shape = from_wkb(cast.place.grid_c.boundary or b"")
    west, south, east, north = shape.bounds
    BaseFeature.objects.create(
        kind="road", name="远路", shape=cast.place.grid_c.boundary, west=west, south=south, east=east, north=north
    )  # fmt: skip
    import_extract(town.written(), by=None, at=timezone.now())
    assert BaseFeature.objects.filter(name="远路").exists()


def test_a_dry_run_tells_and_stores_nothing(
    cast: Cast, town: Extract, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_osm", str(town.written()), "--dry-run")
    told = capsys.readouterr().out
    assert "New buildings: 2" in told
    assert "Nothing was stored." in told
    assert not BaseFeature.objects.exists()
    assert not Building.objects.exists()


def test_a_way_that_leaves_the_extract_is_left_out_and_counted(
    cast: Cast, town: Extract, capsys: pytest.CaptureFixture[str]
) -> None:
    town.ways.append(
        osmium.osm.mutable.Way(id=99_999, nodes=[88_888, 88_889], tags={"highway": "trunk", "name": "断路"})
    )
    call_command("import_osm", str(town.written()))
    assert "points of it are missing: 1" in capsys.readouterr().out
    assert not BaseFeature.objects.filter(name="断路").exists()


@pytest.mark.parametrize(
    ("name", "data"), [("a.osm.pbf", b"no extract"), ("a.zip", b"PK"), ("a.osm", b"<html/>")]
)
def test_what_is_no_extract_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refused):
        import_extract(path, by=None, at=timezone.now())
    with pytest.raises(Refused, match="none"):
        import_extract(tmp_path / "none.osm.pbf", by=None, at=timezone.now())


def test_an_extract_of_nothing_useful_is_refused(tmp_path: Path) -> None:
    empty = Extract(tmp_path / "e.osm.pbf")
    empty.node(0, 0, amenity="bench")
    with pytest.raises(Refused, match="no road"):
        import_extract(empty.written(), by=None, at=timezone.now())


@pytest.mark.parametrize(
    ("tags", "floors"),
    [
        ({"building:levels": "6"}, 6),
        ({"building:levels": "6.5"}, 6),
        ({"building:levels": "many", "height": "30"}, 10),
        ({"height": "12 m"}, 4),
        ({"height": "40'"}, None),
        ({"building:levels": "0"}, 1),
        ({"building:levels": "9999"}, 200),
        ({}, None),
    ],
)
def test_floors_are_read_from_levels_or_from_metres(tags: dict[str, str], floors: int | None) -> None:
    assert floors_of(tags) == floors


def test_tags_mean_what_their_wiki_says() -> None:
    assert line_of({"highway": "residential"}) == ("road", 3)
    assert line_of({"highway": "steps"}) is None
    assert surface_of({"natural": "water"}) == ("water", 0)
    assert surface_of({"landuse": "residential"}) is None
    assert place_of({"shop": "bakery", "name": "面包店"}) == ("place", 2)
    assert place_of({"name": "无名"}) is None
    assert address_of({"addr:full": " 示范市人民路1号 "}) == "示范市人民路1号"
