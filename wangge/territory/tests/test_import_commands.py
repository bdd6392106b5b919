import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory.coordinates import CRS, from_wgs84
from wangge.territory.models import Area, TerritoryVersion, UnitGrid
from wangge.territory.shapes import from_wkb

pytestmark = pytest.mark.django_db

TREE = """code,name,parent,level,kind,valid_from
990101,示范区,,,,
990101001,一街道,990101,,,
990101001001,一社区,990101001,,,
990101001001001,甲网格,990101001001,,专属,2026-01-01
990101001001002,乙网格,990101001001,,,
"""
SQUARE = box(118.9, 32.9, 118.91, 32.91)
NEXT = box(118.91, 32.9, 118.92, 32.91)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    file = tmp_path / "areas.csv"
    file.write_text(TREE, encoding="utf-8")
    return file


def geojson(folder: Path, *shapes: tuple[str, BaseGeometry], crs: CRS = CRS.WGS84) -> Path:
    features = []
    for code, shape in shapes:
        corners = [from_wgs84(corner[0], corner[1], crs) for corner in mapping(shape)["coordinates"][0]]
        geometry = {"type": "Polygon", "coordinates": [corners]}
        features.append({"type": "Feature", "properties": {"BH": code}, "geometry": geometry})
    file = folder / "grids.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return file


def boundaries(file: Path, *options: str) -> None:
    call_command("import_boundaries", str(file), "--code-property", "BH", *options)


def test_a_list_of_areas_is_stored_and_the_counts_are_told(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_areas", str(tree))
    assert "Made 5, changed 0; 0 were the same." in capsys.readouterr().out
    call_command("import_areas", str(tree))
    assert "Made 0, changed 0; 5 were the same." in capsys.readouterr().out
    assert Area.objects.get(code="990101001001001").kind == "dedicated"


def test_a_dry_run_tells_and_stores_nothing(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_areas", str(tree), "--dry-run")
    assert "Nothing was stored" in capsys.readouterr().out
    assert not Area.objects.exists()


def test_one_bad_line_stops_everything_and_is_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree.write_text(TREE + "990101001001003,,990101001001,,,\n", encoding="utf-8")
    with pytest.raises(Refused, match="Nothing was stored"):
        call_command("import_areas", str(tree))
    assert "areas.csv:7 The name is missing." in capsys.readouterr().err
    assert not Area.objects.exists()


def test_boundaries_in_baidus_coordinates_are_stored_as_wgs84(tree: Path, tmp_path: Path) -> None:
    call_command("import_areas", str(tree))
    boundaries(geojson(tmp_path, ("990101001001001", SQUARE), crs=CRS.BD09), "--crs", "bd09")
    stored = Area.objects.get(code="990101001001001").boundary
    assert stored
    assert from_wkb(stored).normalize().equals_exact(SQUARE.normalize(), 1e-7)


def test_a_forgotten_coordinate_system_is_pointed_out(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_areas", str(tree))
    boundaries(geojson(tmp_path, ("990101001001001", SQUARE)))
    capsys.readouterr()
    boundaries(geojson(tmp_path, ("990101001001001", SQUARE), crs=CRS.GCJ02), "--dry-run")
    assert "These look like gcj02" in capsys.readouterr().err


def test_overlapping_grids_are_pointed_out_and_neighbours_are_not(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_areas", str(tree))
    boundaries(geojson(tmp_path, ("990101001001001", SQUARE), ("990101001001002", NEXT)))
    assert "share" not in capsys.readouterr().err
    boundaries(geojson(tmp_path, ("990101001001001", SQUARE), ("990101001001002", SQUARE.union(NEXT))))
    assert "990101001001001 and 990101001001002 share" in capsys.readouterr().err


def test_unit_grids_come_by_their_level(tree: Path, tmp_path: Path) -> None:
    call_command("import_areas", str(tree))
    boundaries(geojson(tmp_path, ("990101001001901", SQUARE)), "--level", "unit_grid")
    assert UnitGrid.objects.get().community.code == "990101001001"


def test_boundaries_of_nothing_known_are_refused_row_by_row(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_areas", str(tree))
    with pytest.raises(Refused, match="2 rows"):
        boundaries(geojson(tmp_path, ("990101001001008", SQUARE), ("990101001001009", NEXT)))
    assert "990101001001009" in capsys.readouterr().err
    with pytest.raises(Refused, match="1 row has"):
        boundaries(geojson(tmp_path, ("9901", SQUARE), ("77", NEXT), ("7", NEXT)))


def exported(folder: Path, name: str, *options: str) -> Path:
    file = folder / name
    call_command("export_boundaries", str(file), *options)
    return file


@pytest.mark.parametrize("name", ["a.geojson", "a.zip", "a.gpkg", "a.kml", "a.csv"])
def test_what_was_exported_goes_in_again_without_a_change(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    call_command("import_areas", str(tree))
    boundaries(geojson(tmp_path, ("990101001001001", SQUARE), ("990101001001002", NEXT)))
    before = TerritoryVersion.objects.get().number
    crs = "wgs84" if name.endswith("kml") else "gcj02"
    file = exported(tmp_path, name, "--level", "grid", "--within", "990101", "--crs", crs)
    call_command("import_boundaries", str(file))
    told = capsys.readouterr()
    assert "Made 0, changed 0; 2 were the same." in told.out
    assert f"Read as {crs}." in told.err
    assert TerritoryVersion.objects.get().number == before


def test_unit_grids_and_only_what_lies_within_are_exported(tree: Path, tmp_path: Path) -> None:
    call_command("import_areas", str(tree))
    boundaries(geojson(tmp_path, ("990101001001001", SQUARE)))
    boundaries(geojson(tmp_path, ("990101001001901", SQUARE)), "--level", "unit_grid")
    content = json.loads(exported(tmp_path, "u.geojson", "--level", "unit_grid").read_bytes())
    assert [each["properties"]["code"] for each in content["features"]] == ["990101001001901"]
    assert [each["properties"]["parent"] for each in content["features"]] == ["990101001001"]
    with pytest.raises(Refused, match="no boundary"):
        exported(tmp_path, "c.geojson", "--level", "community")
    with pytest.raises(Refused, match="no area 77"):
        exported(tmp_path, "c.geojson", "--within", "77")


def test_new_grids_in_a_forgotten_system_are_known_by_the_community_they_should_lie_in(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_areas", str(tree))
    boundaries(geojson(tmp_path, ("990101001001", SQUARE)))
    capsys.readouterr()
    boundaries(geojson(tmp_path, ("990101001001001", SQUARE), crs=CRS.BD09), "--dry-run")
    told = capsys.readouterr().err
    assert "These look like bd09" in told
    assert "1: " in told
    assert "lies outside its parent 990101001001" in told


def test_a_repair_and_what_lies_in_the_sea_are_told_by_their_row(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_areas", str(tree))
    boundaries(geojson(tmp_path, ("990101001001001", SQUARE)))
    file = tmp_path / "odd.csv"
    file.write_text(
        "code,wkt\n"
        '990101001001001,"POLYGON ((118.9 32.9, 118.91 32.91, 118.91 32.9, 118.9 32.91, 118.9 32.9))"\n'
        '990101001001002,"POLYGON ((123 32.9, 123.01 32.9, 123.01 32.91, 123 32.9))"\n',
        "utf-8",
    )
    call_command("import_boundaries", str(file), "--crs", "wgs84", "--dry-run")
    told = capsys.readouterr().err
    assert "2: 990101001001001: Mended" in told
    assert "3: 990101001001002 lies in no area known here." in told
