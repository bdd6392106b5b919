"""An outside base map is asked for only where a setting names one, and only there."""

import pytest

from wangge.common.outside_map import read_outside_map


def test_without_a_setting_nobody_outside_is_asked() -> None:
    assert read_outside_map("") is None


def test_the_national_map_comes_with_its_names_key_and_number() -> None:
    known = read_outside_map("tianditu", key="k&y", approval="GS（0000）1号")
    assert known is not None
    pictures, names = known.layers
    assert len(pictures) == 8
    assert "LAYER=vec" in pictures[0]
    assert "LAYER=cva" in names[0]
    assert pictures[0].endswith("TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=k%26y")
    assert known.origins == [f"https://t{server}.tianditu.gov.cn" for server in range(8)]
    assert known.approval == "GS（0000）1号"


@pytest.mark.parametrize(("key", "approval"), [("", "GS"), ("k", "")])
def test_the_national_map_needs_its_key_and_its_number(key: str, approval: str) -> None:
    with pytest.raises(ValueError, match="WANGGE_BASE_MAP"):
        read_outside_map("tianditu", key=key, approval=approval)


def test_any_tiles_and_one_file_of_tiles_will_do() -> None:
    tiles = read_outside_map("https://maps.example/{z}/{x}/{y}.png?key={key}", key="a b", credit="示例")
    assert tiles is not None
    assert tiles.layers == (("https://maps.example/{z}/{x}/{y}.png?key=a%20b",),)
    assert tiles.origins == ["https://maps.example"]
    archive = read_outside_map("https://maps.example/town.pmtiles")
    assert archive is not None
    assert archive.origins == ["https://maps.example"]
    own = read_outside_map("/static/town.pmtiles")
    assert own is not None
    assert own.origins == []


def test_what_is_none_of_these_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="tianditu, an address"):
        read_outside_map("https://maps.example/")
