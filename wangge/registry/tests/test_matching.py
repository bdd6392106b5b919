"""What written addresses mean in a small register: found, guessed with why, or asked."""

import pytest

from wangge.cases.tests.cast import Cast
from wangge.registry.addresses.finding import find_addresses, guess
from wangge.registry.addresses.matching import Answer, match
from wangge.registry.tests.houses import build


@pytest.fixture
def town(cast: Cast) -> Cast:
    build(cast.place)
    return cast


def best(words: str) -> str:
    found = match(words).matches
    return found[0].text if found else ""


def sure(words: str) -> str:
    answer: Answer = match(words)
    return answer.matches[0].text if answer.is_sure else ""


@pytest.mark.parametrize(
    "words",
    [
        "人民路12号阳光小区3幢",
        "示范市东区一街道人民路12号阳光小区3幢",
        "人民路12号阳光小区三号楼",
        "人民路十二号 阳光小区 三栋",
        "人民路１２号阳光小区３座",
        "人民路12号3幢",
        "阳光小区3#",
        "阳光小区3-2-302",
        "阳光小区3幢2单元302室",
        "3号楼，阳光小区（人民路12号）",
        "12 Renmin Road, Building 3",
        "yangguang xiaoqu 3幢",
        "我家在阳光小区3号楼，楼道灯坏了",
    ],
)
def test_the_same_building_is_found_however_it_is_written(town: Cast, words: str) -> None:
    assert sure(words) == "人民路12号阳光小区3幢"


@pytest.mark.parametrize(
    ("words", "expected", "why"),
    [
        ("仁民路12号", "人民路12号", "人民路"),
        ("长安接20号", "长安街20号", "长安街"),
        ("阳光小曲3幢", "人民路12号阳光小区3幢", "阳光小区"),
        ("红旗大院1号楼", "长安街20号第二纺织厂宿舍1号楼", "红旗大院"),
        ("人民路12号旁边", "人民路12号", ""),
        ("人民路6号", "人民路8号", ""),
        ("西区人民路12号", "人民路12号", "西区"),
        ("北京市人民路12号", "人民路12号", "北京市"),
    ],
)
def test_a_guess_says_why_it_is_one(town: Cast, words: str, expected: str, why: str) -> None:
    found = match(words).matches[0]
    assert found.text == expected
    assert found.reasons
    assert why in " ".join(found.reasons)


@pytest.mark.parametrize(
    "words",
    [
        "仁民路12号",
        "人民路12号旁边",
        "人民路6号",
        "西区人民路12号",
        "北京市人民路12号",
        "人民路",
        "阳光小区",
    ],
)
def test_what_is_not_certain_is_asked(town: Cast, words: str) -> None:
    answer = match(words)
    assert answer.matches
    assert not answer.is_sure


@pytest.mark.parametrize("words", ["", "路", "你好", "……", "12号", "\0", "%_\\", "a" * 5000, "人" * 5000])
def test_nothing_is_found_where_nothing_is_said(town: Cast, words: str) -> None:
    assert match(words).matches == ()


def test_a_village_and_its_street_are_read_in_order(town: Cast) -> None:
    assert sure("王家庄村前街7号") == "王家庄村前街7号"
    assert sure("村前街7号") == "王家庄村前街7号"


def test_another_name_costs_little_and_is_told(town: Cast) -> None:
    found = match("二纺宿舍1号楼").matches[0]
    assert found.text == "长安街20号第二纺织厂宿舍1号楼"
    assert 0.9 < found.score < 1


def test_the_public_search_ends_at_the_building(town: Cast) -> None:
    [found] = find_addresses("阳光小区3幢2单元302室")
    assert found.text == "人民路12号阳光小区3幢"


def test_a_report_in_words_is_a_guess_never_more(town: Cast) -> None:
    [found] = guess("昨天晚上人民路8号门口的路灯不亮")
    assert (found.text, found.is_sure) == ("人民路8号", False)


def test_the_wrong_kind_of_street_is_a_slip_too(town: Cast) -> None:
    assert best("松月巷5号") == "松月弄5号"
