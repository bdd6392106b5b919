"""A file of boundaries is looked at by a person before anything is stored, and what is stored is handed out again."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from wangge.accounts.models import Account, AdminPost, AdminRole
from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.territory import bringing
from wangge.territory.models import Area, BoundaryFile
from wangge.territory.shapes import from_wkb, to_wkb

pytestmark = pytest.mark.django_db

ADDRESS = "/territory/files/"


@pytest.fixture(autouse=True)
def here(settings, client: Client, tmp_path: Path):
    settings.IMPORTS_DIR = tmp_path / "imports"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def admin(cast: Cast) -> Account:
    account = Account.objects.create(username="sysadmin", name="系统管理员")
    AdminPost.objects.create(account=account, role=AdminRole.SYSTEM)
    return account


@pytest.fixture
def community(cast: Cast) -> Area:
    """The community around grids A and B, with a boundary of its own."""
    community = cast.place.community
    community.boundary = bytes(to_wkb(box(118.90, 32.90, 118.92, 32.91)))
    community.save()
    return community


def new_code(community: Area, number: int = 801) -> str:
    return f"{community.code}{number}"


def content(*features: tuple[dict[str, Any], BaseGeometry], **more: Any) -> bytes:
    listed = [{"type": "Feature", "properties": said, "geometry": mapping(shape)} for said, shape in features]
    return json.dumps({"type": "FeatureCollection", **more, "features": listed}).encode()


def part_of(community: Area) -> BaseGeometry:
    return from_wkb(community.boundary or b"").centroid.buffer(0.0003, quad_segs=2)


def sent(client: Client, name: str, data: bytes, **fields: str) -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, data), **fields}, follow=True)


def test_a_grid_is_looked_at_then_stored_and_its_file_forgotten(
    client: Client, admin: Account, community: Area
) -> None:
    client.force_login(admin)
    code = new_code(community)
    shown = sent(client, "new.geojson", content(({"code": code, "name": "新网格"}, part_of(community))))
    file = BoundaryFile.objects.get()
    assert file.stage == "found"
    assert file.found["created"] == 1
    assert file.found["system"] == "wgs84"
    assert "Store these boundaries" in shown.content.decode()
    assert not Area.objects.filter(code=code).exists()
    assert bringing.path_of(file).exists()
    done = client.post(f"{ADDRESS}{file.pk}/confirmation/", follow=True)
    assert "Stored" in done.content.decode()
    made = Area.objects.get(code=code)
    assert (made.name, made.parent) == ("新网格", community)
    assert not bringing.path_of(file).exists()
    entry = AccessEntry.objects.get(act="boundaries.imported")
    assert entry.account_id == admin.pk


def test_rows_with_errors_are_named_and_nothing_of_the_file_is_stored(
    client: Client, admin: Account, community: Area
) -> None:
    client.force_login(admin)
    good, twice, lost = new_code(community), new_code(community), "888888888888801"
    shape = part_of(community)
    shown = sent(
        client,
        "odd.geojson",
        content(({"code": good, "name": "a"}, shape), ({"code": twice, "name": "b"}, shape), ({"code": lost, "name": "c"}, shape)),
    )  # fmt: skip
    text = shown.content.decode()
    assert "2: Code" in text
    assert "3: " in text
    assert "Store these boundaries" not in text
    file = BoundaryFile.objects.get()
    client.post(f"{ADDRESS}{file.pk}/confirmation/")
    file.refresh_from_db()
    assert file.stage == "found"
    assert not Area.objects.filter(code=good).exists()


def test_repairs_and_what_lies_outside_are_shown_before(
    client: Client, admin: Account, community: Area
) -> None:
    client.force_login(admin)
    west, south, east, north = part_of(community).bounds
    tie = {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, north], [east, south], [west, north], [west, south]]],
    }
    features = [
        {"type": "Feature", "properties": {"code": new_code(community), "name": "a"}, "geometry": tie},
        {
            "type": "Feature",
            "properties": {"code": new_code(community, 802), "name": "b"},
            "geometry": mapping(box(123, 30, 123.01, 30.01)),
        },
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    text = sent(client, "tie.geojson", data).content.decode()
    assert "Mended (" in text
    assert "lies outside its parent" in text


@pytest.mark.parametrize(
    ("name", "data", "fields", "told"),
    [
        ("a.dwg", b"AC1032", {}, "Put a shapefile into one .zip"),
        ("a.geojson", b"{}", {"crs": "epsg:1"}, "is not a coordinate system we know"),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_its_field_and_what_was_typed_stays(
    client: Client, admin: Account, name: str, data: bytes, fields: dict[str, str], told: str
) -> None:
    client.force_login(admin)
    answer = client.post(ADDRESS, {"file": SimpleUploadedFile(name, data), "code": "BH", **fields})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert 'value="BH"' in answer.content.decode()
    assert not BoundaryFile.objects.exists()


def test_a_file_that_cannot_be_read_says_why_and_is_not_kept(client: Client, admin: Account) -> None:
    client.force_login(admin)
    assert "This is not GeoJSON" in sent(client, "a.geojson", b'{"features": [').content.decode()
    file = BoundaryFile.objects.get()
    assert file.stage == "refused"
    assert not bringing.path_of(file).exists()
    assert "nothing in this file" in sent(client, "b.geojson", content()).content.decode()


def test_a_territory_that_changed_in_between_asks_for_a_second_look(admin: Account, community: Area) -> None:
    now = timezone.now()
    data = content(({"code": new_code(community), "name": "a"}, part_of(community)))
    file = bringing.bring(SimpleUploadedFile("a.geojson", data), "a.geojson", {}, by=admin, at=now)
    other = content(({"code": new_code(community, 805), "name": "b"}, part_of(community)))
    faster = bringing.bring(SimpleUploadedFile("b.geojson", other), "b.geojson", {}, by=admin, at=now)
    bringing.confirm(faster, by=admin, at=now)
    with pytest.raises(Refused, match="has changed"):
        bringing.confirm(file, by=admin, at=now)
    bringing.look_again(file, by=admin, at=now)
    bringing.confirm(file, by=admin, at=now)
    file.refresh_from_db()
    assert file.stage == "stored"
    with pytest.raises(Refused, match="does not wait"):
        bringing.confirm(file, by=admin, at=now)


def test_a_large_file_is_left_to_the_worker_and_the_page_follows(
    client: Client, admin: Account, community: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "AT_ONCE", 10)
    client.force_login(admin)
    data = content(({"code": new_code(community), "name": "a"}, part_of(community)))
    shown = sent(client, "a.geojson", data).content.decode()
    file = BoundaryFile.objects.get()
    assert file.stage == "reading"
    assert "hx-trigger" in shown
    assert "<progress" in shown
    bringing.go_on(str(file.pk), at=timezone.now())
    part = client.get(f"{ADDRESS}{file.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
    assert "<html" not in part
    bringing.go_on(file.pk, at=timezone.now())
    file.refresh_from_db()
    assert file.stage == "found"


def test_files_nobody_decides_about_are_dropped_after_a_week(admin: Account, community: Area) -> None:
    now = timezone.now()
    data = content(({"code": new_code(community), "name": "a"}, part_of(community)))
    file = bringing.bring(SimpleUploadedFile("a.geojson", data), "a.geojson", {}, by=admin, at=now)
    bringing.sweep(now + timedelta(days=6))
    assert bringing.path_of(file).exists()
    bringing.sweep(now + timedelta(days=8))
    file.refresh_from_db()
    assert file.stage == "dropped"
    assert not bringing.path_of(file).exists()


def test_a_dropped_file_stores_nothing(client: Client, admin: Account, community: Area) -> None:
    client.force_login(admin)
    sent(client, "a.geojson", content(({"code": new_code(community), "name": "a"}, part_of(community))))
    file = BoundaryFile.objects.get()
    assert "Nothing was stored" in client.post(f"{ADDRESS}{file.pk}/dropping/", follow=True).content.decode()
    assert not bringing.path_of(file).exists()
    assert not Area.objects.filter(code=new_code(community)).exists()


def test_nobody_else_brings_files(client: Client, cast: Cast) -> None:
    for person in (cast.duty_chief, cast.grid_worker):
        client.force_login(person)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, {}).status_code == 403
    with pytest.raises(Refused):
        bringing.bring(SimpleUploadedFile("a.geojson", b"{}"), "a.geojson", {}, by=cast.duty_chief, at=timezone.now())  # fmt: skip
    client.logout()
    assert client.get(ADDRESS).status_code == 302
    assert client.get("/territory/export/").status_code == 302


def test_a_person_in_post_is_handed_what_the_post_covers(client: Client, cast: Cast) -> None:
    client.force_login(cast.grid_worker)
    assert "Download" in client.get("/territory/export/").content.decode()
    said = {"level": "grid", "format": ".geojson", "crs": "gcj02"}
    answer = client.get("/territory/export/", said)
    assert answer["Content-Disposition"] == 'attachment; filename="grid-gcj02.geojson"'
    assert "no-store" in answer["Cache-Control"]
    codes = {each["properties"]["code"] for each in json.load(io.BytesIO(answer.content))["features"]}
    own = set(cast.grid_worker.posts.values_list("area__code", flat=True))
    assert codes == own


def test_an_export_that_is_not_possible_says_why(client: Client, cast: Cast) -> None:
    client.force_login(cast.grid_worker)
    for said, told in (
        ({"level": "county", "format": ".csv", "crs": "wgs84"}, "no boundary of this kind"),
        ({"level": "grid", "format": ".kml", "crs": "bd09"}, "KML knows WGS84 only"),
        ({"level": "grid", "format": ".csv", "crs": "mars"}, "not a coordinate system"),
        ({"level": "grid", "format": ".csv", "crs": "wgs84", "within": "77"}, "no such area"),
    ):
        answer = client.get("/territory/export/", said)
        assert answer.status_code == 422
        assert told in answer.content.decode()
