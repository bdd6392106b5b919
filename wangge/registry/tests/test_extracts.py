"""An extract of OpenStreetMap by the page: looked at, followed, stored or dropped; never half."""

from pathlib import Path
from typing import Any

import osmium
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from wangge.accounts.models import Account
from wangge.accounts.tests.people import administrator
from wangge.cases.tests.cast import Cast
from wangge.registry.models import Building, Extract
from wangge.registry.osm import bringing
from wangge.registry.osm.reading import part_read
from wangge.registry.osm.storing import import_extract
from wangge.registry.tests.test_osm import Extract as Town
from wangge.registry.tests.test_osm import square
from wangge.territory.models import BaseFeature
from wangge.territory.shapes import from_wkb

pytestmark = pytest.mark.django_db
ADDRESS = "/registry/extracts/"


@pytest.fixture(autouse=True)
def here(settings, client: Client, tmp_path: Path):
    settings.EXTRACTS_DIR = tmp_path / "extracts"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def admin(cast: Cast) -> Account:
    return administrator()


@pytest.fixture
def town(tmp_path: Path) -> Town:
    town = Town(tmp_path / "town.osm.pbf")
    town.way((0, 0), (5, 0), closed=False, highway="primary", name="人民路")
    town.way((0, 3), (5, 3), closed=False, waterway="river", name="示范河")
    town.way(*square(1, 2), building="yes", building__levels="18")
    town.way(*square(2, 2), building="yes")
    return town


def sent(client: Client, data: bytes, name: str = "town.osm.pbf") -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, data)}, follow=True)


def only() -> Extract:
    return Extract.objects.get()


def test_it_is_looked_at_and_stored_when_somebody_says_so(client: Client, admin: Account, town: Town) -> None:
    client.force_login(admin)
    text = sent(client, town.written().read_bytes()).content.decode()
    extract = only()
    assert extract.stage == "found"
    assert "New buildings" in text
    assert "taken with one floor" in text
    assert not Building.objects.exists()
    done = client.post(f"{ADDRESS}{extract.pk}/confirmation/", follow=True).content.decode()
    assert "Stored" in done
    assert sorted(Building.objects.values_list("floors", flat=True)) == [1, 18]
    assert BaseFeature.objects.count() == 2
    assert not bringing.WAY.path_of(extract).exists()


def test_one_that_is_dropped_while_it_is_stored_is_not_stored(
    client: Client, admin: Account, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(admin)
    sent(client, town.written().read_bytes())
    really = import_extract

    def dropped_meanwhile(*given: Any, **more: Any) -> None:
        assert "Drop this file" in client.get(f"{ADDRESS}{only().pk}/").content.decode()
        client.post(f"{ADDRESS}{only().pk}/dropping/")
        bringing.WAY.path_of(only()).write_bytes(town.path.read_bytes())  # still open, where it is read
        really(*given, **more)

    monkeypatch.setattr(bringing, "import_extract", dropped_meanwhile)
    bringing.WAY.confirm(only(), by=admin, at=timezone.now())
    assert (only().stage, Building.objects.count()) == ("dropped", 0)


def test_a_second_time_it_says_what_stays(client: Client, admin: Account, town: Town) -> None:
    client.force_login(admin)
    data = town.written().read_bytes()
    sent(client, data)
    client.post(f"{ADDRESS}{only().pk}/confirmation/")
    text = sent(client, data).content.decode()
    assert "that the register has already" in text
    assert Extract.objects.latest("made_at").found["known"] == 2


def test_a_road_that_leaves_the_extract_is_cut_at_its_edge(
    client: Client, admin: Account, town: Town
) -> None:
    refs = [town.node(0, 4), town.node(1, 4), town.node(2, 4), 999_999, town.node(4, 4)]
    town.ways.append(
        osmium.osm.mutable.Way(id=99_998, nodes=refs, tags={"highway": "trunk", "name": "出城路"})
    )
    client.force_login(admin)
    assert "cut at its edge" in sent(client, town.written().read_bytes()).content.decode()
    client.post(f"{ADDRESS}{only().pk}/confirmation/")
    road = from_wkb(BaseFeature.objects.get(name="出城路").shape)
    assert len(road.coords) == 3


def test_a_town_elsewhere_is_asked_about(client: Client, admin: Account, town: Town) -> None:
    elsewhere = [node.location for node in town.nodes]
    for node, place in zip(town.nodes, elsewhere, strict=True):
        assert isinstance(place, tuple)
        node.location = (place[0] + 5, place[1])
    client.force_login(admin)
    assert "Is this the right place?" in sent(client, town.written().read_bytes()).content.decode()
    assert only().found["outside"] == 2


def test_how_far_reading_has_come_is_a_share_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "half.osm"
    file.write_bytes(b"x" * 1000)
    assert part_read(file) == 0
    with file.open("rb", buffering=0) as opened:
        opened.read(500)
        assert part_read(file) in (0, 0.5)  # nought where the system does not say
        opened.read()
        assert part_read(file) in (0, 1.0)
