"""Work of another system is taken over as history: all or nothing, and never twice."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import Workbook

from wangge.audit.models import Outbox
from wangge.audit.verification import verify_events
from wangge.cases.models import Case, Clock, MatterClass, Report
from wangge.cases.tests.cast import IN_GRID_A, Cast
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused
from wangge.common.spreadsheets import read_rows
from wangge.intake.channels.spreadsheet.importing import import_cases
from wangge.intake.channels.spreadsheet.mapping import Mapping
from wangge.territory.models import Area

pytestmark = pytest.mark.django_db

BOSTON = settings.TRIAL_DATA / "requests_311" / "boston_311_2011_jul_aug.csv"
HEADER = (
    "service_request_id", "requested_datetime", "closed_date", "expected_datetime", "service_name", "service_code",
    "description", "agency_responsible", "address", "lat", "long",
)  # fmt: skip
GOOD = (
    "A1", "2026-05-01T08:00:00", "2026-05-02T08:00:00", "2026-05-03T08:00:00", "", "01037",
    "路灯不亮", "市政路灯所", "人民路", str(IN_GRID_A[1]), str(IN_GRID_A[0]),
)  # fmt: skip


def table(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def changed(row: tuple[str, ...], **values: str) -> tuple[str, ...]:
    return tuple(values.get(name, value) for name, value in zip(HEADER, row, strict=True))


@pytest.fixture
def bulk(cast: Cast) -> Mapping:
    """GeoReport Bulk names; the unit the rows name exists."""
    cast.lamps  # noqa: B018
    return Mapping.from_data({"name": "old-system"})


def test_a_row_becomes_a_report_and_a_closed_case_with_its_given_deadline(
    bulk: Mapping, cast: Cast, tmp_path: Path
) -> None:
    outcome = import_cases(table(tmp_path / "a.csv", GOOD), bulk)

    assert (outcome.read, outcome.new, outcome.faults) == (1, 1, [])
    report = Report.objects.get()
    case = Case.objects.get()
    assert report.case == case
    assert case.stage == Stage.CLOSED
    assert case.grid == cast.place.grid_a
    assert report.received_at == datetime(2026, 5, 1, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai
    clock = Clock.objects.get(case=case, kind="whole")
    assert clock.given
    assert clock.due_at == datetime(2026, 5, 3, 0, 0, tzinfo=UTC)
    assert list(verify_events()) == []
    assert not Outbox.objects.exists()


def test_importing_again_changes_nothing(bulk: Mapping, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", GOOD)
    import_cases(path, bulk)
    assert import_cases(path, bulk).new == 0
    assert Report.objects.count() == 1


def test_a_dry_run_says_what_would_be_new_and_stores_nothing(bulk: Mapping, tmp_path: Path) -> None:
    outcome = import_cases(table(tmp_path / "a.csv", GOOD), bulk, dry_run=True)
    assert outcome.new == 1
    assert not Report.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"service_request_id": ""}, "service_request_id"),
        ({"requested_datetime": "yesterday"}, "requested_datetime"),
        ({"closed_date": "2026-04-01T00:00:00"}, "closed_date"),
        ({"service_code": "99999"}, "service_name"),
        ({"agency_responsible": "没有的单位"}, "agency_responsible"),
        ({"lat": ""}, "lat"),
        ({"lat": "132.9"}, "lat"),
    ],
)
def test_one_bad_row_refuses_the_file_and_is_named(
    bulk: Mapping, tmp_path: Path, values: dict[str, str], column: str
) -> None:
    bad = changed(changed(GOOD, service_request_id="A2"), **values)
    outcome = import_cases(table(tmp_path / "a.csv", GOOD, bad), bulk)
    assert [fault.row for fault in outcome.faults] == [3]
    assert outcome.faults[0].field == column
    assert not Report.objects.exists()


def test_the_same_id_twice_is_refused_with_both_lines(bulk: Mapping, tmp_path: Path) -> None:
    outcome = import_cases(table(tmp_path / "a.csv", GOOD, GOOD), bulk)
    assert outcome.faults[0].row == 3
    assert "2" in outcome.faults[0].message


def test_a_missing_column_is_refused_with_those_that_are_there(bulk: Mapping, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text("nummer,datum\n1,2\n", encoding="utf-8")
    with pytest.raises(Refused, match="datum"):
        import_cases(path, bulk)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00broken"])
def test_an_empty_or_broken_file_is_refused_in_words(bulk: Mapping, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(Refused):
        import_cases(path, bulk)


def test_a_workbook_and_open311_json_say_the_same(bulk: Mapping, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(GOOD)
    book.save(tmp_path / "a.xlsx")
    rows = [dict(zip(HEADER, changed(GOOD, service_request_id="A2"), strict=True))]
    (tmp_path / "b.json").write_text(json.dumps(rows), encoding="utf-8")

    assert import_cases(tmp_path / "a.xlsx", bulk).new == 1
    assert import_cases(tmp_path / "b.json", bulk).new == 1


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_no_cell_of_any_kind_of_file_brings_a_nul(tmp_path: Path, kind: str) -> None:
    row = {"id": "\0 A\x001", "place": "Road\0", "answer": "\0"}
    file = tmp_path / f"rows.{kind}"
    if kind == "json":
        file.write_text(json.dumps([row]), encoding="utf-8")
    else:
        file.write_text("\n".join(",".join(cells) for cells in (row, row.values())), encoding="utf-8")
    [(_line, read)] = read_rows(file)
    assert read == {"id": "A1", "place": "Road", "answer": ""}


@pytest.mark.slow
@pytest.mark.skipif(not BOSTON.exists(), reason="the trial data is not here (WANGGE_TRIAL_DATA)")
@pytest.mark.django_db(transaction=True)  # one block after the other is committed, as by the command
def test_boston_comes_whole_with_a_county_of_its_own(cast: Cast) -> None:
    outcome = import_cases(BOSTON, Mapping.load("boston"))

    assert (outcome.new, outcome.faults) == (21_401, [])
    boston = Area.objects.get(name="Boston", level="county")
    assert Case.objects.filter(area_path__startswith=boston.path).count() == 21_401
    assert Case.objects.filter(stage=Stage.CLOSED).count() == 20_285
    assert MatterClass.objects.filter(standard="Boston 311").count() == 126
    first = Report.objects.get(source_key="101000295613")
    assert first.received_at == datetime(2011, 7, 1, 5, 32, 33, tzinfo=UTC)  # 01:32 in Boston's summer
    assert first.case is not None
    assert first.case.whole_due_at == datetime(2011, 7, 15, 5, 32, 32, tzinfo=UTC)
    assert list(verify_events()) == []
