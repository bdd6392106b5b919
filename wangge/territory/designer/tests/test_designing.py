"""A design from the wish to the draft: in the worker, called off, failed, adjusted by hand, by those who may."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import shapely
from django.core.files.base import ContentFile
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from config import jobs
from wangge.accounts.models import Account, Role
from wangge.audit.models import Event
from wangge.cases.tests.cast import SHANGHAI, Cast
from wangge.common.refusals import Refused
from wangge.registry.models import Building
from wangge.territory import lookup
from wangge.territory.cells import cell
from wangge.territory.changes import deciding, drafting
from wangge.territory.changes.drafting import Overtaken
from wangge.territory.designer import adjusting, asking, comparing, drafts, picture, running, sources
from wangge.territory.designer.adjusting import Hand
from wangge.territory.designer.asking import Wish
from wangge.territory.designer.fabric import Fabric
from wangge.territory.designer.keeping import Site, apart
from wangge.territory.designer.proposing import propose
from wangge.territory.models import Area, BaseFeature, GridDesign, GridProposal, TerritoryChange
from wangge.territory.row_errors import RowsRefused
from wangge.territory.shapes import to_wkb

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=SHANGHAI)
WISH = Wish("一社区重划", 300, 500, ("growing",))
Stage = GridDesign.Stage


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What the worker was asked for; each test lets it work when the story wants it to."""
    queue: list[tuple[str, int]] = []
    monkeypatch.setattr(running, "soon", lambda design: queue.append((str(design.pk), design.run)))
    return queue


@pytest.fixture
def drafter(cast: Cast) -> Account:
    return cast.person("drafter", "区划员小何", Role.TERRITORY, cast.place.street)


@pytest.fixture
def approver(cast: Cast) -> Account:
    return cast.person("approver", "区划员老马", Role.TERRITORY, cast.place.county)


