from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from wangge.common.refusals import Refused
from wangge.territory.areas_file import read_areas

CsvOf = Callable[..., Path]

DIVISIONS = settings.TRIAL_DATA / "divisions"


@pytest.fixture
def csv_of(tmp_path: Path) -> CsvOf:
    def write(*lines: str, name: str = "areas_of_ours.csv", encoding: str = "utf-8") -> Path:
        file = tmp_path / name
        file.write_bytes("\r\n".join(lines).encode(encoding))
        return file

    return write


@pytest.mark.skipif(not DIVISIONS.exists(), reason="the trial data is not here; set WANGGE_TRIAL_DATA")
def test_the_whole_country_is_read_without_an_error() -> None:
    rows, errors = read_areas([DIVISIONS])
    assert errors == []
    assert Counter(row.level for row in rows) == {
        "province": 34,
        "city": 337,
        "county": 2817,
        "street": 38655,
    }
    by_code = {row.code: row for row in rows}
    assert by_code["71"].name == "台湾省"
    assert by_code["1101"].name == "市辖区"
    assert by_code["110101001"].parent_code == "110101"
    assert by_code["110101"].parent_code == "1101"


def test_the_nearest_of_several_parent_columns_is_the_parent_whatever_the_digits_say(csv_of: CsvOf) -> None:
    rows, errors = read_areas(
        [
            csv_of("code,name,provinceCode", "3701,济南市,37", "37,山东省,"),
            csv_of(
                "code,name,cityCode,provinceCode", "370102,历下区,3701,37", "370171,高新区,,37", name="b.csv"
            ),
            csv_of("code,name,areaCode,cityCode", "370102011,燕山街道,370171,3701", name="c.csv"),
        ]
    )
    assert errors == []
    assert {row.code: row.parent_code for row in rows} == {
        "3701": "37",
        "37": None,
        "370102": "3701",
        "370171": "37",
        "370102011": "370171",
    }


def test_a_list_of_grids_names_level_kind_and_first_day(csv_of: CsvOf) -> None:
    file = csv_of(
        "编码,名称,上级编码,级别,网格类别,启用日期",
        "370102011001001,第一网格,370102011001,网格,专属,2026/3/1",
        "370102011001002,第二网格,370102011001,网格,,",
        encoding="gb18030",
    )
    rows, errors = read_areas([file], known={"370102011001": "community"})
    assert errors == []
    assert [(row.level, row.kind, row.valid_from) for row in rows] == [
        ("grid", "dedicated", date(2026, 3, 1)),
        ("grid", "general", None),
    ]


def test_without_a_parent_column_the_digits_are_the_guess_and_a_level_may_be_skipped(csv_of: CsvOf) -> None:
    rows, errors = read_areas([csv_of("code,name", "441900003,东城街道", "4419,东莞市", "44,广东省")])
    assert errors == []
    assert {row.code: row.parent_code for row in rows} == {"441900003": "4419", "4419": "44", "44": None}


def test_a_county_may_be_the_root_of_its_own_installation(csv_of: CsvOf) -> None:
    rows, errors = read_areas([csv_of("code,name", "370102,历下区", "370102011,燕山街道")])
    assert errors == []
    assert rows[0].parent_code is None


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("3701,济南市,37,,,", "code"),  # twice
        ("37012,短,37,,,", "code"),
        ("370102,,3701,,,", "name"),
        (",无编码,37,,,", "code"),
        (f"370102,{'长' * 101},3701,,,", "name"),
        ("370102,历下区,9999,,,", "parent"),
        ("370102,历下区,370102,,,", "parent"),
        ("3702,青岛市,3701,,,", "parent"),
        ("370102,历下区,3701,省,,", "code"),
        ("370102,历下区,3701,星系,,", "level"),
        ("370102,历下区,3701,,专属,", "kind"),
        ("370102011001001,网格,3701,,圆的,", "kind"),
        ("370102011001001,网格,3701,单元网格,,", "level"),
        ("370102,历下区,3701,,,2026-02-30", "valid_from"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line_and_field(csv_of: CsvOf, line: str, field: str) -> None:
    file = csv_of("code,name,parent,level,kind,valid_from", "37,山东省,,,,", "3701,济南市,37,,,", line)
    _rows, errors = read_areas([file])
    assert [(error.file, error.row, error.field) for error in errors] == [(file.name, 4, field)]
    assert errors[0].message


def test_a_code_of_no_province_above_is_an_orphan_even_when_parents_are_guessed(csv_of: CsvOf) -> None:
    _rows, errors = read_areas([csv_of("code,name", "37,山东省", "420881,钟祥市")])
    assert [(error.row, error.field) for error in errors] == [(3, "parent")]


def test_a_file_without_the_headings_is_refused_as_a_whole(csv_of: CsvOf) -> None:
    with pytest.raises(Refused, match="name"):
        read_areas([csv_of("code,title", "37,山东省")])


def test_a_directory_without_the_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="provinces"):
        read_areas([tmp_path])


def test_a_missing_file_and_a_file_of_noise_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="nowhere"):
        read_areas([tmp_path / "nowhere.csv"])
    (tmp_path / "noise.csv").write_bytes(b"\xff\xfe\x00\x81" * 10)
    with pytest.raises(Refused):
        read_areas([tmp_path / "noise.csv"])


def test_an_empty_file_is_refused_for_its_headings(csv_of: CsvOf) -> None:
    with pytest.raises(Refused):
        read_areas([csv_of("")])
