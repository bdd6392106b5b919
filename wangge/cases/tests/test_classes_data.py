"""The shipped tables: complete as the standard is, consistent with each other, and loud when damaged."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from wangge.cases import classes_data as shipped
from wangge.cases.deadlines import LimitKind
from wangge.common.data_rows import DataFault
from wangge.registry import parts_data

PARTS = parts_data.read_parts()
MATTERS = shipped.read_matters()
LOCAL = shipped.read_local_matters()
CONDITIONS = shipped.read_conditions()
CROSSWALK = shipped.read_crosswalk()
BY_CODE = {matter.code: matter for matter in MATTERS + LOCAL}


def conditions_of(code: str) -> list[shipped.Condition]:
    return [condition for condition in CONDITIONS if condition.matter_code == code]


def limits_of(code: str) -> list[str]:
    return [f"{condition.limit_amount} {condition.limit_kind}" for condition in conditions_of(code)]


# --- the lists of the standard


def test_the_standard_has_153_part_classes_in_five_majors():
    assert len(PARTS) == 153
    assert Counter(part.major_code for part in PARTS) == {"01": 76, "02": 44, "03": 16, "04": 14, "05": 3}


def test_the_standard_has_250_matters_in_ten_majors():
    assert len(MATTERS) == 250
    assert Counter(matter.major_code for matter in MATTERS) == {
        "01": 76, "02": 44, "03": 16, "04": 14, "05": 3, "06": 51, "07": 7, "08": 16, "09": 21, "10": 2,
    }  # fmt: skip


@pytest.mark.parametrize("code", ["01016", "05001", "06031", "07005", "09007"])
def test_numbers_missing_in_the_standard_stay_missing(code):
    assert code not in BY_CODE
    assert code not in {part.code for part in PARTS}


def test_every_part_class_has_its_matter_named_after_it():
    matters = {matter.code: matter for matter in MATTERS if matter.major_code <= "05"}
    assert list(matters) == [part.code for part in PARTS]
    for part in PARTS:
        matter = matters[part.code]
        expected = "紧急报警点异常SOS" if part.code == "01066" else part.name_zh + "异常"
        assert (matter.name_zh, matter.name_en) == (expected, f"{part.name_en} problem")
        assert (matter.major_zh, matter.major_en) == (part.major_zh, part.major_en)


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("01037", "路灯异常", "Street lamp problem"),
        ("01049", "燃气调压站（箱）异常", "Gas pressure regulator (box) problem"),
        ("06014", "道路遗撒（洒）", "Load spilled on the road"),
        ("09022", "占道促销宣传", "Promotion occupying the pavement"),
        ("10002", "架空线缆脱落", "Fallen overhead cable"),
        ("10999", "供水管道破裂", "Burst water main"),
    ],
)
def test_names_read_as_in_the_standard(code, zh, en):
    assert (BY_CODE[code].name_zh, BY_CODE[code].name_en) == (zh, en)


def test_names_are_short_enough_for_the_standard_and_unique():
    assert all(len(matter.name_zh) <= 30 for matter in BY_CODE.values())
    for names in ([m.name_zh for m in BY_CODE.values()], [m.name_en for m in BY_CODE.values()]):
        assert len({name.casefold() for name in names}) == len(names)


def test_english_names_are_english():
    texts = [m.name_en for m in BY_CODE.values()] + [c.condition_en + c.closing_en for c in CONDITIONS]
    assert not [text for text in texts if any("一" <= letter <= "鿿" for letter in text)]


def test_a_major_has_one_name():
    assert len({(m.major_code, m.major_zh, m.major_en) for m in BY_CODE.values()}) == 10


# --- what residents see and say


def test_every_group_gathers_some_matters():
    groups = [group.code for group in shipped.read_groups()]
    assert len(groups) == 11
    assert {matter.group for matter in BY_CODE.values()} == set(groups)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("路灯不亮", "01037"), ("井盖丢了", "01003"), ("小广告", "07001"), ("太吵", "06028"), ("僵尸车", "06034"),
        ("堵消防通道", "09012"), ("下水道堵", "10997"), ("燃气泄漏", "10998"), ("高空抛物", "10993"), ("遛狗不牵绳", "06999"),
    ],
)  # fmt: skip
def test_the_words_residents_use_lead_to_the_class(words, code):
    assert words in BY_CODE[code].keywords


def test_the_common_classes_have_keywords_and_no_word_is_claimed_by_many():
    assert sum(bool(matter.keywords) for matter in BY_CODE.values()) >= 80
    claims = Counter(word for matter in BY_CODE.values() for word in matter.keywords)
    assert [word for word, times in claims.items() if times > 3] == []


# --- local matters and the crosswalk


def test_the_emergencies_of_2013_count_down_from_10999():
    codes = {m.code_2013: m.code for m in LOCAL if m.code >= "10994" and m.kind_2013 == "event"}
    assert codes == {f"050{n}": str(11000 - n) for n in range(1, 7)}


def test_local_codes_never_look_national():
    assert {matter.standard for matter in LOCAL} == {shipped.LOCAL_STANDARD}
    assert {matter.standard for matter in MATTERS} == {"GB/T 47678.5-2026"}
    assert not {matter.code for matter in LOCAL} & {matter.code for matter in MATTERS}


@pytest.mark.parametrize(
    ("kind", "code_2013", "code_2026", "certain"),
    [
        ("part", "0137", "01037", True),
        ("part", "0105", "01005", False),
        ("part", "0506", "01069", True),
        ("event", "0110", "06010", True),
        ("event", "0403", "09003", False),
        ("event", "0131", "06998", True),
        ("event", "0501", "10999", True),
        ("event", "0507", "10001", False),
        ("part", "0504", "10991", False),
        ("event", "0504", "10996", True),
    ],
)
def test_a_2013_code_leads_to_its_matter(kind, code_2013, code_2026, certain):
    assert shipped.Crossing(code_2013, kind, code_2026, certain) in CROSSWALK


def test_ordinary_2013_numbers_keep_their_digits():
    majors = {"01": "06", "02": "07", "03": "08", "04": "09"}
    for crossing in CROSSWALK:
        national = BY_CODE[crossing.code_2026].standard != shipped.LOCAL_STANDARD
        major, minor = crossing.code_2013[:2], crossing.code_2013[2:]
        if crossing.kind == "event" and major in majors and minor < "80" and national:
            assert crossing.code_2026 == f"{majors[major]}0{minor}"
        if crossing.kind == "part" and major < "05":
            assert crossing.code_2026 == f"{major}0{minor}"


def test_every_local_matter_with_a_2013_code_is_in_the_crosswalk():
    crossed = {(crossing.kind, crossing.code_2013): crossing.code_2026 for crossing in CROSSWALK}
    for matter in LOCAL:
        if matter.kind_2013:
            assert crossed[matter.kind_2013, matter.code_2013] == matter.code


# --- filing conditions


def test_every_matter_can_be_filed_and_nothing_else():
    assert {condition.matter_code for condition in CONDITIONS} == set(BY_CODE)


@pytest.mark.parametrize(
    ("code", "ordinal", "kind", "amount"),
    [
        ("01001", 1, LimitKind.URGENT_HOURS, 2),
        ("01004", 5, LimitKind.WORKING_DAYS, 1),
        ("01006", 2, LimitKind.WORKING_DAYS, 1),
        ("01037", 2, LimitKind.WORKING_DAYS, 2),
        ("01039", 2, LimitKind.WORKING_DAYS, 3),
        ("02007", 2, LimitKind.URGENT_HOURS, 2),
        ("02009", 1, LimitKind.WORKING_DAYS, 3),
        ("03003", 1, LimitKind.URGENT_HOURS, 4),
        ("04002", 3, LimitKind.WORKING_DAYS, 15),
        ("06001", 1, LimitKind.URGENT_HOURS, 48),
        ("06008", 2, LimitKind.WORKING_HOURS, 4),
        ("06010", 1, LimitKind.WORKING_HOURS, 4),
        ("06022", 1, LimitKind.URGENT_HOURS, 1),
        ("07003", 2, LimitKind.WORKING_DAYS, 5),
        ("09010", 1, LimitKind.WORKING_HOURS, 2),
        ("10997", 2, LimitKind.URGENT_HOURS, 1),
        ("10999", 2, LimitKind.WORKING_DAYS, 5),
    ],
)
def test_limits_are_those_of_the_city_table(code, ordinal, kind, amount):
    condition = conditions_of(code)[ordinal - 1]
    assert (condition.ordinal, condition.limit_kind, condition.limit_amount) == (ordinal, kind, amount)
    assert condition.source.startswith("one city (Yuncheng)")


def test_a_published_range_became_two_rows_that_say_so():
    soiled = conditions_of("06004")
    assert limits_of("06004") == ["1 working_days", "3 working_days"]
    assert all("published as 1–3 d" in condition.source for condition in soiled)


def test_the_source_names_the_2013_code_that_leads_to_the_matter():
    crossed = {(crossing.code_2013, crossing.code_2026) for crossing in CROSSWALK}
    for condition in CONDITIONS:
        city, _, rest = condition.source.partition("2013 code ")
        assert (rest[:4], condition.matter_code) in crossed if rest else city.startswith("example")


def test_what_is_dangerous_is_not_held_up_by_verifying():
    urgent = [condition for condition in CONDITIONS if condition.priority == "urgent"]
    assert len(urgent) > 20
    assert not any(condition.verify_first or condition.on_the_spot for condition in urgent)
    assert {condition.check_percent for condition in urgent} == {100}


def test_only_what_is_of_low_risk_goes_on_by_itself():
    by_itself = [c for c in CONDITIONS if c.check_percent < 100 or c.auto_dispatch or c.auto_close]
    assert {c.matter_code for c in by_itself} >= {"07001", "06019"}
    assert all(c.on_the_spot and c.priority in ("normal", "high") for c in by_itself)
    assert {c.unit_role for c in by_itself if c.auto_close} == {"city_management"}


def test_every_kind_of_unit_has_work():
    assert {condition.unit_role for condition in CONDITIONS} == {
        role.code for role in shipped.read_unit_roles()
    }


# --- the small tables


def test_each_stage_has_one_example_limit():
    limits = {limit.stage: (limit.limit_kind, limit.limit_amount) for limit in shipped.read_stage_limits()}
    assert set(limits) == set(shipped.STAGES)
    assert limits["accept"] == (LimitKind.WORKING_HOURS, Decimal("0.5"))


def test_emergencies_name_the_number_to_call():
    advice = {row.code: row.advice_zh for row in shipped.read_exclusions()}
    assert all(
        number in advice[code] for code, number in {"police": "110", "fire": "119", "medical": "120"}.items()
    )


def test_not_our_duty_needs_a_legal_basis():
    reasons = {reason.code: reason for reason in shipped.read_reasons()}
    assert reasons["not_our_duty"].step == "send_back"
    assert reasons["not_our_duty"].needs_legal_basis
    assert not reasons["duplicate"].needs_legal_basis


def test_questions_cover_every_data_type_and_keep_their_order_within_a_matter():
    questions = shipped.read_questions()
    assert {question.datatype for question in questions} == set(shipped.DATATYPES)
    places = Counter((code, question.ordinal) for question in questions for code in question.matter_codes)
    assert max(places.values()) == 1


def test_a_range_of_covers_leaves_out_numbers_that_do_not_exist_and_hydrants():
    cover = next(question for question in shipped.read_questions() if question.code == "cover_problem")
    assert len(cover.matter_codes) == 21
    assert not {"01013", "01016"} & set(cover.matter_codes)
    assert [value.key for value in cover.values] == ["missing", "cracked", "rattles", "sunk", "blocked"]


# --- damage is named


def damaged(tmp_path: Path, name: str, old: str, new: str) -> Path:
    text = (shipped.DATA / name).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path / name


@pytest.mark.parametrize(
    ("name", "read", "old", "new", "said"),
    [
        ("groups.csv", shipped.read_groups, "\nlamps,", "\nroad,", "row 3, column code: 'road' stands in row 2 already"),
        ("groups.csv", shipped.read_groups, "name_zh", "name", "row 1, column name_zh: the header is wrong"),
        ("groups.csv", shipped.read_groups, "\nroad,", "\nroad,,", "row 2, column hint_en: 6 cells where 5 belong"),
        ("matters_2026.csv", shipped.read_matters, "\n01001,01", "\n02001,01", "row 2, column code: '02001'"),
        ("matters_2026.csv", shipped.read_matters, ",pipes\n", ",pipe\n", "row 2, column group: 'pipe' is not known"),
        ("filing_conditions.csv", shipped.read_conditions, "urgent_hours,2", "hours,2", "row 2, column limit_kind"),
        ("filing_conditions.csv", shipped.read_conditions, "urgent_hours,2", "urgent_hours,0", "row 2, column limit_amount"),
        ("filing_conditions.csv", shipped.read_conditions, "\n01001,2", "\n01001,3", "row 3, column ordinal: 3 where 2"),
        ("filing_conditions.csv", shipped.read_conditions, "urgent,yes", "urgent,maybe", "row 2, column after_photo"),
        ("crosswalk_2013_2026.csv", shipped.read_crosswalk, "part,01001", "part,01016", "row 2, column code_2026"),
        ("forms.csv", shipped.read_questions, "missing:缺失:", "missing:缺失", "row 2, column values"),
        ("forms.csv", shipped.read_questions, "singlevaluelist", "text", "row 3, column values: only a list"),
        ("forms.csv", shipped.read_questions, "01001-01012", "01016", "row 2, column matter_codes"),
    ],
)  # fmt: skip
def test_a_damaged_table_is_refused_by_file_row_and_column(tmp_path, name, read, old, new, said):
    with pytest.raises(DataFault) as refusal:
        read(damaged(tmp_path, name, old, new))
    assert str(refusal.value).startswith(f"{name}, {said}")


def test_a_part_of_another_major_is_refused(tmp_path):
    text = parts_data.PARTS_2026.read_text(encoding="utf-8").replace("\n01001,01", "\n01001,02", 1)
    path = tmp_path / "parts.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFault, match=r"parts\.csv, row 2, column code"):
        parts_data.read_parts(path)


def test_tables_have_unix_line_ends_and_no_byte_order_mark():
    for path in (parts_data.PARTS_2026, *shipped.DATA.glob("*.csv")):
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        assert not content.startswith(b"\xef\xbb\xbf"), path.name
        assert content.endswith(b"\n"), path.name