def house(number: int, lon: float, lat: float, households: int = 40) -> Building:
    footprint = shapely.box(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
    return Building(
        address=f"人民路{number}号", floors=6, households=households, lon=lon, lat=lat, cell=cell(lon, lat),
        footprint=to_wkb(footprint), grid_id=lookup.place(lon, lat).grid_id,
    )  # fmt: skip


@pytest.fixture
def town(cast: Cast) -> Area:
    """The community of grids A and B: fifty houses of forty households in five rows."""
    places = [(118.901 + 0.018 * x / 9, 32.901 + 0.008 * y / 4) for y in range(5) for x in range(10)]
    lookup.forget()
    Building.objects.bulk_create(house(n, lon, lat) for n, (lon, lat) in enumerate(places, start=1))
    return cast.place.community


def begun(town: Area, by: Account, wish: Wish = WISH, *, capture: Any, at: datetime = NOON) -> GridDesign:
    with capture(execute=True):
        return asking.begin(town, wish, by=by, at=at)


@pytest.fixture
def design(town: Area, drafter: Account, django_capture_on_commit_callbacks: Any) -> GridDesign:
    return begun(town, drafter, capture=django_capture_on_commit_callbacks)


@pytest.fixture
def done(design: GridDesign) -> GridDesign:
    running.go_on(design.pk, design.run, clock=lambda: NOON)
    design.refresh_from_db()
    return design


def verbs(design: GridDesign) -> list[str]:
    return list(Event.objects.filter(subject_id=design.pk).order_by("seq").values_list("verb", flat=True))


# -- From the wish to the draft ---------------------------------------------------------------------------


def test_the_worker_works_it_out_and_the_draft_takes_effect_by_another_person(
    design: GridDesign, asked: list[tuple[str, int]], drafter: Account, approver: Account, town: Area
) -> None:
    assert asked == [(str(design.pk), 1)]
    assert (design.stage, design.parts.count()) == (Stage.WAITING, 1)
    jobs.design_grids(*asked[0])
    design.refresh_from_db()
    assert (design.stage, design.done) == (Stage.DONE, 1.0)
    worth = comparing.columns_of(design)[0].worth
    assert (worth.grids, sum(worth.households), worth.contiguous) == (5, 2000, True)
    change = drafts.into_draft(design, "growing", title="重划网格", by=drafter, at=NOON)
    assert drafting.open_draft(change).faults() == []
    drafting.propose(change, by=drafter, at=NOON)
    deciding.approve(change, by=approver, at=NOON)
    now = Area.objects.filter(parent=town, level="grid", valid_to=None)
    assert now.count() == 5
    assert not now.filter(code__in=["990101001001001", "990101001001002"]).exists()
    assert verbs(design) == ["design_grids", "finish_design", "draft_design"]


def test_dedicated_grids_stay_as_they_are(
    cast: Cast, town: Area, drafter: Account, django_capture_on_commit_callbacks: Any
) -> None:
    cast.place.grid_b.kind = "dedicated"
    cast.place.grid_b.save()
    design = begun(town, drafter, capture=django_capture_on_commit_callbacks)
    running.go_on(design.pk, 1, clock=lambda: NOON)
    change = drafts.into_draft(design, "growing", title="重划网格", by=drafter, at=NOON)
    draft = drafting.open_draft(change)
    assert list(draft.plan.ended) == [cast.place.grid_a.code]
    assert draft.faults() == []


def test_a_street_is_designed_community_by_community_a_turn_at_a_time(
    cast: Cast,
    town: Area,
    drafter: Account,
    asked: list[tuple[str, int]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    Building.objects.bulk_create(
        house(100 + n, 118.9205 + 0.0009 * n, 32.905, households=90) for n in range(10)
    )
    street = cast.place.street
    design = begun(street, drafter, capture=django_capture_on_commit_callbacks)
    assert design.parts.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        running.go_on(design.pk, 1, clock=timezone.now, turn=timedelta(0))
    design.refresh_from_db()
    assert (design.stage, len(asked)) == (Stage.WAITING, 2)
    running.go_on(*asked[-1], clock=timezone.now)
    design.refresh_from_db()
    assert design.stage == Stage.DONE
    assert sum(comparing.columns_of(design)[0].worth.households) == 2900
    change = drafts.into_draft(design, "growing", title="全街道重划", by=drafter, at=NOON)
    assert drafting.open_draft(change).faults() == []
    assert {node.parent for node in drafting.open_draft(change).plan.wanted.values()} == {
        "990101001001",
        "990101001002",
    }


def test_main_roads_and_rivers_are_kept_as_lines_that_grids_do_not_cross(
    town: Area, drafter: Account, django_capture_on_commit_callbacks: Any
) -> None:
    road = shapely.LineString([(118.89, 32.905), (118.93, 32.905)])
    river = shapely.box(118.909, 32.89, 118.911, 32.92)
    for kind, rank, shape in (("road", 0, road), ("road", 3, road), ("water", 0, river)):
        west, south, east, north = shape.bounds
        BaseFeature.objects.create(
            kind=kind, rank=rank, shape=to_wkb(shape), west=west, south=south, east=east, north=north
        )
    wish = Wish("沿路", 300, 500, ("growing",), ("main_roads", "water"))
    design = begun(town, drafter, wish, capture=django_capture_on_commit_callbacks)
    lines = apart(design.parts.get().barriers)
    assert all(line.geom_type == "LineString" for line in lines)
    assert shapely.union_all(lines).length == pytest.approx(0.02 + 0.02, abs=1e-6)


# -- Called off, failed, started again -----------------------------------------------------------------------


def test_a_design_that_is_called_off_stops_at_the_next_word_of_progress(
    design: GridDesign, drafter: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def called_off_meanwhile(*given: Any, progress: Any, **more: Any) -> None:
        asking.call_off(design, by=drafter, at=NOON)
        progress(0.5)
        pytest.fail("it went on though nobody waits for it")

    monkeypatch.setattr(running, "propose", called_off_meanwhile)
    monkeypatch.setattr(running, "TELL_EVERY", 0.0)
    running.go_on(design.pk, 1, clock=lambda: NOON)
    design.refresh_from_db()
    assert (design.stage, GridProposal.objects.count()) == (Stage.CANCELLED, 0)
    assert verbs(design) == ["design_grids", "call_off_design"]


def test_what_a_run_finds_out_after_it_was_called_off_is_thrown_away(
    design: GridDesign, drafter: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf(*given: Any, **more: Any) -> Any:
        asking.call_off(design, by=drafter, at=NOON)
        return propose(*given, **more | {"progress": lambda done: None})

    monkeypatch.setattr(running, "propose", deaf)
    running.go_on(design.pk, 1, clock=lambda: NOON)
    assert GridProposal.objects.count() == 0


def test_a_failure_is_said_and_can_be_tried_again(
    design: GridDesign,
    drafter: Account,
    asked: list[tuple[str, int]],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(running, "propose", lambda *given, **more: 1 / 0)
        running.go_on(design.pk, 1, clock=lambda: NOON)
    design.refresh_from_db()
    assert (design.stage, design.trouble) == (Stage.FAILED, "ZeroDivisionError")
    with django_capture_on_commit_callbacks(execute=True):
        asking.start_again(design, by=drafter, at=NOON)
    assert asked[-1] == (str(design.pk), 2)
    running.go_on(*asked[-1], clock=lambda: NOON)
    design.refresh_from_db()
    assert design.stage == Stage.DONE


def test_a_worker_that_died_leaves_a_failure_and_not_a_design_that_runs_for_ever(
    design: GridDesign, drafter: Account
) -> None:
    GridDesign.objects.update(stage=Stage.RUNNING, beat_at=NOON)
    assert running.notice_dead_workers(NOON + timedelta(seconds=30)) == 0
    assert running.notice_dead_workers(NOON + timedelta(seconds=90)) == 1
    design.refresh_from_db()
    assert (design.stage, design.trouble) == (Stage.FAILED, "")
    asking.start_again(design, by=drafter, at=NOON + timedelta(seconds=91))
    assert (design.stage, design.run) == (Stage.WAITING, 2)
    # The old worker was only slow: what it still says is not heard.
    running.go_on(design.pk, 1, clock=lambda: NOON)
    assert GridProposal.objects.count() == 0


def test_what_a_worker_had_taken_but_not_begun_is_asked_for_again_once(
    design: GridDesign, monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, int]]
) -> None:
    assert running.notice_dead_workers(NOON + timedelta(seconds=30)) == 0
    assert asked == [(str(design.pk), 1)]
    running.notice_dead_workers(NOON + timedelta(seconds=90))
    assert asked == [(str(design.pk), 1)] * 2
    monkeypatch.undo()
    for _minute in range(3):
        running.notice_dead_workers(NOON + timedelta(seconds=90))
    waiting = ProcrastinateJob.objects.filter(task_name="config.jobs.design_grids", status="todo")
    assert [job.args for job in waiting] == [{"pk": str(design.pk), "run": 1}]


def test_nobody_starts_again_what_is_done_or_calls_it_off(done: GridDesign, drafter: Account) -> None:
    with pytest.raises(Refused, match="done already"):
        asking.start_again(done, by=drafter, at=NOON)
    with pytest.raises(Refused, match="Nobody is working"):
        asking.call_off(done, by=drafter, at=NOON)


# -- Bad wishes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("", 300, 500, ("growing",)), "title"),
        (Wish("一", 500, 300, ("growing",)), "more than the least"),
        (Wish("一", 300, 500, ()), "one to three methods"),
        (Wish("一", 300, 500, ("magic",)), "one to three methods"),
        (Wish("一", 300, 500, ("growing",), ("walls",)), "no such kind of line"),
    ],
)
def test_a_wish_without_sense_is_refused(wish: Wish, said: str, town: Area, drafter: Account) -> None:
    with pytest.raises(Refused, match=said):
        asking.begin(town, wish, by=drafter, at=NOON)
    assert not GridDesign.objects.exists()


def test_a_community_in_which_nobody_lives_is_refused(cast: Cast, drafter: Account) -> None:
    with pytest.raises(Refused, match="No building with households"):
        asking.begin(cast.place.community, WISH, by=drafter, at=NOON)


def test_only_a_territory_administrator_of_the_area_designs(cast: Cast, town: Area, done: GridDesign) -> None:
    far = cast.person("far", "西区区划员", Role.TERRITORY, cast.place.elsewhere)
    for person in (far, cast.acceptor):
        with pytest.raises(Refused, match="territory administrator"):
            asking.begin(town, WISH, by=person, at=NOON)
        with pytest.raises(Refused, match="territory administrator"):
            drafts.into_draft(done, "growing", title="重划", by=person, at=NOON)
        with pytest.raises(Refused, match="territory administrator"):
            adjusting.move(GridProposal.objects.get(), [0], 2, Hand(person, NOON))
    assert not TerritoryChange.objects.exists()


# -- Blocks from a file -------------------------------------------------------------------------------------


def table(*rows: str) -> ContentFile:
    return ContentFile("\n".join(("name,lon,lat,户数", *rows)).encode(), name="楼栋.csv")


def wish_of(file: ContentFile) -> Wish:
    from wangge.territory import systems

    return Wish("按表格", 300, 500, ("growing",), file=file, system=systems.by_name("wgs84"))


def test_blocks_come_from_a_table_and_what_lies_elsewhere_is_counted(
    cast: Cast, drafter: Account, django_capture_on_commit_callbacks: Any
) -> None:
    rows = [f"{n}幢,{118.901 + n * 0.0018},32.905,100" for n in range(10)]
    file = table(*rows, "1幢,118.903,32.902,50", "天边,119.5,33.5,80")
    design = begun(cast.place.community, drafter, wish_of(file), capture=django_capture_on_commit_callbacks)
    assert (design.source, design.file_name, design.left_out) == ("file", "楼栋.csv", 1)
    keys = [key for key, _households, _grid in design.parts.get().blocks]
    assert len(set(keys)) == len(keys) == 11
    assert "1幢 #2" in keys
    grids = {grid for _key, _households, grid in design.parts.get().blocks}
    assert grids == {cast.place.grid_a.code, cast.place.grid_b.code}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1幢,118.905,32.905,", "households are missing"),
        ("1幢,118.905,32.905,many", "not a number of households"),
        ("1幢,118.905,32.905,-3", "not a number of households"),
        ("1幢,118.905,32.905,2.5", "not a number of households"),
        ("1幢,,,100", "no place"),
        ("1幢,nan,32.905,100", "“1幢”: a coordinate is not a number"),
        ("1幢,1e308,32.905,100", "“1幢” lies nowhere on the Earth: 1e+308, 32.905"),
        ("1幢,118.905,-1e308,100", "“1幢” lies nowhere on the Earth"),
        ("1幢,1189.05,32.905,100", "“1幢” lies nowhere on the Earth"),
    ],
)
def test_wrong_rows_are_named_and_nothing_is_begun(row: str, said: str, cast: Cast, drafter: Account) -> None:
    good = "2幢,118.906,32.905,100"
    with pytest.raises(RowsRefused) as refused:
        asking.begin(cast.place.community, wish_of(table(good, row)), by=drafter, at=NOON)
    assert [error.row for error in refused.value.errors] == [3]
    assert said in str(refused.value.errors[0])
    assert not GridDesign.objects.exists()


