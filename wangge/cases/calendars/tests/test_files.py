"""Files of other programs: all of it is understood, or it is refused with everything that is not."""

from datetime import UTC, date, datetime

import pytest

from wangge.cases import calendar_seed
from wangge.cases.calendars.files import read_file
from wangge.cases.calendars.files.ics import write_ics
from wangge.cases.calendars.files.reading import MOST_FAULTS, Unreadable
from wangge.cases.calendars.plan import Plan

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def ics(*entries: str) -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{at}\r\n{entry}\r\nEND:VEVENT\r\n" for at, entry in enumerate(entries)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()


def told(plan: Plan) -> list[tuple[str, str, str]]:
    return [(f"{day.date}", day.kind, day.name) for day in plan.days]


@pytest.mark.parametrize(
    "sheet",
    [
        "date,kind,name\n2027-01-01,rest,元旦\n2027-01-03,work,元旦\n",
        "日期,类型,名称\n2027/1/1,休,元旦\n2027年1月3日,班,元旦\n",
        "名称;日期;类型\n元旦;20270101;放假\n元旦;20270103;调休上班\n",
        "\ufeffDate\tKind\tName\r\n2027-01-01\tHoliday\t元旦\r\n\r\n2027-01-03\tmake-up\t元旦\r\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_sheet_is_read_with_headings_in_both_languages(sheet: str, encoding: str) -> None:
    if encoding == "gb18030":
        sheet = sheet.removeprefix("\ufeff")
    plan = read_file("days.csv", sheet.encode(encoding))
    assert told(plan) == [("2027-01-01", "rest", "元旦"), ("2027-01-03", "work", "元旦")]


def test_every_wrong_line_is_named_and_nothing_is_taken() -> None:
    sheet = (
        "date,kind\n2027-02-30,rest\n2027-01-01,perhaps\n2027-01-02,rest\n2027-01-02,work\n1900-01-01,rest\n"
    )
    with pytest.raises(Unreadable) as caught:
        read_file("days.csv", sheet.encode())
    faults = caught.value.faults
    assert [fault for fault, line in zip(faults, (2, 3, 5, 6), strict=True) if str(line) not in fault] == []


def test_many_faults_are_told_in_part() -> None:
    sheet = "date,kind\n" + "nonsense,rest\n" * 100
    with pytest.raises(Unreadable) as caught:
        read_file("days.csv", sheet.encode())
    assert len(caught.value.faults) == MOST_FAULTS + 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("days.csv", b""),
        ("days.csv", b"when,what\n2027-01-01,rest\n"),
        ("days.csv", b"date,kind\n"),
        ("days.csv", b"\xff\xfe\x00\x81\x00\x81"),
        ("days.csv", b"date,kind\n" + b"x" * 2_100_000),
        ("days.ics", b"date,kind\n2027-01-01,rest\n"),
        ("days.ics", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"),
        ("days.ics", ics()),
    ],
)
def test_what_is_no_calendar_is_refused_in_words(name: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_file(name, content)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("SUMMARY:国庆节（休）", "rest"),
        ("SUMMARY:国庆节（班）", "work"),
        ("SUMMARY:春节 调休上班", "work"),
        ("SUMMARY:春节放假", "rest"),
        ("SUMMARY:National Day holiday", "rest"),
        ("SUMMARY:National Day: make-up day", "work"),
        ("SUMMARY:国庆节\r\nCATEGORIES:休", "rest"),
        ("SUMMARY:国庆节\r\nCATEGORIES:中国,补班", "work"),
        ("SUMMARY:国庆节（休）\r\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY", "work"),
        ("SUMMARY:国庆节\r\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY", "rest"),
    ],
)
def test_an_entry_says_by_mark_category_or_title_what_its_days_are(said: str, kind: str) -> None:
    plan = read_file("a.ics", ics(f"DTSTART;VALUE=DATE:20271001\r\n{said}"))
    assert [(day.date, day.kind) for day in plan.days] == [(date(2027, 10, 1), kind)]
    assert plan.days[0].name.startswith(("国庆节", "春节", "National Day"))


def test_the_end_of_an_entry_is_not_included() -> None:
    plan = read_file(
        "a.ics", ics("DTSTART;VALUE=DATE:20271001\r\nDTEND;VALUE=DATE:20271004\r\nSUMMARY:国庆节（休）")
    )
    assert told(plan) == [(f"2027-10-0{day}", "rest", "国庆节") for day in (1, 2, 3)]
    plan = read_file("a.ics", ics("DTSTART;VALUE=DATE:20271001\r\nDURATION:P2D\r\nSUMMARY:国庆节（休）"))
    assert len(plan.days) == 2


def test_an_entry_that_does_not_say_is_left_to_somebody_and_a_cancelled_one_is_left_out() -> None:
    plan = read_file(
        "a.ics",
        ics(
            "DTSTART;VALUE=DATE:20271001\r\nSUMMARY:国庆节",
            "DTSTART;VALUE=DATE:20271002\r\nSUMMARY:国庆节（休）\r\nSTATUS:CANCELLED",
        ),
    )
    assert plan.days == ()
    assert plan.unsure == ((date(2027, 10, 1), "国庆节"),)


@pytest.mark.parametrize(
    "entry",
    [
        "DTSTART:20271001T090000Z\r\nSUMMARY:会议（休）",
        "SUMMARY:国庆节（休）",
        "DTSTART;VALUE=DATE:20271001\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:国庆节（休）",
        "DTSTART;VALUE=DATE:20271005\r\nDTEND;VALUE=DATE:20271001\r\nSUMMARY:国庆节（休）",
        "DTSTART;VALUE=DATE:20271001\r\nDTEND;VALUE=DATE:20301001\r\nSUMMARY:国庆节（休）",
        "DTSTART;VALUE=DATE:2027X001\r\nSUMMARY:国庆节（休）",
    ],
)
def test_entries_that_are_no_whole_days_are_refused(entry: str) -> None:
    with pytest.raises(Unreadable):
        read_file("a.ics", ics(entry))


def test_two_entries_that_contradict_each_other_are_refused() -> None:
    entries = (f"DTSTART;VALUE=DATE:20271001\r\nSUMMARY:国庆节（{sign}）" for sign in "休班")
    with pytest.raises(Unreadable, match="2027-10-01"):
        read_file("a.ics", ics(*entries))


def test_what_is_written_is_read_back_as_it_was() -> None:
    marks = list(calendar_seed.shipped_days())
    written = write_ics("default", "国家工作日历", marks, published=frozenset({2026}), host="x", at=NOON)
    assert told(read_file("a.ics", written)) == [(f"{m.date}", m.kind.value, m.name) for m in marks]
    assert written.count(b"STATUS:CONFIRMED") > 0
    assert written.count(b"STATUS:TENTATIVE") > 0
    assert b"X-APPLE-SPECIAL-DAY:WORK-HOLIDAY" in written
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


def test_a_year_the_package_learns_is_added_and_the_year_after_has_its_fixed_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    constants = pytest.importorskip("chinese_calendar.constants")
    name = constants.Holiday.spring_festival.value
    monkeypatch.setitem(constants.holidays, date(2027, 2, 6), name)
    monkeypatch.setitem(constants.workdays, date(2027, 2, 20), name)
    marks = list(calendar_seed.seed_days())
    assert {(mark.date, mark.kind.value) for mark in marks} >= {
        (date(2027, 2, 6), "rest"),
        (date(2027, 2, 20), "work"),
        (date(2028, 1, 1), "rest"),
    }
    assert 2027 in calendar_seed.published_years(marks)
    assert 2028 not in calendar_seed.published_years(marks)
