"""A file of facilities by the page: looked at first, taken over by whoever keeps the register there, or refused row by row."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from openpyxl import Workbook
from pytest_django import Settings

from wangge.accounts.models import Account, Role, Unit
from wangge.accounts.tests.people import administrator
from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.registry.facilities import bringing, exporting, importing, reading
from wangge.registry.models import Facility, FacilityClass, FacilityFile
from wangge.territory.cells import cell
from wangge.territory.coordinates import CRS, from_wgs84
from wangge.territory.models import Area
from wangge.territory.shapes import centre, from_wkb

pytestmark = pytest.mark.django_db

ADDRESS = "/registry/facilities/files/"
HEAD = "部件编码,部件类别,lon,lat,部件状态,养护单位,备注"
LAMP, WELL = "99010101001000001", "99010101002000002"


@pytest.fixture(autouse=True)
def here(settings: Settings, client: Client, tmp_path: Path):
    settings.FACILITY_FILES_DIR = tmp_path / "facilities"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def keeper(cast: Cast) -> Account:
    """The grid lead of the community in which grids A and B lie."""
    return cast.person("keeper", "网格长老何", Role.GRID_LEAD, cast.place.community)


@pytest.fixture
def sysadmin() -> Account:
    return administrator()


def table(*lines: str, head: str = HEAD, crs: str = "wgs84") -> bytes:
    return "\n".join([f"{head},crs", *(f"{line},{crs}" for line in lines)]).encode()


def sent(client: Client, data: bytes, name: str = "lamps.csv", **fields: str) -> str:
    answer: Any = client.post(ADDRESS, {"file": SimpleUploadedFile(name, data), **fields}, follow=True)
    page: str = answer.content.decode()
    return page


def middle(area: Area) -> tuple[float, float]:
    return centre(from_wkb(area.boundary or b""))


def only() -> FacilityFile:
    return FacilityFile.objects.get()


def test_a_file_is_looked_at_and_taken_over_when_somebody_says_so(
    client: Client, cast: Cast, keeper: Account
) -> None:
    client.force_login(keeper)
    page = sent(client, table(f"{LAMP},01001,118.905,32.905,破损,{cast.lamps.name},路口"))
    file = only()
    assert (file.stage, file.found["created"]) == ("found", 1)
    assert "部件编码" in page
    assert LAMP in page
    assert "Take over" in page
    assert not Facility.objects.exists()
    done = client.post(f"{ADDRESS}{file.pk}/confirmation/", follow=True).content.decode()
    assert "Stored" in done
    lamp = Facility.objects.get(code=LAMP)
    assert (lamp.grid, lamp.state, lamp.unit) == (cast.place.grid_a, "damaged", cast.lamps)
    assert not bringing.WAY.path_of(file).exists()
    entry = AccessEntry.objects.get(act="facilities.imported")
    assert (entry.account, entry.detail) == (keeper, {"created": 1, "changed": 0})


def test_what_would_change_is_said_in_words_before(client: Client, cast: Cast, keeper: Account) -> None:
    client.force_login(keeper)
    sent(client, table(f"{LAMP},01001,118.905,32.905,完好,,路口"))
    client.post(f"{ADDRESS}{only().pk}/confirmation/")
    FacilityFile.objects.all().delete()
    page = sent(client, table(f"{LAMP},01001,118.9055,32.905,丢失,{cast.lamps.name},"))
    assert "moves by 47 m" in page
    assert "Sound → Lost" in page
    assert f"— → {cast.lamps.name}" in page
    assert only().found["changed"] == 1
    assert Facility.objects.get().state == "sound"
    FacilityFile.objects.all().delete()
    page = sent(client, table(f"{LAMP},01001,118.905,32.905,完好,,"))
    assert "Everything is as the file says already" in page
    assert "Take over" not in page


def test_a_sheet_with_columns_of_its_own_is_read_as_somebody_says(
    client: Client, cast: Cast, keeper: Account
) -> None:
    book = Workbook()
    book.active.append(["灯号", "种类", "经度", "纬度", "颜色"])
    book.active.append([LAMP, "01001", 118.905, 32.905, "白"])
    out = io.BytesIO()
    book.save(out)
    client.force_login(keeper)
    page = sent(client, out.getvalue(), "路灯.xlsx", crs="wgs84", column_code="灯号", column_class="种类")
    found = only().found
    assert found["columns"] == {"code": "灯号", "class": "种类"}
    assert found["left_over"] == ["颜色"]
    assert "Not taken" in page
    client.post(f"{ADDRESS}{only().pk}/confirmation/")
    assert Facility.objects.get().code == LAMP


def test_a_table_that_does_not_say_its_system_is_asked_for_it(client: Client, keeper: Account) -> None:
    client.force_login(keeper)
    page = sent(client, f"{HEAD}\n{LAMP},01001,118.905,32.905,,,\n".encode())
    assert "does not say its coordinate system" in page
    assert only().stage == "refused"


@pytest.mark.parametrize("known", [True, False])
def test_points_of_an_online_map_read_as_wgs84_are_noticed(
    client: Client, cast: Cast, keeper: Account, sysadmin: Account, known: bool
) -> None:
    client.force_login(sysadmin)
    places = [(118.9005 + 0.0001 * number, 32.9012) for number in range(8)]
    codes = [f"9901010100100001{number}" for number in range(8)]
    if known:
        plain = zip(codes, places, strict=True)
        sent(client, table(*(f"{code},01001,{x},{y},,," for code, (x, y) in plain)))
        client.post(f"{ADDRESS}{only().pk}/confirmation/")
        FacilityFile.objects.all().delete()
    else:
        # Their places in BD-09 lie beyond every grid.
        places = [(118.9195 - 0.0001 * number, 32.9085) for number in range(8)]
        # Most of the file lies where one would not see it.
        inside = [(118.902 + 0.0001 * number, 32.9012) for number in range(80)]
        codes += [f"990101010010002{number:02d}" for number in range(80)]
        places += inside
    shifted = [from_wgs84(x, y, CRS.BD09) for x, y in places]
    lines = (f"{code},01001,{x},{y},,," for code, (x, y) in zip(codes, shifted, strict=True))
    page = sent(client, table(*lines))
    assert "These look like bd09" in page
    assert "name the system" in page


def test_rows_with_errors_say_where_what_and_how_to_mend_it(client: Client, keeper: Account) -> None:
    client.force_login(keeper)
    page = sent(
        client,
        table(
            f"{LAMP},01001,118.905,32.905,发光,,",
            f"{WELL},,118.905,32.905,,没有这个单位,",
            "ABCD1,01001,118.955,32.955,,,",
            "ABCD2,01001,110,20,,,",
        ),
    )
    assert "2: 部件状态: “发光” is no state of a facility. States are: Sound, Damaged" in page
    assert "3: 养护单位: There is no unit “没有这个单位”" in page
    assert "lies in no grid" in page
    assert "Take over" not in page
    file = only()
    assert (file.stage, file.found["error_count"]) == ("found", 4)
    client.post(f"{ADDRESS}{file.pk}/confirmation/")
    assert not Facility.objects.exists()


def test_the_page_says_where_reading_stopped_though_it_shows_the_first_rows_only(
    client: Client, keeper: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ERRORS", 3)
    client.force_login(keeper)
    page = sent(client, table(*(f"L{number:04d},9999,118.905,32.905,,," for number in range(9))))
    assert "Reading stopped after 3 errors" in page


def test_nobody_brings_or_moves_what_stands_elsewhere(
    client: Client, cast: Cast, keeper: Account, sysadmin: Account
) -> None:
    elsewhere = cast.place.grid_c
    lon, lat = middle(elsewhere)
    client.force_login(keeper)
    assert "outside the area in which you keep" in sent(client, table(f"{LAMP},01001,{lon},{lat},,,"))
    FacilityFile.objects.all().delete()
    client.force_login(sysadmin)
    sent(client, table(f"{LAMP},01001,{lon},{lat},,,"))
    client.post(f"{ADDRESS}{only().pk}/confirmation/")
    assert Facility.objects.get().grid == elsewhere
    FacilityFile.objects.all().delete()
    client.force_login(keeper)
    page = sent(client, table(f"{LAMP},01001,118.905,32.905,,,"))
    assert "stands where you do not keep the register" in page


def test_a_post_that_ended_meanwhile_takes_nothing_over(client: Client, cast: Cast, keeper: Account) -> None:
    client.force_login(keeper)
    sent(client, table(f"{LAMP},01001,118.905,32.905,,,"))
    keeper.posts.all().delete()
    assert client.post(f"{ADDRESS}{only().pk}/confirmation/").status_code == 403
    fresh = Account.objects.get(pk=keeper.pk)
    with pytest.raises(Refused, match="are kept by"):
        bringing.WAY.confirm(only(), by=fresh, at=timezone.now())
    assert not Facility.objects.exists()


def test_files_are_for_their_bringer_and_the_administrator(
    client: Client, cast: Cast, keeper: Account, sysadmin: Account
) -> None:
    client.force_login(keeper)
    sent(client, table(f"{LAMP},01001,118.905,32.905,,,"))
    address = f"{ADDRESS}{only().pk}/"
    client.force_login(cast.duty_chief)
    assert client.get(address).status_code == 404
    assert client.get(ADDRESS).status_code == 200
    client.force_login(cast.grid_worker)
    assert client.get(ADDRESS).status_code == 403
    client.force_login(sysadmin)
    assert client.get(address).status_code == 200
    gone = client.post(f"{address}dropping/", follow=True).content.decode()
    assert "Nothing was stored" in gone
    assert only().stage == "dropped"


def test_a_broken_sheet_says_so_by_the_name_it_came_with(client: Client, keeper: Account) -> None:
    client.force_login(keeper)
    assert "路灯.xlsx cannot be read" in sent(client, b"no workbook", "路灯.xlsx", crs="wgs84")
    assert only().stage == "refused"


def test_a_sheet_of_headings_only_says_that_it_has_no_rows(client: Client, keeper: Account) -> None:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["code", "lon", "lat"])
    book.save(out)
    client.force_login(keeper)
    assert "has no rows" in sent(client, out.getvalue(), "a.xlsx", crs="wgs84")


def test_a_file_without_a_column_of_codes_says_so_once_with_the_columns_it_has(
    client: Client, keeper: Account
) -> None:
    client.force_login(keeper)
    page = sent(client, table(f"{LAMP},01001,118.905,32.905", head="灯号,种类,lon,lat"))
    assert "The file has: 灯号, 种类." in page
    assert only().stage == "refused"


def test_what_cannot_be_stored_just_now_waits_and_is_not_thrown_away(
    client: Client, keeper: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(keeper)
    sent(client, table(f"{LAMP},01001,118.905,32.905,,,"))

    def full(*given: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(bringing, "import_facilities", full)
        page = client.post(f"{ADDRESS}{only().pk}/confirmation/", follow=True).content.decode()
    assert "No space left on device" in page
    assert (only().stage, bringing.WAY.path_of(only()).exists()) == ("found", True)
    client.post(f"{ADDRESS}{only().pk}/confirmation/")
    assert Facility.objects.get().code == LAMP


def test_two_who_bring_the_same_new_codes_overwrite_nothing_unseen(
    client: Client, cast: Cast, keeper: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one stores while ours is being stored, or just before: what was looked at is no longer so."""
    client.force_login(keeper)
    sent(client, table(f"{LAMP},01001,118.905,32.905,破损,,"))
    confirmation = f"{ADDRESS}{only().pk}/confirmation/"

    def stored_by_another(lon: float, lat: float) -> int:
        place, kind = cell(lon, lat), FacilityClass.objects.get(code="01001")
        values = {"facility_class": kind, "lon": lon, "lat": lat, "cell": place, "surveyed_on": "2026-06-01"}
        Facility.objects.create(code=LAMP, grid=cast.place.grid_a, **values)
        return place

    with monkeypatch.context() as patched:
        patched.setattr(importing, "cell", stored_by_another)
        page = client.post(confirmation, follow=True).content.decode()
    assert "Somebody else has changed the same meanwhile" in page
    assert (only().stage, bringing.WAY.path_of(only()).exists()) == ("found", True)
    stored_by_another(118.905, 32.905)
    page = client.post(confirmation, follow=True).content.decode()
    assert "Somebody else has changed the same meanwhile" in page
    assert Facility.objects.get().state == "sound", "the other one's"
    page = client.post(f"{ADDRESS}{only().pk}/looking/", follow=True).content.decode()
    assert "Sound → Damaged" in page
    client.post(confirmation)
    assert Facility.objects.get().state == "damaged"


