"""The pages of the grid designer: who may, who may not, what they see, bad input that keeps what was typed."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from wangge.accounts.models import Account, Role
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.registry.models import Building
from wangge.territory import lookup
from wangge.territory.cells import cell
from wangge.territory.designer import asking, running
from wangge.territory.designer.asking import Wish
from wangge.territory.designer.methods import METHODS
from wangge.territory.models import Area, GridDesign, GridProposal, TerritoryChange
from wangge.territory.shapes import to_wkb

NEW = "/territory/design/new/"
WISH = {
    "title": "一社区重划", "low": "300", "high": "500", "source": "registered", "methods": ["growing"], "barriers": ["water"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[GridDesign]:
    """The worker works when the story lets it."""
    queue: list[GridDesign] = []
    monkeypatch.setattr(running, "soon", queue.append)
    return queue


@pytest.fixture
def drafter(cast: Cast) -> Account:
    return cast.person("drafter", "区划员小何", Role.TERRITORY, cast.place.street)


@pytest.fixture
def town(cast: Cast) -> Area:
    """Thirty houses of forty households in the community of grids A and B, each with its own number."""
    lookup.forget()
    places = [(118.901 + 0.002 * x, 32.902 + 0.003 * y) for y in range(3) for x in range(10)]
    Building.objects.bulk_create(
        Building(
            address=f"人民路{n}号", floors=6, households=40, lon=lon, lat=lat, cell=cell(lon, lat),
            footprint=to_wkb(shapely.Point(lon, lat).buffer(1e-4)), grid_id=lookup.place(lon, lat).grid_id,
        )
        for n, (lon, lat) in enumerate(places, start=1)
    )  # fmt: skip
    return cast.place.community


@pytest.fixture
def design(town: Area, drafter: Account) -> GridDesign:
    """Worked out, and looked at by nobody yet."""
    design = asking.begin(town, Wish("一社区重划", 300, 500, ("growing",)), by=drafter, at=timezone.now())
    running.go_on(design.pk, 1, clock=timezone.now)
    design.refresh_from_db()
    return design


def open_as(person: Account, address: str, **headers: str) -> Any:
    browser = at_desk(person)
    browser.cookies["language"] = "en"
    return browser.get(address, headers=headers)


def send_as(person: Account, address: str, given: dict[str, Any], **headers: str) -> Any:
    browser = at_desk(person)
    browser.cookies["language"] = "en"
    return browser.post(address, given, headers=headers)


def test_a_wish_becomes_a_page_that_tells_how_far_it_is_and_then_the_proposals(
    town: Area, drafter: Account
) -> None:
    assert "No design yet" in words_of(open_as(drafter, "/territory/design/"))
    made = send_as(drafter, NEW, WISH | {"within": town.code})
    design = GridDesign.objects.get()
    assert made.url == f"/territory/design/{design.pk}/"
    assert (design.methods, design.barriers) == (["growing"], ["water"])
    waiting = open_as(drafter, made.url)
    assert "Waits for the worker" in words_of(waiting)
    part = open_as(drafter, made.url, HX_Request="true")
    assert "HX-Refresh" not in part.headers
    running.go_on(design.pk, 1, clock=timezone.now)
    assert open_as(drafter, made.url, HX_Request="true").headers["HX-Refresh"] == "true"
    page = words_of(open_as(drafter, made.url))
    assert "Turn into a draft" in page
    assert "Households with another grid worker" in page
    assert "一社区重划" in words_of(open_as(drafter, "/territory/design/"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"low": "500", "high": "300"}, "more than the least"),
        ({"low": "x"}, "whole number"),
        ({"methods": []}, "one to three methods"),
        ({"methods": ["magic"]}, "valid choice"),
        ({"source": "file"}, "choose the file"),
        ({"within": "990102"}, "valid choice"),
    ],
)
def test_bad_wishes_keep_what_was_typed(
    given: dict[str, Any], said: str, town: Area, drafter: Account
) -> None:
    sent = send_as(drafter, NEW, WISH | {"within": town.code} | given)
    assert sent.status_code == 422
    assert said in words_of(sent)
    assert "一社区重划" in sent.content.decode()
    assert not GridDesign.objects.exists()


def test_a_method_that_is_not_installed_is_shown_but_cannot_be_chosen(
    town: Area, drafter: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(METHODS, "maxp", replace(METHODS["maxp"], needs="no_such_package"))
    monkeypatch.setitem(METHODS, "skater", replace(METHODS["skater"], needs=""))  # whether it is here or not
    page = open_as(drafter, NEW)
    assert "not installed" in words_of(page)
    boxes = re.findall(r'<input type="checkbox" name="methods"[^>]*>', page.content.decode())
    assert (
        [box for box in boxes if "disabled" in box] == [box for box in boxes if 'value="maxp"' in box] != []
    )
    sent = send_as(drafter, NEW, WISH | {"within": town.code, "methods": ["maxp"]})
    assert sent.status_code == 422
    assert not GridDesign.objects.exists()


def test_a_file_with_wrong_rows_is_told_row_by_row(town: Area, drafter: Account) -> None:
    file = SimpleUploadedFile(
        "楼栋.csv", "name,lon,lat,户数\n甲,118.905,32.905,九十\n乙,118.906,32.905,80".encode()
    )
    sent = send_as(drafter, NEW, WISH | {"within": town.code, "source": "file", "file": file, "crs": "wgs84"})
    assert sent.status_code == 422
    assert "“九十” is not a number of households" in words_of(sent)
    unknown = SimpleUploadedFile("楼栋.csv", b"lon,lat,households\n118.905,32.905,9")
    sent = send_as(
        drafter, NEW, WISH | {"within": town.code, "source": "file", "file": unknown, "crs": "mars"}
    )
    assert sent.status_code == 422
    assert sent.context["form"].errors["crs"]


def test_strangers_neither_see_nor_touch_a_design(cast: Cast, design: GridDesign) -> None:
    far = cast.person("far", "西区区划员", Role.TERRITORY, cast.place.elsewhere)
    address = f"/territory/design/{design.pk}/"
    assert open_as(cast.acceptor, "/territory/design/").status_code == 403
    assert open_as(cast.acceptor, NEW).status_code == 403
    assert "Grid designer" not in words_of(open_as(cast.acceptor, "/territory/"))
    for person in (far, cast.acceptor):
        for path in ("", "growing/", "growing/shapes.json"):
            assert open_as(person, address + path).status_code == 404
        for path in ("calling-off/", "start/", "growing/", "growing/draft/", "growing/back/"):
            assert send_as(person, address + path, {"title": "x"}).status_code == 404
    assert not TerritoryChange.objects.exists()


def test_the_proposals_are_pictures_with_a_list_beside_them(design: GridDesign, drafter: Account) -> None:
    page = open_as(drafter, f"/territory/design/{design.pk}/?in=990101001001")
    content = page.content.decode()
    grids = len(GridProposal.objects.get().measures["households"])
    assert content.count('class="dg-edge"') == grids
    assert "The grids one by one" in content
    assert f"Growing: {grids} grids" in content


def test_a_draft_is_made_and_a_wrong_day_keeps_the_title(design: GridDesign, drafter: Account) -> None:
    address = f"/territory/design/{design.pk}/growing/draft/"
    past = send_as(drafter, address, {"title": "重划方案", "in_force_on": "2020-01-01"})
    assert past.status_code == 422
    assert "重划方案" in past.content.decode()
    assert "today or later" in words_of(past)
    made = send_as(drafter, address, {"title": "重划方案"})
    change = TerritoryChange.objects.get()
    assert made.url == f"/territory/changes/{change.pk}/"
    assert "To its draft" in words_of(open_as(drafter, f"/territory/design/{design.pk}/"))


def moves(proposal: GridProposal) -> Iterator[dict[str, Any]]:
    """Every house beside another grid, to be sent there: some may go."""
    for at, label in enumerate(proposal.labels):
        for near in (at + 1, at + 10):
            if near < len(proposal.labels) and proposal.labels[near] != label:
                yield {"blocks": [at], "into": proposal.labels[near] + 1, "seen": proposal.revision}


def test_a_block_is_moved_by_the_form_with_and_without_scripts(design: GridDesign, drafter: Account) -> None:
    address = f"/territory/design/{design.pk}/growing/?in=990101001001"
    page = open_as(drafter, address)
    assert "人民路1号 · 40" in page.content.decode()
    proposal = GridProposal.objects.get()
    moved = next(
        sent for given in moves(proposal) if (sent := send_as(drafter, address, given)).status_code == 302
    )
    assert moved.url == address
    proposal.refresh_from_db()
    assert proposal.revision == 2
    assert "Take the last step back" in words_of(open_as(drafter, address))
    back = f"/territory/design/{design.pk}/growing/back/?in=990101001001"
    for seen in ({}, {"seen": "x"}, {"seen": "1"}):
        assert send_as(drafter, back, seen).url == address
    proposal.refresh_from_db()
    assert proposal.revision == 2
    assert '<input type="hidden" name="seen" value="2">' in open_as(drafter, address).content.decode()
    assert send_as(drafter, back, {"seen": "2"}).url == address
    proposal.refresh_from_db()
    part = next(
        sent
        for given in moves(proposal)
        if (sent := send_as(drafter, address, given, HX_Request="true")).status_code == 200
    )
    assert part.headers["HX-Trigger"] == "wangge:moved"
    assert "<html" not in part.content.decode()


def test_a_refused_move_keeps_the_choice_and_says_why(design: GridDesign, drafter: Account) -> None:
    address = f"/territory/design/{design.pk}/growing/"
    proposal = GridProposal.objects.get()
    far = proposal.labels[-1] + 1
    sent = send_as(drafter, address, {"blocks": [0], "into": far, "seen": 1})
    assert sent.status_code == 422
    assert "would not hang together" in words_of(sent)
    assert sent.context["form"]["blocks"].value() == ["0"]
    stale = send_as(drafter, address, {"blocks": [0], "into": far, "seen": 0})
    assert "Nothing of yours was stored" in words_of(stale)
    assert stale.context["form"]["seen"].value() == "1"


def test_the_map_is_told_grids_and_blocks(design: GridDesign, drafter: Account) -> None:
    told = json.loads(open_as(drafter, f"/territory/design/{design.pk}/growing/shapes.json").content)
    assert len(told["blocks"]["features"]) == 30
    first = told["grids"]["features"][0]["properties"]
    assert first["number"] == 1
    assert len(told["labels"]["features"]) == len(told["grids"]["features"])
    assert first["state"] in ("in", "under", "over")
    assert open_as(drafter, f"/territory/design/{design.pk}/magic/shapes.json").status_code == 404


def test_a_failure_is_shown_with_a_way_on(design: GridDesign, drafter: Account) -> None:
    GridProposal.objects.all().delete()
    GridDesign.objects.update(stage=GridDesign.Stage.FAILED, trouble="")
    page = words_of(open_as(drafter, f"/territory/design/{design.pk}/"))
    assert "The worker stopped" in page
    assert "Nothing is worked out here yet" in page
    send_as(drafter, f"/territory/design/{design.pk}/start/", {})
    assert GridDesign.objects.get().stage == GridDesign.Stage.WAITING
    send_as(drafter, f"/territory/design/{design.pk}/calling-off/", {})
    assert "called off" in words_of(open_as(drafter, f"/territory/design/{design.pk}/"))