def test_a_table_in_the_wrong_place_is_refused_with_a_hint(cast: Cast, drafter: Account) -> None:
    with pytest.raises(Refused, match="coordinate system"):
        asking.begin(cast.place.community, wish_of(table("1幢,32.905,118.905,100")), by=drafter, at=NOON)


def test_a_slip_of_the_hand_that_would_make_hundreds_of_grids_is_refused(
    cast: Cast, town: Area, drafter: Account
) -> None:
    with pytest.raises(Refused, match="more than 200 grids") as refused:
        asking.begin(town, Wish("太小", 2, 9, ("growing",)), by=drafter, at=NOON)
    assert refused.value.field == "high"
    with pytest.raises(Refused, match="At most 100,000"):
        asking.begin(town, Wish("太大", 2, 200_000, ("growing",)), by=drafter, at=NOON)
    assert not GridDesign.objects.exists()


def test_buildings_that_no_grid_has_count_where_they_stand_and_no_others_are_read(
    town: Area, drafter: Account, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    Building.objects.update(grid=None)
    Building.objects.create(
        address="远处1号", floors=1, households=9, lon=119.5, lat=33.5, cell=cell(119.5, 33.5),
        footprint=to_wkb(shapely.Point(119.5, 33.5).buffer(1e-4)),
    )  # fmt: skip
    design = begun(town, drafter, capture=django_capture_on_commit_callbacks)
    assert sum(households for _key, households, _grid in design.parts.get().blocks) == 2000
    monkeypatch.setattr(sources, "MOST_BLOCKS", 49)
    with pytest.raises(Refused, match="More than 49 buildings"):
        asking.begin(town, WISH, by=drafter, at=NOON)
    monkeypatch.setattr(sources, "MOST_BLOCKS", 50)
    assert asking.begin(town, WISH, by=drafter, at=NOON).parts.count() == 1


# -- By hand -------------------------------------------------------------------------------------------------


def border_block(proposal: GridProposal, into: int) -> int:
    """A block of another grid beside a grid, whose leaving breaks nothing."""
    fabric = Fabric(Site(proposal.part))
    for at, label in enumerate(proposal.labels):
        if label != into - 1:
            labels = adjusting.moved(proposal.labels, [at], into - 1)
            if all(part.geom_type == "Polygon" for part in fabric.drawn(labels).parts):
                return at
    raise AssertionError("no grid has a neighbour")


def test_a_block_goes_to_the_grid_beside_and_everything_is_counted_anew(
    done: GridDesign, drafter: Account
) -> None:
    proposal = GridProposal.objects.get()
    before, labels = list(proposal.measures["households"]), list(proposal.labels)
    at = border_block(proposal, 1)
    adjusting.move(proposal, [at], 1, Hand(drafter, NOON, seen=1))
    assert proposal.labels[at] == 0
    assert proposal.measures["households"][0] == before[0] + 40
    assert proposal.measures["households"][labels[at]] == before[labels[at]] - 40
    parts = apart(proposal.shapes)
    assert sum(part.area for part in parts) == pytest.approx(shapely.union_all(parts).area)
    with pytest.raises(Overtaken):
        adjusting.take_back(proposal, Hand(drafter, NOON, seen=1))
    adjusting.take_back(proposal, Hand(drafter, NOON, seen=2))
    assert (proposal.labels, proposal.revision) == (labels, 3)
    assert verbs(done)[-2:] == ["adjust_design", "take_back_design"]
    with pytest.raises(Refused, match="no step"):
        adjusting.take_back(proposal, Hand(drafter, NOON))


def test_a_grid_is_never_torn_apart_or_emptied_by_hand(done: GridDesign, drafter: Account) -> None:
    proposal = GridProposal.objects.get()
    hand = Hand(drafter, NOON)
    of_first = [at for at, label in enumerate(proposal.labels) if label == 0]
    with pytest.raises(Refused, match="without a block"):
        adjusting.move(proposal, of_first, 2, hand)
    corner, far = 0, proposal.labels[-1] + 1
    with pytest.raises(Refused, match="hang together"):
        adjusting.move(proposal, [corner], far, hand)
    for blocks, into, said in (([], 1, "at least one"), ([999], 1, "at least one"), ([0], 99, "takes them")):
        with pytest.raises(Refused, match=said):
            adjusting.move(proposal, blocks, into, hand)
    with pytest.raises(Refused, match="already"):
        adjusting.move(proposal, [0], proposal.labels[0] + 1, hand)
    proposal.refresh_from_db()
    assert proposal.revision == 1


def test_the_second_of_two_hands_is_told_who_was_first(
    done: GridDesign, drafter: Account, approver: Account
) -> None:
    proposal = GridProposal.objects.get()
    adjusting.move(proposal, [border_block(proposal, 1)], 1, Hand(drafter, NOON, seen=1))
    with pytest.raises(Overtaken, match="区划员小何"):
        adjusting.move(proposal, [border_block(proposal, 1)], 1, Hand(approver, NOON, seen=1))


# -- The picture --------------------------------------------------------------------------------------------


def test_what_is_too_small_to_be_seen_is_not_drawn(done: GridDesign) -> None:
    """A browser complains about a path without a point."""
    far = shapely.LineString(
        [(118.90, 32.98), (118.98, 32.90)]
    )  # its box meets the picture, the road does not
    west, south, east, north = far.bounds
    BaseFeature.objects.create(
        kind="road", rank=0, shape=to_wkb(far), west=west, south=south, east=east, north=north
    )
    site = Site(done.parts.get())
    drawn = [path.d for path in picture.scenery(site)]
    assert len(drawn) == 50
    assert all(re.fullmatch(r"(M[\d.e-]+ [\d.e-]+(L[\d.e-]+ [\d.e-]+)+Z?)+", d) for d in drawn)
    assert picture.outline(shapely.Polygon()) == picture.line(shapely.LineString()) == ""


def test_neighbours_have_different_colours() -> None:
    squares = [shapely.box(x, y, x + 1, y + 1) for y in range(3) for x in range(4)]
    hues = picture.colours(squares)
    assert all(
        hues[a] != hues[b] for a in range(12) for b in range(a) if shapely.intersects(squares[a], squares[b])
    )
