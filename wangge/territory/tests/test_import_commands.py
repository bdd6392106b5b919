import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory.coordinates import CRS, from_wgs84
from wangge.territory.models import Area, UnitGrid
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
