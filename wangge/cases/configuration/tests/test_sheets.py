"""Spreadsheets: out and in again is no change; the standards' sheet; bad ones are refused whole, cell by cell."""

import csv
import io
import zipfile

import pytest
from django.utils import translation

from wangge.accounts.models import Account
from wangge.cases.configuration import drafts, spreadsheet
from wangge.cases.configuration.content import changed, published
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.tables import TABLES
from wangge.cases.configuration.tests.conftest import wanted_of
from wangge.cases.models import ConfigChange, ConfigDraft, ConfigImport
from wangge.cases.tests.cast import NOON, Cast
from wangge.common.refusals import Refused

HEADINGS = [
    "大类代码",
    "大类名称",
    "小类代码",
    "小类名称",
    "立案条件",
    "结案条件",
    "处置时限",
    "处置单位",
    "主管部门",
]
LAMP_ROW = ["01", "市政公用设施", "01037", "路灯异常", "路灯倾倒", "已扶正", "1工作日", "市政设施", "城管局"]


def sheet(*rows: list[str], headings: list[str] = HEADINGS) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows([headings, *rows])
    return written.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_out_and_in_again_is_no_change(cast: Cast, language: str) -> None:
    assert cast.lamps.duty_rows.exists()
    content, facts = published(), Facts()
    with translation.override(language):
        book = spreadsheet.workbook(content, facts)
        assert spreadsheet.read("all.xlsx", book, content, facts) == []
        for table in TABLES.values():
            if content[table.name]:
                data = spreadsheet.comma_separated(content, facts, table)
                assert spreadsheet.read(f"{table.name}.csv", data, content, facts) == [], table.name


def test_a_sheet_written_in_chinese_is_read_by_an_english_reader(cast: Cast) -> None:
    content, facts = published(), Facts()
    with translation.override("zh-hans"):
        book = spreadsheet.workbook(content, facts)
    with translation.override("en"):
        assert spreadsheet.read("all.xlsx", book, content, facts) == []


def test_the_standards_sheet_changes_conditions_in_their_order(cast: Cast) -> None:
    data = sheet(LAMP_ROW, [*LAMP_ROW[:4], "单灯不亮", "已亮", "4工作时", "municipal_works", ""])
    content = published()
    found = spreadsheet.read("limits.csv", data, content, Facts())
    assert [(row.table, row.key) for row in found] == [("conditions", "01037|1"), ("conditions", "01037|2")]
    first, second = (row.after for row in found)
    assert first is not None
    assert second is not None
    assert (first["text"], first["limit"], first["supervisor"]) == (
        "路灯倾倒",
        ["working_days", "1"],
        "城管局",
    )
    assert (second["limit"], second["unit_role"]) == (["working_hours", "4"], "municipal_works")
    assert second["after_photo"] == content["conditions"]["01037|2"]["after_photo"]  # the sheet does not say


def test_a_damaged_workbook_is_refused_in_words(cast: Cast) -> None:
    """Neither its middle nor its end is there; the archive around it is whole."""
    with translation.override("zh-hans"):
        whole = spreadsheet.workbook(published(), Facts())
    spoiled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as book, zipfile.ZipFile(spoiled, "w") as other:
        for name in book.namelist():
            half = name == "xl/worksheets/sheet1.xml"
            other.writestr(name, book.read(name)[:900] if half else book.read(name))
    for content in (b"no workbook", whole[:3000], spoiled.getvalue()):
        with pytest.raises(Refused, match=r"limits\.xlsx"):
            spreadsheet.read("limits.xlsx", content, published(), Facts())


def test_a_class_that_nobody_knows_becomes_a_local_one(cast: Cast) -> None:
    data = sheet(["6", "市容环境", "950", "共享雨伞乱放", "占道", "已移走", "2紧急工作时", "城市管理", ""])
    found = spreadsheet.read("new.csv", data, published(), Facts())
    assert [(row.table, row.key) for row in found] == [("classes", "06950"), ("conditions", "06950|1")]
    assert found[0].after is not None
    assert (found[0].after["standard"], found[0].after["major_code"]) == ("local", "06")


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2工作日", ["working_days", "2"]),
        ("4 个工作时", ["working_hours", "4"]),
        ("2紧急工作时", ["urgent_hours", "2"]),
        ("1天", ["calendar_days", "1"]),
        ("1紧急工作日", ["urgent_hours", "24"]),
        ("0.5工作时", ["working_hours", "0.5"]),
        ("3 working days", ["working_days", "3"]),
        ("1 working hour", ["working_hours", "1"]),
    ],
)
def test_limits_are_read_as_people_write_them(db: None, written: str, stored: list[str]) -> None:
    cell = TABLES["conditions"].column("limit").cell
    assert cell.read(written, Facts()) == stored
    assert cell.read(cell.write(stored, Facts()), Facts()) == stored


