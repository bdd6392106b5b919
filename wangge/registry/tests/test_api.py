"""/api/v1/addresses: match, suggest and reverse for anybody, down to the building, not too often."""

from typing import Any

import pytest
from django.test import Client

from wangge.cases.tests.cast import Cast
from wangge.registry.tests.houses import build
from wangge.territory.coordinates import CRS, from_wgs84

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(cast: Cast) -> Cast:
    build(cast.place)
    return cast


def get(call: str, status: int = 200, client: Client | None = None, **arguments: Any) -> Any:
    asked = client or Client(headers={"Accept-Language": "en"}, REMOTE_ADDR="203.0.113.7")
    response = asked.get(f"/api/v1/addresses/{call}", arguments)
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_a_match_tells_its_parts_its_score_and_whether_to_ask(town: Cast) -> None:
    answer = get("match", q="人民路十二号阳光小区三号楼")
    assert answer["is_sure"] is True
    assert [part["key"] for part in answer["parts"]] == ["人民路", "12", "阳光小区", "3"]
    assert answer["matches"][0]["text"] == "人民路12号阳光小区3幢"
    unsure = get("match", q="仁民路12号")
    assert unsure["is_sure"] is False
    assert unsure["matches"][0]["reasons"] == ["Sounds the same: “人民路”."]


def test_suggestions_come_by_characters_and_by_pinyin(town: Cast) -> None:
    assert get("suggest", q="人民")[0]["text"] == "人民路"
    assert get("suggest", q="renmin")[0]["text"] == "人民路"
    assert [one["text"] for one in get("suggest", q="人民路1")] == ["人民路10号", "人民路12号"]
    assert get("suggest", q="纺织厂")[0]["text"] == "长安街20号第二纺织厂宿舍"
    assert get("suggest", q="红旗大院")[0]["called"] == "红旗大院"


@pytest.mark.parametrize("words", ["阳光小区3幢", "阳光小区3幢2", "人民路12号阳光小区3幢2单元", "302室"])
def test_entrances_and_rooms_are_never_told_to_the_public(town: Cast, words: str) -> None:
    told = [one["text"] for one in get("suggest", q=words)] + [
        one["text"] for one in get("match", q=words)["matches"]
    ]
    assert not [text for text in told if "单元" in text or "室" in text]


def test_the_nearest_address_of_a_point_in_any_system(town: Cast) -> None:
    lon, lat = from_wgs84(118.90121, 32.90501, CRS.GCJ02)
    [near] = get("reverse", lon=lon, lat=lat, crs="gcj02")
    assert (near["text"], near["metres"]) == ("人民路12号", 1)
    assert near["lon"] == pytest.approx(from_wgs84(118.9012, 32.905, CRS.GCJ02)[0], abs=1e-6)
    assert get("reverse", lon=100, lat=30) == []


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("match", {}),
        ("match", {"q": ""}),
        ("match", {"q": "路" * 201}),
        ("suggest", {"q": "\0"}),
        ("suggest", {"q": "路", "most": 1000}),
        ("reverse", {"lon": 200, "lat": 10}),
        ("reverse", {"lon": "nan", "lat": 10}),
        ("reverse", {"lon": 118, "lat": 32, "crs": "mars"}),
    ],
)
def test_nonsense_is_refused_by_the_field(town: Cast, call: str, arguments: dict[str, Any]) -> None:
    assert get(call, status=422, **arguments)["code"] == "invalid"


@pytest.mark.parametrize(
    "words",
    [
        "%",
        "_",
        "\\",
        "%%%%",
        "'; DROP TABLE registry_address; --",
        "𠮷𠮷",
        "🏠🏠",
        "()[]{}",
        "号号号",
        "-------",
        "1-1-1-1-1",
    ],
)
def test_odd_words_find_nothing_and_break_nothing(town: Cast, words: str) -> None:
    assert get("match", q=words)["matches"] == []
    assert get("suggest", q=words) == []


def test_the_public_asks_within_a_limit_and_staff_as_often_as_they_need(town: Cast, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "address": (2, 600)}
    for _turn in range(2):
        get("suggest", q="人民")
    assert get("suggest", status=429, q="人民")["code"] == "too_many"
    staff = Client(REMOTE_ADDR="203.0.113.7")
    staff.force_login(town.acceptor)
    assert get("suggest", client=staff, q="人民")
