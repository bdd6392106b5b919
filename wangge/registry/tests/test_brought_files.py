"""Files of every kind come in by the same pages: looked at, followed, decided about once, dropped or forgotten; never half."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.utils import timezone, translation
from psycopg.errors import DeadlockDetected
from pytest_django import Settings
from shapely.errors import GEOSException

from wangge.accounts.models import Account
from wangge.accounts.tests.people import administrator
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.registry.facilities import bringing as facilities
from wangge.registry.osm import bringing as extracts
from wangge.territory import bringing as boundaries
from wangge.territory.brought.models import BroughtFile
from wangge.territory.brought.steps import Way

pytestmark = pytest.mark.django_db

GRID = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "990101001001001", "name": "新甲"}, '
    '"geometry": {"type": "Polygon", "coordinates": '
    "[[[118.9, 32.9], [118.91, 32.9], [118.91, 32.91], [118.9, 32.91], [118.9, 32.9]]]}}]}"
)
ROAD = (
    '<osm version="0.6"><node id="1" version="1" lon="118.9" lat="32.9"/><node id="2" version="1" lon="118.91" lat="32.9"/>'
    '<way id="3" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way></osm>'
)


@dataclass(frozen=True)
class Kind:
    """One kind of file, and what is said of it where kinds differ."""

    bringing: ModuleType
    folder: str
    address: str
    name: str
    good: str
    unlike: str  # a name whose ending the file then does not keep
    unreadable: str
    reads: str  # what the work calls to read it
    press: str
    done: str

    @property
    def way(self) -> Way[Any]:
        way: Way[Any] = self.bringing.WAY
        return way

    def send(self, client: Client, data: bytes | None = None, name: str = "", **fields: str) -> Any:
        file = SimpleUploadedFile(name or self.name, self.good.encode() if data is None else data)
        within = {"within": "990101001001"} if self.bringing is boundaries else {}
        return client.post(self.address, {"file": file, **within, **fields}, follow=True)

    def page(self, client: Client) -> str:
        return str(client.get(f"{self.address}{self.only().pk}/").content.decode())

    def press_to(self, client: Client, step: str) -> str:
        answer = client.post(f"{self.address}{self.only().pk}/{step}/", follow=True)
        return str(answer.content.decode())

    def only(self) -> Any:
        return self.way.files.get()


KINDS = {
    "boundaries": Kind(
        boundaries,
        "IMPORTS_DIR",
        "/territory/files/",
        "grids.geojson",
        GRID,
        "a.geojson",
        "This is not GeoJSON",
        "look_at",
        "Make a draft of it",
        "A draft is made of it",
    ),
    "facilities": Kind(
        facilities,
        "FACILITY_FILES_DIR",
        "/registry/facilities/files/",
        "lamps.csv",
        "部件编码,部件类别,lon,lat,crs\n99010101001000001,01001,118.905,32.905,wgs84\n",
        "a.xlsx",
        "cannot be read",
        "look_through",
        "Take over",
        "Stored",
    ),
    "extracts": Kind(
        extracts,
        "EXTRACTS_DIR",
        "/registry/extracts/",
        "town.osm",
        ROAD,
        "a.osm.pbf",
        "cannot be read",
        "import_extract",
        "Store it",
        "Stored",
    ),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Kind:
    kind = KINDS[request.param]
    setattr(settings, kind.folder, tmp_path / request.param)
    return kind


@pytest.fixture
def bringer(cast: Cast, client: Client, settings: Settings):
    """The system administrator, who brings files of all kinds and is signed in."""
    account = administrator()
    client.force_login(account)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield account


def test_it_is_looked_at_and_decided_about_once(kind: Kind, client: Client, bringer: Account) -> None:
    page = kind.send(client).content.decode()
    assert kind.press in page
    assert "Waits for your decision" in client.get(kind.address).content.decode()
    assert kind.done in kind.press_to(client, "confirmation")
    file = kind.only()
    assert (file.stored_by, kind.way.path_of(file).exists()) == (bringer, False)
    with pytest.raises(Refused, match="does not wait"):
        kind.way.confirm(file, by=bringer, at=timezone.now())
    for step in ("confirmation", "looking", "dropping"):
        assert "does not wait" in kind.press_to(client, step), "nothing is said to be done that is not"


def test_who_comes_second_is_refused_and_loses_nothing(
    kind: Kind, client: Client, bringer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two store the same new codes in one moment: the database lets the first one through, or ends one of two that wait."""
    kind.send(client)
    waited, elsewhere = OperationalError(), OperationalError()
    waited.__cause__ = DeadlockDetected()
    for error in (IntegrityError(), waited):
        with monkeypatch.context() as patched:
            patched.setitem(kind.way.__dict__, "store", Mock(side_effect=error))
            assert "Somebody else has changed the same meanwhile" in kind.press_to(client, "confirmation")
        assert (kind.only().stage, kind.way.path_of(kind.only()).exists()) == ("found", True)
    monkeypatch.setitem(kind.way.__dict__, "store", Mock(side_effect=elsewhere))
    with pytest.raises(OperationalError):
        kind.press_to(client, "confirmation")