@pytest.mark.parametrize(
    "nonsense", ["尽快", "0工作日", "-2工作日", "2", "2小时", "99999工作日", "1e3天", "工作日"]
)
def test_a_limit_that_is_none_is_refused_with_its_line(cast: Cast, nonsense: str) -> None:
    data = sheet(LAMP_ROW, [*LAMP_ROW[:6], nonsense, *LAMP_ROW[7:]])
    with pytest.raises(spreadsheet.BadSheet) as refused:
        spreadsheet.read("limits.csv", data, published(), Facts())
    (fault,) = refused.value.faults
    assert (fault.line, nonsense in fault.why) == (3, True)


def test_every_fault_is_named_and_nothing_is_stored(cast: Cast, draft: ConfigDraft) -> None:
    data = sheet(
        [*LAMP_ROW[:7], "不存在的单位", ""],
        ["01", "市政公用设施", "09876", "", "坏了", "好了", "1天", "市政设施", ""],
        ["01", "市政公用设施", "01038", "地灯异常", "", "好了", "1天", "市政设施", ""],
    )
    with pytest.raises(spreadsheet.BadSheet) as refused:
        spreadsheet.read("limits.csv", data, published(), Facts())
    assert [fault.line for fault in refused.value.faults] == [2, 3, 4]
    assert not ConfigChange.objects.exists()
    assert not ConfigImport.objects.exists()


def test_a_wrong_column_a_missing_one_and_a_row_twice_are_refused(cast: Cast) -> None:
    wrong = sheet([*LAMP_ROW, "x"], headings=[*HEADINGS, "颜色"])
    with pytest.raises(spreadsheet.BadSheet) as refused:
        spreadsheet.read("limits.csv", wrong, published(), Facts())
    assert refused.value.faults[0].column == "颜色"
    with pytest.raises(Refused):
        spreadsheet.read("whatever.csv", sheet(["1"], headings=["甲"]), published(), Facts())
    without_key = sheet(["5工作日"], headings=["limit"])
    with pytest.raises(spreadsheet.BadSheet):
        spreadsheet.read("limits.csv", without_key, published(), Facts())
    twice = sheet(["accept", "1工作时"], ["accept", "2工作时"], headings=["clock", "limit"])
    with pytest.raises(spreadsheet.BadSheet) as refused:
        spreadsheet.read("limits.csv", twice, published(), Facts())
    assert refused.value.faults[0].line == 3


@pytest.mark.parametrize(
    ("name", "data"), [("a.xlsx", b"no zip"), ("a.pdf", b"%PDF"), ("a.csv", b"\xff\xff\xff")]
)
def test_a_broken_file_is_refused(cast: Cast, name: str, data: bytes) -> None:
    with pytest.raises(Refused):
        spreadsheet.read(name, data, published(), Facts())


def test_chinese_excels_encoding_is_read(cast: Cast) -> None:
    data = sheet(LAMP_ROW).decode("utf-8-sig").encode("gb18030")
    assert len(spreadsheet.read("limits.csv", data, published(), Facts())) == 1


def test_a_duty_list_names_units_by_name_or_code(cast: Cast) -> None:
    assert cast.water.code
    headings = ["区域", "Kind of work", "单位", "Hours"]
    data = sheet(["东区", "供水", "自来水公司", "18:00-8:00"], headings=headings)
    (row,) = spreadsheet.read("duty.csv", data, published(), Facts())
    assert row.after is not None
    assert (row.after["area"], row.after["unit"], row.after["hours"]) == ("990101", "WATER", "18:00-08:00")
    bad = sheet(["东区", "供水", "没有这个单位", ""], headings=headings)
    with pytest.raises(spreadsheet.BadSheet) as refused:
        spreadsheet.read("duty.csv", bad, published(), Facts())
    assert "没有这个单位" in refused.value.faults[0].why


def test_a_sheet_waits_until_somebody_takes_it_over(cast: Cast, draft: ConfigDraft, admin: Account) -> None:
    found = spreadsheet.read("limits.csv", sheet(LAMP_ROW), published(), Facts())
    kept = drafts.keep_import(draft, "limits.csv", found, by=admin, at=NOON)
    assert not draft.changes.exists()
    assert drafts.take_import(kept, by=admin, at=NOON) == 1
    assert wanted_of(draft)["limit"] == ["working_days", "1"]
    assert changed(published(), draft.changes.all())["conditions"]["01037|1"]["text"] == "路灯倾倒"
    assert not ConfigImport.objects.exists()
