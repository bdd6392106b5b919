"""A file of boundaries is looked at by a person before anything is stored, and what is stored is handed out again."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from wangge.accounts.models import Account, Role
from wangge.accounts.tests.people import administrator
from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.territory import bringing, codes, lookup
from wangge.territory.bulk import renew_paths
from wangge.territory.changes import deciding, drafting, steps
from wangge.territory.models import Area, BoundaryFile, CodePattern, FormerState, TerritoryChange, UnitGrid
from wangge.territory.shapes import from_wkb, to_wkb

pytestmark = pytest.mark.django_db

ADDRESS = "/territory/files/"
A = "990101001001001"


@pytest.fixture(autouse=True)
def here(settings, client: Client, tmp_path: Path):
    settings.IMPORTS_DIR = tmp_path / "imports"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def sysadmin() -> Account:
    return administrator()


@pytest.fixture
def admin(cast: Cast) -> Account:
    """The territory administrator of the street."""
    return cast.person("drafter", "区划员小何", Role.TERRITORY, cast.place.street)


@pytest.fixture
def approver(cast: Cast) -> Account:
    return cast.person("approver", "区划员老马", Role.TERRITORY, cast.place.county)


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
    said = {"within": "990101001001", **fields}
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, data), **said}, follow=True)


def drafted(file: BoundaryFile) -> TerritoryChange:
    file.refresh_from_db()
    assert file.stage == "drafted"
    assert file.change is not None
    return file.change


def test_a_file_becomes_a_draft_and_the_grid_is_there_when_somebody_else_approved_it(
    client: Client, admin: Account, approver: Account, community: Area
) -> None:
    client.force_login(admin)
    old = from_wkb(Area.objects.get(code=A).boundary or b"")
    west, south, east, north = old.bounds
    code, middle = new_code(community), (west + east) / 2
    data = content(
        ({"code": A, "name": "甲西"}, box(west, south, middle, north)),
        ({"code": code, "name": "甲东"}, box(middle, south, east, north)),
    )
    shown = sent(client, "new.geojson", data)
    file = BoundaryFile.objects.get()
    assert (file.stage, file.found["created"], file.found["changed"]) == ("found", 1, 1)
    assert file.found["system"] == "wgs84"
    assert "Make a draft of it" in shown.content.decode()
    assert bringing.WAY.path_of(file).exists()
    done = client.post(f"{ADDRESS}{file.pk}/confirmation/", follow=True)
    assert "To the draft" in done.content.decode()
    assert not bringing.WAY.path_of(file).exists()
    change = drafted(file)
    assert "From the file new.geojson" in client.get(f"/territory/changes/{change.pk}/").content.decode()
    assert not Area.objects.filter(code=code).exists()

    drafting.propose(change, by=admin, at=timezone.now())
    with pytest.raises(Refused, match="somebody else"):
        deciding.approve(change, by=admin, at=timezone.now())
    deciding.approve(change, by=approver, at=timezone.now())
    made = Area.objects.get(code=code)
    assert (made.name, made.parent, made.kind) == ("甲东", community, "general")
    former = FormerState.objects.get(area__code=A)
    assert (former.name, from_wkb(former.boundary or b"")) == ("甲网格", old)


def test_what_the_system_administrator_brings_territory_administrators_decide(
    client: Client, sysadmin: Account, admin: Account, approver: Account, community: Area
) -> None:
    client.force_login(sysadmin)
    sent(client, "a.geojson", content(({"code": A, "name": "甲"}, box(118.90, 32.90, 118.91, 32.91))))
    file = BoundaryFile.objects.get()
    done = client.post(f"{ADDRESS}{file.pk}/confirmation/", follow=True).content.decode()
    assert "go on with it" in done
    change = drafted(file)
    assert client.get(f"/territory/changes/{change.pk}/").status_code == 404
    with pytest.raises(Refused):
        drafting.propose(change, by=sysadmin, at=timezone.now())
    drafting.propose(change, by=admin, at=timezone.now())
    deciding.approve(change, by=approver, at=timezone.now())
    assert Area.objects.get(code=A).name == "甲"


def test_what_lies_outside_the_area_of_the_file_is_named(
    client: Client, admin: Account, community: Area
) -> None:
    client.force_login(admin)
    elsewhere = Area.objects.get(code="990101001002001")
    shown = sent(
        client,
        "far.geojson",
        content(
            ({"code": elsewhere.code, "name": "丙"}, from_wkb(elsewhere.boundary or b"")),
            ({"code": "990101001", "name": "街道"}, box(118, 32, 119, 33)),
        ),
    ).content.decode()
    assert f"{elsewhere.code} does not lie in" in shown
    assert "990101001 does not lie in" in shown


def test_a_code_that_ended_is_not_given_again(client: Client, admin: Account, community: Area) -> None:
    client.force_login(admin)
    grid = Area.objects.get(code=A)
    Area.objects.filter(pk=grid.pk).update(valid_to=timezone.localdate())
    lookup.changed()
    shown = sent(client, "old.geojson", content(({"code": A, "name": "甲"}, from_wkb(grid.boundary or b""))))
    assert "never given twice" in shown.content.decode()


def test_unit_grids_come_in_a_file_of_their_own_and_keep_their_former_shape(
    client: Client, admin: Account, approver: Account, community: Area
) -> None:
    client.force_login(admin)
    cell = UnitGrid.objects.filter(community=community).order_by("code").first()
    assert cell is not None
    old = from_wkb(cell.boundary)
    smaller = old.buffer(-0.0001)
    both = [({"code": cell.code, "level": "unit grid"}, smaller), ({"code": A, "level": "grid"}, old)]
    assert "file of their own" in sent(client, "both.geojson", content(*both)).content.decode()
    sent(client, "cells.geojson", content(both[0]))
    file = BoundaryFile.objects.get(name="cells.geojson")
    client.post(f"{ADDRESS}{file.pk}/confirmation/")
    change = drafted(file)
    assert change.about == "unit_grids"
    fault = drafting.open_draft(change).faults()[0]
    assert fault.kind == "gap"
    with pytest.raises(Refused, match="Nobody has"):
        drafting.propose(change, by=admin, at=timezone.now())


def test_micro_grids_the_file_does_not_name_follow_the_new_border(
    client: Client, admin: Account, community: Area
) -> None:
    client.force_login(admin)
    west, south, east, north = from_wkb(Area.objects.get(code=A).boundary or b"").bounds
    micro = Area.objects.create(
        code=f"{A}01", name="甲一", level="micro", kind="micro", parent=Area.objects.get(code=A), path="",
        boundary=bytes(to_wkb(box(west, south, east, north))),
    )  # fmt: skip
    renew_paths()
    code, middle = new_code(community), (west + east) / 2
    data = content(
        ({"code": A, "name": "甲西"}, box(west, south, middle, north)),
        ({"code": code, "name": "甲东"}, box(middle, south, east, north)),
    )
    sent(client, "two.geojson", data)
    file = BoundaryFile.objects.get()
    client.post(f"{ADDRESS}{file.pk}/confirmation/")
    draft = drafting.open_draft(drafted(file))
    assert draft.faults() == []
    parts = {node.parent for node in draft.after.nodes.values() if node.level == "micro"}
    assert parts == {A, code}
    assert micro.code in draft.after


def test_the_first_file_of_an_empty_installation_is_stored_at_once(
    client: Client, sysadmin: Account, db: None
) -> None:
    assert bringing.is_first()
    client.force_login(sysadmin)
    data = content(({"code": "9901", "name": "某市"}, box(118, 32, 119, 33)))
    sent(client, "city.geojson", data)
    file = BoundaryFile.objects.get()
    client.post(f"{ADDRESS}{file.pk}/confirmation/")
    assert Area.objects.get().name == "某市"
    assert AccessEntry.objects.get(act="boundaries.imported").account_id == sysadmin.pk
    answer = client.post(ADDRESS, {"file": SimpleUploadedFile("b.geojson", data)})
    assert answer.status_code == 422
    with pytest.raises(Refused, match="in which area"):
        bringing.bring(SimpleUploadedFile("b.geojson", data), "b.geojson", {}, within=None, by=sysadmin, at=timezone.now())  # fmt: skip


def test_of_two_first_files_taken_over_at_once_one_waits(client: Client, sysadmin: Account, db: None) -> None:
    client.force_login(sysadmin)
    for name in ("甲市", "乙市"):
        sent(client, f"{name}.geojson", content(({"code": "9901", "name": name}, box(118, 32, 119, 33))))
    BoundaryFile.objects.update(stage="storing", stored_by=sysadmin)  # both were let through
    for file in BoundaryFile.objects.order_by("made_at"):
        bringing.WAY.go_on(file.pk, at=timezone.now())
    assert Area.objects.get().name == "甲市"
    second = BoundaryFile.objects.get(name="乙市.geojson")
    assert (second.stage, bringing.WAY.path_of(second).exists()) == ("found", True)
    assert second.refusal
    page = client.get(f"{ADDRESS}{second.pk}/").content.decode()
    assert f"{second.pk}/confirmation/" not in page
    client.post(f"{ADDRESS}{second.pk}/confirmation/")
    assert Area.objects.get().name == "甲市"
    client.post(f"{ADDRESS}{second.pk}/dropping/")
    second.refresh_from_db()
    assert second.stage == "dropped"


def test_a_street_brings_files_for_its_own_ground_only(client: Client, cast: Cast, admin: Account) -> None:
    client.force_login(admin)
    page = client.get(ADDRESS).content.decode()
    assert "990101001001" in page
    assert 'value="990101"' not in page
    with pytest.raises(Refused, match="territory administrator"):
        bringing.bring(SimpleUploadedFile("b.geojson", b"{}"), "b.geojson", {}, within=cast.place.county, by=admin, at=timezone.now())  # fmt: skip


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
    assert "Make a draft of it" not in text
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


def test_a_file_of_nothing_says_so(client: Client, admin: Account) -> None:
    client.force_login(admin)
    assert "nothing in this file" in sent(client, "b.geojson", content()).content.decode()


def test_what_codes_look_like_is_asked_anew_for_each_file(
    client: Client, admin: Account, community: Area
) -> None:
    codes.load()
    CodePattern.objects.create(level="grid", kind="", pattern="G[0-9]{4}", example="G0001")
    client.force_login(admin)
    said = {"code": "G0001", "name": "新网格", "level": "grid", "parent": community.code}
    try:
        sent(client, "a.geojson", content((said, part_of(community))))
        found = BoundaryFile.objects.get().found
        assert (found["errors"], found["created"]) == ([], 1)
    finally:
        CodePattern.objects.all().delete()
        codes.load()


def test_a_territory_that_changed_in_between_asks_for_a_second_look(
    admin: Account, approver: Account, community: Area
) -> None:
    now = timezone.now()
    data = content(({"code": new_code(community), "name": "a"}, part_of(community)))
    file = bringing.bring(
        SimpleUploadedFile("a.geojson", data), "a.geojson", {}, within=community, by=admin, at=now
    )
    faster = drafting.begin(community, title="快一步", by=admin, at=now)
    drafting.take(
        faster, lambda plan, before: steps.rename(plan, before, code=A, name="新甲"), by=admin, at=now
    )
    drafting.propose(faster, by=admin, at=now)
    deciding.approve(faster, by=approver, at=now)
    with pytest.raises(Refused, match="has changed"):
        bringing.WAY.confirm(file, by=admin, at=now)
    bringing.WAY.look_again(file, by=admin, at=now)
    bringing.WAY.confirm(file, by=admin, at=now)
    assert drafted(file).made_by == admin


def test_what_cannot_be_drafted_now_is_kept_and_says_why(
    client: Client, admin: Account, community: Area
) -> None:
    client.force_login(admin)
    sent(client, "a.geojson", content(({"code": A, "name": "新甲"}, part_of(community))))
    file, now = BoundaryFile.objects.get(), timezone.now()
    waiting = drafting.begin(community, title="快一步", by=admin, at=now)
    drafting.take(
        waiting, lambda plan, before: steps.rename(plan, before, code=A, name="别的"), by=admin, at=now
    )
    drafting.propose(waiting, by=admin, at=now)
    told = client.post(f"{ADDRESS}{file.pk}/confirmation/", follow=True).content.decode()
    assert "快一步" in told
    file.refresh_from_db()
    assert (file.stage, bringing.WAY.path_of(file).exists()) == ("found", True)
    drafting.withdraw(waiting, by=admin, at=now)
    client.post(f"{ADDRESS}{file.pk}/confirmation/")
    file.refresh_from_db()
    assert (file.stage, file.refusal) == ("drafted", "")


def test_two_workers_make_one_draft_of_a_file(
    admin: Account, community: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = content(({"code": new_code(community), "name": "a"}, part_of(community)))
    now = timezone.now()
    file = bringing.bring(
        SimpleUploadedFile("a.geojson", data), "a.geojson", {}, within=community, by=admin, at=now
    )
    read = bringing._read

    def slow(of: BoundaryFile) -> Any:
        monkeypatch.setattr(bringing, "_read", read)
        bringing.WAY.go_on(file.pk, at=now)
        return read(of)

    monkeypatch.setattr(bringing, "_read", slow)
    bringing.WAY.confirm(file, by=admin, at=now)
    assert file.stage == "drafted"
    assert TerritoryChange.objects.get() == file.change


def test_who_has_no_account_is_handed_nothing(client: Client) -> None:
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