def test_what_was_refused_while_it_was_stored_is_looked_at_again(
    kind: Kind, client: Client, bringer: Account
) -> None:
    kind.send(client)
    kind.way.files.update(refusal="no room")
    assert "no room" in kind.page(client)
    again = kind.press_to(client, "looking")
    assert "no room" not in again
    assert kind.press in again


def test_nothing_is_decided_about_rows_with_errors(kind: Kind, client: Client, bringer: Account) -> None:
    kind.send(client)
    file = kind.only()
    kind.way.files.update(found=file.found | {"errors": ["2: no code"], "error_count": 1})
    assert "Has errors" in client.get(kind.address).content.decode()
    assert kind.press not in kind.page(client)
    assert "cannot be stored" in kind.press_to(client, "confirmation")
    assert kind.only().stage == "found"


def test_an_unknown_ending_is_refused_beside_the_field(kind: Kind, client: Client, bringer: Account) -> None:
    answer = kind.send(client, name="a.dwg")
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()
    assert not kind.way.files.exists()


def test_too_large_a_file_is_refused_beside_the_field(
    kind: Kind, client: Client, bringer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kind.way.__dict__, "limit_mb", 0)
    answer = kind.send(client)
    assert answer.status_code == 422
    assert "larger than 0 MB" in answer.content.decode()
    assert 'id="id_file_error"' in answer.content.decode()
    assert not kind.way.files.exists()


@pytest.mark.parametrize("field", ["crs", "layer"])
def test_how_to_read_it_stays_where_it_was_typed(
    kind: Kind, client: Client, bringer: Account, field: str
) -> None:
    answer = kind.send(client, None, "a.dwg", **{field: "so called"})
    assert ('value="so called"' in answer.content.decode()) is (kind.bringing is not extracts)


def test_a_system_that_is_none_is_refused_beside_its_field(
    kind: Kind, client: Client, bringer: Account
) -> None:
    answer = kind.send(client, crs="mars")
    is_asked = kind.bringing is not extracts
    assert ("not a coordinate system we know" in answer.content.decode()) is is_asked
    assert kind.way.files.exists() is not is_asked


def test_what_cannot_be_read_says_why_and_is_not_kept(kind: Kind, client: Client, bringer: Account) -> None:
    page = kind.send(client, b'{"features": [', kind.unlike).content.decode()
    assert kind.unreadable in page
    assert "Nothing was stored" in page
    assert kind.only().stage == "refused"
    assert not kind.way.path_of(kind.only()).exists()