def test_a_fault_in_one_file_does_not_hold_back_the_others(
    client: Client, keeper: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(keeper)
    for name in ("a.csv", "b.csv"):
        sent(client, table(f"{LAMP},01001,118.905,32.905,,,"), name)
    FacilityFile.objects.update(stage="reading")
    really = importing.look_through

    def faulty(path: Path, *given: Any, **more: Any) -> Any:
        if path == bringing.WAY.path_of(FacilityFile.objects.get(name="a.csv")):
            raise LookupError
        return really(path, *given, **more)

    monkeypatch.setattr(bringing, "look_through", faulty)
    bringing.WAY.take_up_left(timezone.now())
    assert dict(FacilityFile.objects.values_list("name", "stage")) == {"a.csv": "reading", "b.csv": "found"}
    for _turn in range(2):
        bringing.WAY.take_up_left(timezone.now())
    assert FacilityFile.objects.get(name="a.csv").stage == "stopped"


def test_nobody_learns_by_a_file_where_something_stands_that_they_may_not_look_up(
    client: Client, cast: Cast, keeper: Account, sysadmin: Account
) -> None:
    lon, lat = middle(cast.place.grid_c)
    lines = [f"9901010100100001{number},01001,{lon},{lat},,," for number in range(8)]
    client.force_login(sysadmin)
    sent(client, table(*lines))
    client.post(f"{ADDRESS}{only().pk}/confirmation/")
    FacilityFile.objects.all().delete()
    shifted = from_wgs84(lon, lat, CRS.BD09)
    moved = [line.replace(f"{lon},{lat}", f"{shifted[0]},{shifted[1]}") for line in lines]
    assert "from where the register has them" in sent(client, table(*moved))
    FacilityFile.objects.all().delete()
    client.force_login(keeper)
    assert "from where the register has them" not in sent(client, table(*moved))


def test_the_register_shows_what_stands_where_one_works(
    client: Client, cast: Cast, keeper: Account, sysadmin: Account
) -> None:
    client.force_login(sysadmin)
    lon, lat = middle(cast.place.grid_c)
    lines = [
        f"{LAMP},01001,118.905,32.905,破损,,",
        f"{WELL},,{lon},{lat},,,",
    ]
    sent(client, table(*lines))
    client.post(f"{ADDRESS}{only().pk}/confirmation/")
    page = client.get("/registry/facilities/").content.decode()
    assert (LAMP in page, WELL in page) == (True, True)
    assert "#map=" not in page
    client.force_login(keeper)
    page = client.get("/registry/facilities/").content.decode()
    assert (LAMP in page, WELL in page) == (True, False)
    assert "?show=facilities+buildings+ground#map=19.00/32.90500/118.90500" in page
    assert "Bring facilities from a file" in page
    assert LAMP in client.get("/registry/facilities/", {"q": LAMP[:9], "state": "damaged"}).content.decode()
    assert LAMP not in client.get("/registry/facilities/", {"state": "lost"}).content.decode()
    client.force_login(cast.grid_worker)
    page = client.get("/registry/facilities/").content.decode()
    assert LAMP in page
    assert "Bring facilities" not in page
    client.force_login(cast.stranger)
    assert LAMP not in client.get("/registry/facilities/").content.decode()
    client.force_login(Account.objects.create(username="new", name="新人"))
    assert client.get("/registry/facilities/").status_code == 403


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_leaves_the_register_as_a_table_comes_in_again_as_it_was(
    client: Client, cast: Cast, keeper: Account, settings: Settings, kind: str, language: str
) -> None:
    client.force_login(keeper)
    lines = [
        f"{LAMP},01001,118.905,32.905,破损,{cast.lamps.name},-路口",
        f"{WELL},,118.9155,32.9051234,,旧单位,",
    ]
    former = Unit.objects.create(code="FORMER", name="旧单位", kind="department")
    sent(client, table(*lines))
    client.post(f"{ADDRESS}{only().pk}/confirmation/")
    Unit.objects.filter(pk=former.pk).update(closed_on=date(2026, 6, 1))
    FacilityFile.objects.all().delete()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    left = client.get("/registry/facilities/", {"as": kind})
    assert f".{kind}" in left["Content-Disposition"]
    entry = AccessEntry.objects.get(act="facilities_exported")
    assert (entry.account, entry.detail) == (keeper, {"as": kind, "rows": 2})
    sent(client, left.content, f"again.{kind}")
    found = only().found
    assert (found["unchanged"], found["created"] + found["changed"]) == (2, 0)
    assert found["left_over"] == []
    some = client.get("/registry/facilities/", {"as": "csv", "state": "lost"}).content.decode()
    assert LAMP not in some


def test_whoever_keeps_no_register_takes_no_table_away_and_none_is_without_end(
    client: Client, cast: Cast, keeper: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(keeper)
    sent(client, table(f"{LAMP},01001,118.905,32.905,,,", f"{WELL},,118.915,32.905,,,"))
    client.post(f"{ADDRESS}{only().pk}/confirmation/")
    monkeypatch.setattr(exporting, "MOST", 1)
    page = client.get("/registry/facilities/", {"as": "csv"}, follow=True).content.decode()
    assert "more than 1 facilities" in page
    client.force_login(cast.grid_worker)
    page = client.get("/registry/facilities/", {"as": "csv"}).content.decode()
    assert "<html" in page
    assert "as=xlsx" not in page
    assert not AccessEntry.objects.filter(act="facilities_exported").exists()
