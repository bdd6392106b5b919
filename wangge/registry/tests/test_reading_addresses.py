"""One spelling, parts by rule, and back again: what is written in any usual form is read as what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.registry.addresses.parsing import Hit, parse, prepared
from wangge.registry.addresses.parts import (
    BUILDING,
    ENTRANCE,
    ESTATE,
    FLOOR,
    NUMBER,
    ROOM,
    STREET,
    part_key,
)
from wangge.registry.addresses.sounds import nearly, sound_of, sound_of_letters
from wangge.registry.addresses.text import DIGITS, key_of, ordinal_of, plain

STEMS = "东西南北新华胜利青年文昌朝阳春晖翠竹松柏清澜望湖"
stems = st.text(STEMS, min_size=2, max_size=4)
small = st.integers(1, 99)


def in_characters(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("十" if tens == 1 else DIGITS[tens] + "十" if tens else "") + (DIGITS[ones] if ones else "")


def wide(words: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign != " " else sign for sign in words)


@given(
    stems, stems, st.integers(1, 9999), small, st.integers(1, 9), st.integers(1, 30), small,
    st.sampled_from(("幢", "栋", "座", "号楼", "#楼")), st.sampled_from(("plain", "wide", "characters")),
    st.sampled_from(("", " ", "，", "、")),
)  # fmt: skip
def test_what_is_formatted_is_read_back(
    street: str,
    estate: str,
    number: int,
    building: int,
    entrance: int,
    floor: int,
    flat: int,
    word: str,
    digits: str,
    gap: str,
) -> None:
    def said(value: int) -> str:
        return in_characters(value) if digits == "characters" and value < 100 else str(value)

    room = f"{floor}{flat:02d}"
    parts = [
        f"{street}路",
        f"{said(number)}号",
        f"{estate}小区",
        f"{said(building)}{word}",
        f"{said(entrance)}单元",
        f"{room}室",
    ]
    text = gap.join(parts)
    written = parse(prepared(wide(text) if digits == "wide" else text))
    assert (written.get(STREET), written.get(NUMBER), written.get(ESTATE)) == (
        f"{street}路",
        str(number),
        f"{estate}小区",
    )
    assert (written.get(BUILDING), written.get(ENTRANCE), written.get(ROOM)) == (
        str(building),
        str(entrance),
        room,
    )
    assert not written.is_near
    assert written.unknown == []


@given(st.text(max_size=300))
def test_anything_at_all_can_be_read(words: str) -> None:
    text = prepared(words)
    written = parse(text, [Hit(0, min(2, len(text)), STREET, text[:2])] if len(text) > 1 else ())
    assert all(part.words in text for part in written.parts if part.kind in (STREET, ESTATE))
    assert len(
        {part.kind for part in written.parts if part.kind in (NUMBER, BUILDING, ENTRANCE, ROOM)}
    ) == len([part for part in written.parts if part.kind in (NUMBER, BUILDING, ENTRANCE, ROOM)])


usual = st.text(
    st.sampled_from(
        [
            *(chr(code) for code in range(0x20, 0x7F)),
            *STEMS,
            *DIGITS,
            *"０１９ＡＺ＃－—（），。、号幢楼路十百",
        ]
    ),
    max_size=60,
)


@given(usual)
def test_the_one_spelling_is_spelled_as_itself(words: str) -> None:
    assert plain(plain(words)) == plain(words)
    assert key_of(key_of(words)) == key_of(words)


@given(small)
def test_numerals_are_numbers(number: int) -> None:
    assert plain(f"{in_characters(number)}号") == f"{number}号"
    assert ordinal_of(part_key("number", f"{in_characters(number)}号")) == number


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("一百零五号", "105号"), ("一百五号", "150号"), ("一百一十号", "110号"), ("二百二十二", "222"), ("一〇一室", "101室"),
        ("第一百货大楼", "第1百货大楼"), ("百花路", "百花路"), ("五一路", "51路"), ("２＃楼", "2#楼"), ("3—2—301", "3-2-301"),
    ],
)  # fmt: skip
def test_numerals_in_names_and_numbers_have_one_spelling(words: str, expected: str) -> None:
    assert plain(words) == expected


@pytest.mark.parametrize(
    ("kind", "name", "key"),
    [
        ("number", "12号", "12"), ("number", "甲12号", "甲12"), ("number", "12号附3", "12-3"), ("number", "12号之3", "12-3"),
        ("number", "12-3号", "12-3"), ("number", "123弄", "123弄"), ("number", "12号院", "12"), ("building", "3号楼", "3"),
        ("building", "B座", "b"), ("building", "3#", "3"), ("building", "东楼", "东"), ("building", "门诊楼", "门诊楼"),
        ("entrance", "二单元", "2"), ("entrance", "2门", "2"), ("room", "302室", "302"), ("room", "302", "302"),
        ("estate", "光华一村", "光华1村"), ("street", "五一路", "51路"),
    ],
)  # fmt: skip
def test_parts_of_the_register_are_compared_by_their_number(kind: str, name: str, key: str) -> None:
    assert part_key(kind, name) == key


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("人民路123弄45号602室", {STREET: "人民路", NUMBER: "123弄", BUILDING: "45", ROOM: "602"}),
        ("学院路甲8号院3号楼2门501", {STREET: "学院路", NUMBER: "甲8", BUILDING: "3", ENTRANCE: "2", ROOM: "501"}),
        ("阳光小区3楼2单元", {ESTATE: "阳光小区", BUILDING: "3", ENTRANCE: "2"}),
        ("阳光小区3幢5楼", {ESTATE: "阳光小区", BUILDING: "3", FLOOR: "5"}),
        ("阳光小区3-502", {ESTATE: "阳光小区", BUILDING: "3", ROOM: "502"}),
        ("阳光小区3-2", {ESTATE: "阳光小区", BUILDING: "3", ENTRANCE: "2"}),
        ("阳光小区b座1203", {ESTATE: "阳光小区", BUILDING: "b", ROOM: "1203"}),
        ("人民路12号阳光大厦负1楼", {STREET: "人民路", NUMBER: "12", ESTATE: "阳光大厦", FLOOR: "-1"}),
    ],
)  # fmt: skip
def test_what_a_number_means_depends_on_what_stands_before(words: str, parts: dict[str, str]) -> None:
    written = parse(prepared(words))
    assert {str(part.kind): part.key for part in written.parts} == {
        str(kind): key for kind, key in parts.items()
    }


@pytest.mark.parametrize(
    "words", ["人民路12号旁边", "人民路12号对面", "人民路12号以东50米", "靠近人民路12号", "near 12号人民路"]
)
def test_beside_is_not_at(words: str) -> None:
    assert parse(prepared(words)).is_near


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("人民路", "renmin lu"),
        ("人民路", "renminlu"),
        ("青年街", "Qingnian Jie"),
        ("中山路", "zhongshan lu"),
        ("51路", "wuyi lu"),
    ],
)
def test_a_name_is_read_as_it_is_typed_in_pinyin(name: str, typed: str) -> None:
    assert sound_of(name) == sound_of_letters(typed)


@given(st.text(STEMS, min_size=3, max_size=8), st.data())
def test_names_one_slip_apart_share_a_spelling(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    slips = (name[:at] + "错" + name[at + 1 :], name[:at] + name[at + 1 :], name[:at] + "多" + name[at:])
    assert all(set(nearly(name)) & set(nearly(slip)) for slip in slips if len(slip) > 2)
