"""The pages of the tree and its changes: who may, who may not, bad input that keeps what was typed."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from wangge.accounts.models import Account, AdminRole, Role
from wangge.accounts.tests.people import administrator
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.territory import codes, lookup
from wangge.territory.changes import drafting, steps
from wangge.territory.models import Area, CodePattern, TerritoryChange

A, B = "990101001001001", "990101001001002"
NEW = "990101001001003"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def draft(cast: Cast, drafter: Account) -> TerritoryChange:
    return drafting.begin(cast.place.community, title="合并甲乙", by=drafter, at=timezone.now())


def open_as(person: Account, address: str, **more: str):
    browser = at_desk(person)
    browser.cookies["language"] = "en"
    return browser.get(address, more)


def send_as(person: Account, address: str, **given: object):
    browser = at_desk(person)
    browser.cookies["language"] = "en"
    return browser.post(address, given)


def move_as(person: Account, change: TerritoryChange, what: str, **given: object):
    """Press a button of the change's page as it is now."""
    seen = TerritoryChange.objects.get(pk=change.pk).revision
    return send_as(person, f"/territory/changes/{change.pk}/{what}/", **{"seen": seen, **given})


def test_the_tree_opens_down_to_a_grid(cast: Cast):
    assert "示范省" in words_of(open_as(cast.acceptor, "/territory/"))
    assert "甲网格" in words_of(open_as(cast.acceptor, "/territory/areas/990101001001/"))
    page = words_of(open_as(cast.acceptor, f"/territory/areas/{A}/"))
    assert "Nothing inside" in page
    assert "Its life" in page


def test_nobody_approves_what_was_changed_after_they_looked(
    cast: Cast, draft: TerritoryChange, drafter: Account, approver: Account
):
    def rename(name: str) -> None:
        drafting.take(
            draft, lambda p, b: steps.rename(p, b, code=A, name=name), by=drafter, at=timezone.now()
        )
        drafting.propose(draft, by=drafter, at=timezone.now())

    rename("甲一")
    looked_at = TerritoryChange.objects.get(pk=draft.pk).revision
    drafting.withdraw(draft, by=drafter, at=timezone.now())
    rename("甲二")
    refused = move_as(approver, draft, "approval", seen=looked_at)
    assert refused.status_code == 422
    assert "changed after you opened it" in words_of(refused)
    assert "甲二" in words_of(refused)
    assert Area.objects.get(code=A).name == "甲网格"
    assert move_as(approver, draft, "approval", seen="").status_code == 422
    assert move_as(approver, draft, "approval").status_code == 302


def test_the_second_of_two_who_correct_the_words_is_told(
    cast: Cast, draft: TerritoryChange, drafter: Account
):
    address, seen = f"/territory/changes/{draft.pk}/words/", draft.revision
    assert send_as(drafter, address, seen=seen, title="合并甲乙两格").status_code == 302
    second = send_as(drafter, address, seen=seen, title="又一个名字")
    assert second.status_code == 422
    assert "区划员小何" in words_of(second)
    assert "又一个名字" in second.content.decode()
    assert TerritoryChange.objects.get(pk=draft.pk).title == "合并甲乙两格"
    again = send_as(drafter, address, seen=second.context["form"]["seen"].value(), title="又一个名字")
    assert again.status_code == 302


def test_a_draft_goes_from_the_form_to_in_force_by_two_people(
    cast: Cast, drafter: Account, approver: Account
):
    made = send_as(drafter, "/territory/changes/new/", within="990101001001", title="合并甲乙")
    change = TerritoryChange.objects.get()
    assert made.url == f"/territory/changes/{change.pk}/"
    step = send_as(
        drafter, f"{made.url}steps/merge/", seen=change.revision, olds=f"{A}, {B}", name="甲乙网格", code=""
    )
    assert step.status_code == 302
    assert "甲乙网格" in words_of(open_as(drafter, made.url))
    move_as(drafter, change, "proposal")
    refused = move_as(drafter, change, "approval")
    assert (refused.status_code, Area.objects.filter(code=NEW).exists()) == (422, False)
    assert move_as(approver, change, "approval").status_code == 302
    assert Area.objects.get(code=NEW).name == "甲乙网格"
    done = words_of(open_as(cast.stranger, made.url))
    assert "甲乙网格" in done
    assert "Propose" not in done.replace("Proposed", "")


