"""Facilities from a file of points: all of them or none, again without making anything twice."""

from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from wangge.accounts.models import Unit
from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.registry.facilities import reading
from wangge.registry.models import Facility, FacilityClass
from wangge.territory.coordinates import CRS, from_wgs84
from wangge.territory.row_errors import RowsRefused

pytestmark = pytest.mark.django_db

HEAD = "部件编码,部件类别,lon,lat,部件状态,养护单位,普查日期,备注\n"
LAMP, WELL = "99010101001000001", "99010101002000002"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def bring(folder: Path, *lines: str, crs: str = "wgs84", head: str = HEAD, dry_run: bool = False) -> None:
    file = folder / "points.csv"
    file.write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    call_command("import_facilities", str(file), crs=crs, dry_run=dry_run)


def test_points_become_facilities_in_their_grids(cast: Cast, tmp_path: Path) -> None:
    bring(
        tmp_path,
        f"{LAMP},01001,118.905,32.905,破损,{cast.lamps.name},2026-05-31,路口",
        f"{WELL},,118.915,32.905,,,,",
    )
    lamp, well = Facility.objects.get(code=LAMP), Facility.objects.get(code=WELL)
    assert (lamp.grid, lamp.unit_grid_id is None, lamp.state) == (cast.place.grid_a, False, "damaged")
    assert (lamp.unit, lamp.surveyed_on, lamp.note) == (cast.lamps, date(2026, 5, 31), "路口")
    assert (well.grid, well.state, well.facility_class.code) == (cast.place.grid_b, "sound", "01002")
    assert AccessEntry.objects.get(act="facilities.imported").detail == {"created": 2, "changed": 0}


def test_the_same_file_again_changes_nothing_and_another_place_moves_it(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(tmp_path, f"{LAMP},01001,118.905,32.905,破损,,2026-05-31,路口")
    bring(tmp_path, f"{LAMP},01001,118.905,32.905,破损,,2026-05-31,路口")
    assert "1 were the same" in capsys.readouterr().out
    bring(tmp_path, f"{LAMP},01001,118.915,32.905,,,,")
    lamp = Facility.objects.get()
    assert (lamp.grid, lamp.state, lamp.note) == (cast.place.grid_b, "damaged", "路口")


def test_a_class_may_be_named_in_words_and_points_come_in_other_systems(cast: Cast, tmp_path: Path) -> None:
    lon, lat = from_wgs84(118.905, 32.905, CRS.BD09)
    bring(tmp_path, f"{LAMP},01001,{lon},{lat},,,,", crs="bd09")
    name = FacilityClass.objects.get(code="01002").name
    bring(tmp_path, f"ABC123,{name},118.905,32.905,,,,")
    lamp = Facility.objects.get(code=LAMP)
    assert [lamp.lon, lamp.lat] == pytest.approx([118.905, 32.905], abs=1e-5)
    assert Facility.objects.get(code="ABC123").facility_class.code == "01002"


@pytest.mark.parametrize(
    "day", ["2026/5/31", "2026-5-31 0:00", "2026-05-31T00:00:00", "2026.05.31", "2026年5月31日"]
)
def test_what_office_programs_make_of_days_classes_and_states_is_understood(
    cast: Cast, tmp_path: Path, day: str
) -> None:
    bring(tmp_path, f"{LAMP},1001,118.905,32.905,Damaged,,{day},")
    lamp = Facility.objects.get(code=LAMP)
    assert (lamp.surveyed_on, lamp.facility_class.code) == (date(2026, 5, 31), "01001")
    assert lamp.state == "damaged"


@pytest.mark.parametrize(("written", "stored"), [("MULTIPOINT ((118.905 32.905))", 1), ("POINT EMPTY", 0)])
def test_a_point_written_as_several_of_which_there_is_one_is_a_point(
    cast: Cast, tmp_path: Path, written: str, stored: int
) -> None:
    with nullcontext() if stored else pytest.raises(RowsRefused):
        bring(tmp_path, f"{LAMP},01001,{written}", head="code,class,wkt\n")
    assert Facility.objects.count() == stored


def test_a_name_that_several_units_have_is_no_unit(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Unit.objects.create(code="OTHER", name=cast.lamps.name, kind="department")
    with pytest.raises(RowsRefused):
        bring(tmp_path, f"{LAMP},01001,118.905,32.905,,{cast.lamps.name},,")
    assert f"Several units are called “{other.name}”" in capsys.readouterr().err
    bring(tmp_path, f"{LAMP},01001,118.905,32.905,,OTHER,,")
    assert Facility.objects.get().unit == other


def test_every_wrong_row_is_named_and_nothing_is_stored(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RowsRefused, match="Nothing was stored"):
        bring(
            tmp_path,
            f"{WELL},,118.905,32.905,,,,",
            f"{WELL},,118.905,32.905,,,,",
            f"{LAMP},9999,118.905,32.905,,,,",
            f"{LAMP},01001,118.905,32.905,发光,,,",
            f"{LAMP},01001,118.905,32.905,,无此单位,,",
            f"{LAMP},01001,118.905,32.905,,,昨天,",
            f"{LAMP},01001,,,,,,",
            ",01001,118.905,32.905,,,,",
            "99010101001000009,01001,40500000,3640000,,,,",
        )
    told = capsys.readouterr().err
    for words in (
        "3: 部件编码: Code 99010101002000002 was already used by row 2",
        "4: 部件类别: There is no class of facilities “9999”",
        "5: 部件状态: “发光” is no state",
        "6: 养护单位: There is no unit “无此单位”",
        "7: 普查日期: “昨天” is no day",
        "8: There is no point",
        "9: 部件编码: “” is no code",
        "10: This is no point in degrees",
    ):
        assert words in told
    assert not Facility.objects.exists()


def test_reading_stops_where_nearly_every_row_is_wrong(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ERRORS", 3)
    with pytest.raises(RowsRefused):
        bring(tmp_path, *(f"L{number:04d},9999,118.905,32.905,,,," for number in range(9)))
    told = capsys.readouterr().err
    assert "4: 部件类别" in told
    assert "5: Reading stopped here" in told
    assert "6:" not in told


def test_points_in_no_grid_are_told_and_a_dry_run_stores_nothing(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(tmp_path, f"{LAMP},01001,121.5,30.5,,,,", dry_run=True)
    said = capsys.readouterr()
    assert "1 points lie in no grid" in said.err
    assert "Would make 1" in said.out
    assert not Facility.objects.exists()
