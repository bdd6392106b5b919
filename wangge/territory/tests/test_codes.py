import pytest

from wangge.common.refusals import Refused
from wangge.territory.codes import UNIT_GRID, checked, level_of, parents_by_digits
from wangge.territory.models import Level

EXAMPLES = {
    Level.PROVINCE: "37",
    Level.CITY: "3701",
    Level.COUNTY: "370102",
    Level.STREET: "370102011",
    Level.COMMUNITY: "370102011001",
    Level.GRID: "370102011001003",
}


@pytest.mark.parametrize(("level", "code"), EXAMPLES.items())
def test_each_level_has_its_length(level: Level, code: str) -> None:
    assert checked(code, level) == code
    assert level_of(code) is level


@pytest.mark.parametrize(("level", "code"), EXAMPLES.items())
def test_a_code_one_digit_short_or_with_a_letter_is_refused(level: Level, code: str) -> None:
    for wrong in (code[:-1], code[:-1] + "X", ""):
        with pytest.raises(Refused) as refusal:
            checked(wrong, level)
        assert refusal.value.field == "code"


def test_spaces_are_forgiven() -> None:
    assert checked(" 370102 011 ", Level.STREET) == "370102011"


@pytest.mark.parametrize(
    ("padded", "level", "code"),
    [
        ("370000", Level.PROVINCE, "37"),
        ("370100", Level.CITY, "3701"),
        ("370102000000", Level.COUNTY, "370102"),
        ("370102011000", Level.STREET, "370102011"),
    ],
)
def test_zeros_that_pad_a_code_are_dropped(padded: str, level: Level, code: str) -> None:
    assert checked(padded, level) == code


def test_other_digits_after_the_level_are_not_padding() -> None:
    with pytest.raises(Refused):
        checked("370102011001", Level.STREET)


def test_a_unit_grid_has_fifteen_digits_or_capitals() -> None:
    assert checked("37010201100100a", UNIT_GRID) == "37010201100100A"
    with pytest.raises(Refused):
        checked("37010201100100", UNIT_GRID)


def test_a_city_may_have_grid_codes_of_its_own(settings: pytest.FixtureRequest) -> None:
    settings.AREA_CODES = settings.AREA_CODES | {"grid": r"\d{12}[A-C]\d{4}"}  # type: ignore[attr-defined]
    assert checked("370102011001A0001", Level.GRID) == "370102011001A0001"
    with pytest.raises(Refused):
        checked("370102011001003", Level.GRID)


def test_a_code_of_no_level_has_none() -> None:
    assert level_of("12345") is None


def test_the_digits_offer_parents_nearest_first() -> None:
    assert parents_by_digits("441900003") == ["441900", "4419", "44"]
    assert parents_by_digits("370102011001003")[0] == "370102011001"
    assert parents_by_digits("37") == []