def test_the_parts_of_a_split_get_codes_of_their_own(draft: TerritoryChange, drafter: Account):
    line = "118.905 32.89\n118.905 32.92"
    sent = send_as(
        drafter, f"/territory/changes/{draft.pk}/steps/split/", seen=draft.revision, area=A, line=line, crs="wgs84",
        names="甲西\n甲东",
    )  # fmt: skip
    assert sent.status_code == 302
    draft.refresh_from_db()
    assert {code: told["name"] for code, told in draft.plan["wanted"].items()} == {
        NEW: "甲西",
        f"{NEW[:-1]}4": "甲东",
    }


@pytest.mark.parametrize(
    ("act", "given", "said"),
    [
        ("split", {"area": A, "line": "here and there", "crs": "wgs84"}, "neither GeoJSON"),
        ("redraw", {"area": A, "shape": "118.90 32.90\n118.91 32.90", "crs": "wgs84"}, "neither GeoJSON"),
        ("redraw", {"area": A, "shape": '{"type":"Point","coordinates":[118,32]}', "crs": "wgs84"}, "not an area"),
        ("redraw", {"area": A, "shape": "32.90 118.90\n32.91 118.90\n32.91 118.91", "crs": "wgs84"}, "Longitude comes first"),
        ("rename", {"area": "无此区域", "name": "新"}, "no area"),
        ("create", {"parent": "990101001001", "level": "grid", "kind": "general", "name": "新", "code": "12", "crs": "wgs84"}, "not a code"),
        ("end", {"area": A, "into": A}, "another area"),
        ("move", {"area": A, "parent": "990101001001"}, "there already"),
        ("merge", {"olds": A, "name": "一"}, "at least two"),
    ],
)  # fmt: skip
def test_bad_input_is_said_beside_what_was_typed(
    act: str, given: dict, said: str, draft: TerritoryChange, drafter: Account
):
    sent = send_as(drafter, f"/territory/changes/{draft.pk}/steps/{act}/", seen=draft.revision, **given)
    assert sent.status_code == 422
    assert said in words_of(sent)
    assert str(next(iter(given.values()))).split("\n")[0].split('"')[0] in sent.content.decode()