@pytest.mark.parametrize("error", [OSError(28, "No room is left"), GEOSException("No room is left")])
def test_what_breaks_while_it_is_read_is_not_read_for_ever(
    kind: Kind, client: Client, bringer: Account, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def breaks(*_given: Any, **_more: Any) -> None:
        raise error

    monkeypatch.setattr(kind.bringing, kind.reads, breaks)
    assert "No room is left" in kind.send(client).content.decode()
    assert (kind.only().stage, kind.way.path_of(kind.only()).exists()) == ("refused", False)


def dropping_meanwhile(kind: Kind, client: Client) -> Callable[..., Any]:
    really = getattr(kind.bringing, kind.reads)

    def dropped(*given: Any, **more: Any) -> Any:
        assert "Drop this file" in kind.page(client)
        kind.press_to(client, "dropping")
        kind.way.path_of(kind.only()).write_text(kind.good)  # still open, where it is read
        return really(*given, **more)

    return dropped


def test_what_is_dropped_while_it_is_read_is_not_heard_of_again(
    kind: Kind, client: Client, bringer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind.bringing, kind.reads, dropping_meanwhile(kind, client))
    page = kind.send(client).content.decode()
    assert "Dropped; nothing was stored" in page
    assert "Coordinate system" not in page
    assert (kind.only().stage, kind.way.path_of(kind.only()).exists()) == ("dropped", False)


def test_a_large_one_is_left_to_the_worker_and_the_page_follows(
    kind: Kind, client: Client, bringer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind.bringing, "AT_ONCE", 10)
    page = kind.send(client).content.decode()
    file = kind.only()
    assert file.stage == "reading"
    assert "hx-trigger" in page
    assert "<progress" in page
    kind.way.files.update(done=0.41)
    assert "41 %" in kind.page(client)
    kind.way.go_on(str(file.pk), at=timezone.now())
    part = client.get(f"{kind.address}{file.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
    assert "<html" not in part
    assert "in one step" in kind.press_to(client, "confirmation")
    for _time in range(2):
        kind.way.go_on(file.pk, at=timezone.now())
    assert kind.done in kind.page(client)


def test_what_stopped_in_the_middle_says_so_once_and_is_tried_again(
    kind: Kind, client: Client, bringer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind.bringing, "AT_ONCE", 10)
    kind.send(client)
    kind.way.files.update(tries=2)
    kind.way.take_up_left(timezone.now())
    page = kind.page(client)
    assert page.count("Nothing was stored") == 1
    assert "Try again" in page
    kind.press_to(client, "looking")
    kind.way.take_up_left(timezone.now())
    assert kind.only().stage == "found"


def test_one_that_is_dropped_stores_nothing(kind: Kind, client: Client, bringer: Account) -> None:
    kind.send(client)
    assert "Nothing was stored" in kind.press_to(client, "dropping")
    assert (kind.only().stage, kind.way.path_of(kind.only()).exists()) == ("dropped", False)


def test_one_that_nobody_decides_about_is_forgotten_after_a_week(
    kind: Kind, client: Client, bringer: Account
) -> None:
    kind.send(client)
    kind.way.sweep(timezone.now() + timedelta(days=6))
    assert kind.way.path_of(kind.only()).exists()
    kind.way.sweep(timezone.now() + timedelta(days=8))
    assert (kind.only().stage, kind.way.path_of(kind.only()).exists()) == ("dropped", False)


def test_nobody_else_brings_looks_or_decides(
    kind: Kind, client: Client, cast: Cast, bringer: Account
) -> None:
    kind.send(client)
    file: BroughtFile = kind.only()
    own = f"{kind.address}{file.pk}/"
    client.force_login(cast.grid_worker)
    for address in (kind.address, own):
        assert client.get(address).status_code == 403
    for address in (kind.address, f"{own}confirmation/", f"{own}looking/", f"{own}dropping/"):
        assert client.post(address, {}).status_code == 403
    for act in (kind.way.look_again, kind.way.confirm):
        with pytest.raises(Refused):
            act(file, by=cast.grid_worker, at=timezone.now())
    with pytest.raises(Refused):
        kind.way.drop(file, by=cast.grid_worker)
    client.logout()
    assert client.get(own).status_code == 302
    assert client.get(f"{own}dropping/").status_code == 302
    assert kind.only().stage == "found"


def test_a_press_is_sent_and_not_followed(kind: Kind, client: Client, bringer: Account) -> None:
    kind.send(client)
    for step in ("confirmation", "looking", "dropping"):
        assert client.get(f"{kind.address}{kind.only().pk}/{step}/").status_code == 405
    assert kind.only().stage == "found"
