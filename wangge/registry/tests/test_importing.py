"""A file of addresses: all rows or none, twice the same as once, every error named."""

from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.utils import timezone, translation

from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.registry.addresses.importing import import_addresses
from wangge.registry.addresses.matching import match
from wangge.registry.models import Address, AddressName, Room
from wangge.territory.bulk import Outcome
from wangge.territory.coordinates import CRS, from_wgs84, metres_between
from wangge.territory.row_errors import RowsRefused

HEAD = "街路巷,门牌号,小区,楼栋,单元,户室,经度,纬度,别名,曾用名\n"
GOOD = (
    HEAD
    + "人民路,12,,,,,118.9012,32.905,,\n"
    + "人民路,12号,阳光小区,3幢,,,118.9013,32.9051,,\n"
    + "人民路,12号,阳光小区,3,2,302,118.9013,32.9051,,\n"
    + "人民路,12号,阳光小区,,,,118.9014,32.9052,阳光苑;老阳光,红旗大院\n"
)


@pytest.fixture(autouse=True)
def in_english(cast: Cast):
    with translation.override("en"):
        yield


def file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    made = folder / "houses.csv"
    made.write_bytes(text.encode(encoding))
    return made


def bring(path: Path, **more: object) -> Outcome:
    return import_addresses(path, **{"crs": CRS.WGS84, "by": None, "at": timezone.now(), **more})  # type: ignore[arg-type]


def test_rows_become_streets_numbers_estates_buildings_entrances_and_rooms(tmp_path: Path) -> None:
    assert bring(file(tmp_path, GOOD)) == Outcome(6, 0, 0)
    texts = set(Address.objects.values_list("kind", "text"))
    assert texts == {
        ("street", "人民路"),
        ("number", "人民路12号"),
        ("estate", "人民路12号阳光小区"),
        ("building", "人民路12号阳光小区3幢"),
        ("entrance", "人民路12号阳光小区3幢2单元"),
    }
    assert Room.objects.get().name == "302室"
    assert match("红旗大院三号楼").matches[0].text == "人民路12号阳光小区3幢"
    assert AccessEntry.objects.filter(act="addresses.imported").count() == 1


def test_the_same_file_twice_is_the_same_as_once(tmp_path: Path) -> None:
    bring(file(tmp_path, GOOD))
    before = list(Address.objects.values().order_by("pk"))
    assert bring(file(tmp_path, GOOD)) == Outcome(0, 0, 6)
    assert list(Address.objects.values().order_by("pk")) == before
    assert AddressName.objects.count() == 5


def test_a_moved_house_is_brought_in_line(tmp_path: Path) -> None:
    bring(file(tmp_path, GOOD))
    moved = HEAD + "人民路,12,,,,,118.9112,32.905,,\n"
    assert bring(file(tmp_path, moved)) == Outcome(0, 1, 1)
    assert Address.objects.get(text="人民路12号").lon == 118.9112


def test_a_dry_run_counts_and_stores_nothing(tmp_path: Path) -> None:
    assert bring(file(tmp_path, GOOD), dry_run=True) == Outcome(6, 0, 0)
    assert not Address.objects.exists()
    assert not AccessEntry.objects.filter(act="addresses.imported").exists()


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",12,,,,,118.9012,32.905,,", "street"),
        ("人民路,12,,,,,,,,", "lon"),
        ("人民路,12,,,,,118.9012,,,", "lat"),
        ("人民路,12,,,,,abc,32.905,,", "lon"),
        ("人民路,12,,,,,32.905,118.9012,,", "lon"),
        ("人民路,12,,,,,119.9,33.9,,", "lon"),
        ("人民路,,,,,302,118.9012,32.905,,", "room"),
        ("……,12,,,,,118.9012,32.905,,", "street"),
        (f"{'路' * 120},12,,,,,118.9012,32.905,,", "street"),
    ],
)
def test_one_wrong_row_and_nothing_is_stored(tmp_path: Path, row: str, field: str) -> None:
    with pytest.raises(RowsRefused) as refused:
        bring(file(tmp_path, GOOD + row + "\n"))
    [error] = refused.value.errors
    assert (error.row, error.field) == (6, field)
    assert not Address.objects.exists()


def test_every_wrong_row_is_told(tmp_path: Path) -> None:
    with pytest.raises(RowsRefused) as refused:
        bring(
            file(
                tmp_path,
                HEAD + ",1,,,,,118.9012,32.905,,\n" * 3 + "人民路,2,,,,,118.9012,32.905,,\n" + ",3,,,,,,,,\n",
            )
        )
    assert [error.row for error in refused.value.errors] == [2, 3, 4, 6]


def test_points_of_another_system_are_stored_as_wgs84(tmp_path: Path) -> None:
    lon, lat = from_wgs84(118.9012, 32.905, CRS.BD09)
    bring(file(tmp_path, HEAD + f"人民路,12,,,,,{lon},{lat},,\n"), crs=CRS.BD09)
    stored = Address.objects.get(kind="number")
    assert metres_between(stored.lon or 0, stored.lat or 0, 118.9012, 32.905) < 1


def test_gb18030_xlsx_and_a_single_column_are_read_as_well(tmp_path: Path) -> None:
    bring(file(tmp_path, GOOD, "gb18030"))
    book = openpyxl.Workbook()
    book.active.append(["详细地址", "经度", "纬度"])
    book.active.append(["五一路二十号友谊一村5号楼1单元", 118.9015, 32.905])
    book.save(tmp_path / "houses.xlsx")
    bring(tmp_path / "houses.xlsx")
    assert Address.objects.filter(text="五一路20号友谊一村5幢1单元", kind="entrance").exists()


def test_after_a_large_file_the_planner_knows_how_much_there_is(tmp_path: Path) -> None:
    """Or the first searches go through the register row by row, until something in the background has counted it."""
    bring(file(tmp_path, HEAD + "".join(f"人民路,{n},,,,,118.9012,32.905,,\n" for n in range(1, 1101))))
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'registry_address'::regclass")
        assert cursor.fetchone()[0] >= 1100


def test_rows_without_a_point_name_their_area(cast: Cast, tmp_path: Path) -> None:
    bring(file(tmp_path, "area,street,number\n990101001001,人民路,3\n"))
    assert Address.objects.get(kind="number").area == cast.place.community
    with pytest.raises(RowsRefused):
        bring(file(tmp_path, "area,street,number\n123,人民路,3\n"))


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", HEAD])
def test_a_file_without_addresses_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused):
        bring(file(tmp_path, text))