def test_the_second_editor_keeps_what_was_typed_and_is_told_who_was_first(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    address, seen = f"/territory/changes/{draft.pk}/steps/rename/", draft.revision
    send_as(drafter, address, seen=seen, area=B, name="新乙")
    second = send_as(approver, address, seen=seen, area=A, name="新甲")
    assert second.status_code == 422
    assert "区划员小何" in words_of(second)
    assert "新甲" in second.content.decode()
    again = send_as(approver, address, seen=second.context["form"]["seen"].value(), area=A, name="新甲")
    assert again.status_code == 302


def test_a_gap_keeps_the_draft_from_being_proposed(draft: TerritoryChange, drafter: Account):
    send_as(drafter, f"/territory/changes/{draft.pk}/steps/end/", seen=draft.revision, area=A, into="")
    page = open_as(drafter, f"/territory/changes/{draft.pk}/")
    assert "Nobody has" in words_of(page)
    assert move_as(drafter, draft, "proposal").status_code == 422


def test_drafts_are_nobodys_but_those_who_work_there(cast: Cast, draft: TerritoryChange):
    far = cast.person("far", "西区区划员", Role.TERRITORY, cast.place.elsewhere)
    for person in (far, cast.acceptor):
        assert open_as(person, f"/territory/changes/{draft.pk}/").status_code == 404
        assert "合并甲乙" not in words_of(open_as(person, "/territory/changes/"))
    assert open_as(cast.acceptor, "/territory/changes/new/").status_code == 403


def test_a_point_is_looked_up_on_a_day(cast: Cast):
    lookup.forget()
    found = words_of(
        open_as(cast.acceptor, "/territory/where/", lon="118.905", lat="32.905", on="2024-03-01")
    )
    assert "甲网格" in found
    assert "outside every grid" in words_of(open_as(cast.acceptor, "/territory/where/", lon="100", lat="30"))
    wrong = open_as(cast.acceptor, "/territory/where/", lon="hier", lat="30")
    assert wrong.status_code == 422
    assert "hier" in wrong.content.decode()


def test_the_api_tells_the_grid_of_a_day(cast: Cast, client):
    lookup.forget()
    told = client.get("/api/v1/locate-on", {"lon": 118.905, "lat": 32.905, "on": "2024-03-01"}).json()
    assert told["grid"]["code"] == A
    assert [area["name"] for area in told["areas"]][:2] == ["示范省", "示范市"]
    assert client.get("/api/v1/locate-on", {"lon": 10, "lat": 10, "on": "2024-03-01"}).json()["grid"] is None


def test_the_command_tells_the_grid_of_a_day(cast: Cast, capsys):
    from django.core.management import call_command

    lookup.forget()
    call_command("where", "118.905", "32.905", on="2024-03-01")
    assert f"{A}  甲网格" in capsys.readouterr().out


@pytest.fixture
def chief(cast: Cast) -> Account:
    return administrator(AdminRole.SYSTEM, "xt", "系统管理员")


def test_a_kind_of_grid_has_a_code_pattern_of_its_own(cast: Cast, chief: Account, drafter: Account):
    sent = send_as(
        chief,
        "/territory/codes/",
        level="grid",
        kind="dedicated",
        pattern=r"\d{12}D\d{3}",
        example="990101001001D001",
    )
    assert sent.status_code == 302
    assert codes.checked("990101001001D007", "grid", "dedicated") == "990101001001D007"
    assert codes.checked(A, "grid", "general") == A
    assert codes.next_codes("990101001001", "grid", "dedicated") == ["990101001001D001"]
    send_as(chief, "/territory/codes/", level="grid", kind="dedicated", pattern="", example="")
    assert not CodePattern.objects.exists()
    codes.load()


def test_a_pattern_that_its_example_does_not_fit_is_refused(cast: Cast, chief: Account):
    sent = send_as(chief, "/territory/codes/", level="grid", kind="", pattern=r"\d{4}", example="12345")
    assert sent.status_code == 422
    assert (
        send_as(chief, "/territory/codes/", level="grid", kind="", pattern="(", example="1").status_code
        == 422
    )
    assert open_as(cast.acceptor, "/territory/codes/").status_code == 403


def test_a_day_in_the_past_is_refused_with_the_form_as_typed(cast: Cast, drafter: Account):
    day = (timezone.localdate() - timedelta(days=1)).isoformat()
    sent = send_as(drafter, "/territory/changes/new/", within="990101001001", title="昨天", in_force_on=day)
    assert sent.status_code == 422
    assert "today or later" in words_of(sent)
    assert "昨天" in sent.content.decode()


# -- The map ---------------------------------------------------------------------------------------------


def map_of(person: Account, draft: TerritoryChange, **given: object):
    """What the boundary editor asks for, or is told after a step."""
    address, browser = f"/territory/changes/{draft.pk}/boundaries.json?in=990101001001", at_desk(person)
    browser.cookies["language"] = "en"
    return browser.post(address, given, content_type="application/json") if given else browser.get(address)


LINE = {"type": "LineString", "coordinates": [[118.905, 32.89], [118.905, 32.92]]}


def test_the_map_splits_merges_and_goes_back_and_forth(draft: TerritoryChange, drafter: Account):
    begun = map_of(drafter, draft).json()
    assert [area["name"] for area in begun["areas"]] == ["甲网格", "乙网格"]
    split = map_of(drafter, draft, seen=begun["revision"], act="split", code=A, geometry=LINE).json()
    assert sorted(area["name"] for area in split["areas"]) == ["乙网格", "甲网格-1", "甲网格-2"]
    assert split["faults"] == []
    undone = map_of(drafter, draft, seen=split["revision"], act="undo").json()
    assert (undone["lines"], undone["redo"]) == ([], True)
    again = map_of(drafter, draft, seen=undone["revision"], act="redo").json()
    merged = map_of(drafter, draft, seen=again["revision"], act="merge", codes=[NEW, B]).json()
    assert len(merged["areas"]) == 2


def test_what_the_map_sends_is_read_without_what_no_database_keeps(draft: TerritoryChange, drafter: Account):
    split = map_of(drafter, draft, seen=draft.revision, act="split", code=f"{A}\0\ud83d", geometry=LINE)
    assert len(split.json()["areas"]) == 3


def test_the_map_keeps_the_topology_when_a_boundary_is_reshaped(draft: TerritoryChange, drafter: Account):
    wider = {
        "type": "Polygon",
        "coordinates": [
            [[118.90, 32.90], [118.913, 32.90], [118.91, 32.91], [118.90, 32.91], [118.90, 32.90]]
        ],
    }
    told = map_of(drafter, draft, seen=draft.revision, act="redraw", code=A, geometry=wider).json()
    assert told["faults"] == []
    assert {area["state"] for area in told["areas"]} == {"changed"}


def test_an_area_drawn_anew_takes_its_ground_from_those_beside_it(draft: TerritoryChange, drafter: Account):
    middle = {
        "type": "Polygon",
        "coordinates": [
            [[118.908, 32.90], [118.912, 32.90], [118.912, 32.91], [118.908, 32.91], [118.908, 32.90]]
        ],
    }
    told = map_of(drafter, draft, seen=draft.revision, act="draw", geometry=middle).json()
    assert told["faults"] == []
    assert {area["code"]: area["state"] for area in told["areas"]} == {A: "changed", B: "changed", NEW: "new"}


def test_a_fault_comes_with_its_place_for_the_map(draft: TerritoryChange, drafter: Account):
    tie = {
        "type": "Polygon",
        "coordinates": [
            [[118.90, 32.90], [118.91, 32.91], [118.91, 32.90], [118.90, 32.91], [118.90, 32.90]]
        ],
    }
    send_as(
        drafter,
        f"/territory/changes/{draft.pk}/steps/redraw/",
        seen=draft.revision,
        area=A,
        shape=json.dumps(tie),
        crs="wgs84",
    )
    fault = map_of(drafter, draft).json()["faults"][0]
    assert fault["kind"] == "crossing"
    assert json.loads(fault["place"]) == {"type": "Point", "coordinates": [118.905, 32.905]}


def test_the_second_of_two_maps_is_told_who_saved_first(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    seen = draft.revision
    map_of(drafter, draft, seen=seen, act="split", code=A, geometry=LINE)
    second = map_of(approver, draft, seen=seen, act="merge", codes=[A, B])
    assert second.status_code == 409
    assert "区划员小何" in second.json()["error"]


@pytest.mark.parametrize(
    "given",
    [
        {"act": "fly"},
        {"act": "split", "code": "nowhere", "geometry": LINE},
        {"act": "redraw", "code": A, "geometry": "x"},
        {"act": "merge", "codes": [A]},
        {"act": "merge", "codes": 5},
        {"act": "merge", "codes": {"0": A, "1": B}},
    ],
)
def test_nonsense_from_a_map_is_refused_in_words(given: dict, draft: TerritoryChange, drafter: Account):
    refused = map_of(drafter, draft, seen=draft.revision, **given)
    assert refused.status_code == 422
    assert refused.json()["error"]


def test_a_stranger_neither_opens_nor_moves_the_map(cast: Cast, draft: TerritoryChange):
    assert map_of(cast.acceptor, draft).status_code == 404
    assert map_of(cast.acceptor, draft, seen=1, act="undo").status_code == 404


def test_the_editor_opens_with_its_way_without_a_map(draft: TerritoryChange, drafter: Account):
    page = open_as(drafter, f"/territory/changes/{draft.pk}/boundaries/")
    assert "every step can be taken by its form" in words_of(page)
