"""The grids of a community are designed anew: asked for, worked out, adjusted, drafted by one, approved by another."""

import re

import pytest
from django.db.models import Count, Q
from django.utils import timezone
from playwright.sync_api import Page, expect

from journeys import town
from journeys.acts import work
from journeys.browser import PHONE, House
from journeys.roads import case_at, finish, person
from journeys.screenshots import shot
from wangge.accounts.models import Account, Role
from wangge.cases.models import Case
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused
from wangge.registry.models import Building
from wangge.territory.actions import end_post
from wangge.territory.designer import running
from wangge.territory.designer.adjusting import moved
from wangge.territory.designer.fabric import Fabric
from wangge.territory.designer.keeping import Site
from wangge.territory.models import Area, GridDesign, GridProposal, Post, TerritoryChange

PATIENCE_MS = 90_000  # a busy machine works out and draws slowly
TITLE = "网格重新划分（记录）"
NUMBER = re.compile(r"[0-9]{4}-[0-9]{7}")


def _community() -> Area:
    """A community with several grids that no other story is about."""
    general = Q(children__level="grid", children__kind="general", children__valid_to=None)
    found = Area.objects.filter(level="community", valid_to=None).annotate(
        grids=Count("children", filter=general)
    )
    busy = found.exclude(children=town.grid()).exclude(territory_changes__isnull=False)
    return busy.filter(grids__gte=2).exclude(children__children__level="micro").order_by("code")[0]


def _may_go(proposal: GridProposal) -> tuple[int, int]:
    """A block of the proposal, and the number of a grid that can take it."""
    fabric = Fabric(Site(proposal.part))
    for at, label in enumerate(proposal.labels):
        for into in {*proposal.labels} - {label}:
            try:
                parts = fabric.drawn(moved(proposal.labels, fabric.with_company([at]), into)).parts
            except Refused:
                continue
            if all(part.geom_type == "Polygon" for part in parts):
                return at, into + 1
    raise AssertionError("nothing can be moved")


@pytest.mark.slow
def test_grids_are_designed_anew_and_staffed_and_yesterday_stays_counted_where_it_was(house: House) -> None:
    community = _community()
    case, _told = case_at(Stage.HANDLING, _spot(community))
    page = house.person(town.TERRITORY)
    _ask(page, community)
    design = GridDesign.objects.get(title=TITLE)
    expect(page.get_by_role("heading", name="等待计算")).to_be_visible()
    running.go_on(design.pk, design.run, clock=timezone.now)
    expect(page.get_by_role("heading", name="方案比较")).to_be_visible(timeout=PATIENCE_MS)
    shot(page, "grid-design")

    _adjust(page)
    page.get_by_role("link", name="返回方案比较").click()
    expect(page.get_by_text("已手工调整")).to_be_visible()
    page.locator("summary", has_text="转为草稿").first.click()
    page.get_by_role("button", name="生成草稿").first.click()
    expect(page.get_by_text("草稿已生成")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="提交审批").click()

    change = TerritoryChange.objects.get(title=TITLE)
    boss = house.person(town.APPROVER)
    boss.goto(f"/territory/changes/{change.pk}/")
    boss.get_by_role("button", name="批准，立即生效").click()
    expect(boss.get_by_text("已批准并生效")).to_be_visible(timeout=PATIENCE_MS)

    work()
    worker = _staff(house, case)
    case.refresh_from_db()
    assert case.grid.valid_to is not None  # type: ignore[union-attr]
    finish(case)
    work()
    phone = house.person(worker.username, PHONE)
    phone.goto("/tasks/")
    phone.locator(f"a[href='/tasks/{case.tasks.get(done_at=None).pk}/']").first.click()
    expect(phone.get_by_text("已更换灯泡").first).to_be_visible()

    fresh, _told = case_at(Stage.FILED, _spot(community))
    assert fresh.grid == case.current_grid
    leader = house.person(town.LEADER)
    leader.goto(f"/scorecards/area/?level=grid&area={community.pk}")
    expect(leader.get_by_text(f"（自{timezone.localdate().isoformat()}起）").first).to_be_visible()
    expect(leader.get_by_text("（至").first).to_be_visible()
    assert case.number in _counted(leader, case.grid), "yesterday's stays in the grid of yesterday"
    assert fresh.number in _counted(leader, fresh.grid), "today's is counted in the new one"
    assert case.number not in _counted(leader, fresh.grid), "and nothing is counted twice"


def _counted(page: Page, grid: Area | None) -> list[str]:
    """The numbers of the cases behind the figure of a grid's filings, opened from its row and left again."""
    assert grid is not None
    card, since_or_until = page.url, "（自" if grid.valid_to is None else "（至"
    named = page.get_by_role("rowheader").filter(has_text=f"{grid.name}{since_or_until}")
    row = page.get_by_role("row").filter(has=named)
    row.locator("a[href*='what=filed&'], a[href$='what=filed']").first.click()
    page.wait_for_url("**/list/**")
    numbers = page.locator("main").get_by_text(NUMBER).all_inner_texts()
    page.goto(card)
    return [found[0] for text in numbers if (found := NUMBER.search(text))]


def _spot(community: Area) -> Building:
    found = Building.objects.filter(grid__parent=community, grid__kind="general", address__gt="")
    return found.order_by("address", "pk")[0]


def _staff(house: House, case: Case) -> Account:
    """The new grid in which an open case lies by now gets a worker of its own; who came over from the old ones leaves."""
    case.refresh_from_db()
    grid, admin = case.current_grid, person(town.SECURITY_ADMIN)
    assert grid is not None
    today = timezone.localdate()
    for post in Post.objects.filter(area=grid, role=Role.GRID_WORKER, ends_on=None):
        end_post(post, on=today, by=admin, at=timezone.now())
    worker = Account.objects.create(username="xinwangge", name="新网格员小苗", password="!")
    page = house.person(town.SECURITY_ADMIN)
    page.goto(f"/territory/forces/?area={grid.parent.parent_id}&gaps=unstaffed")  # type: ignore[union-attr]
    expect(page.get_by_role("link", name=grid.parent.name, exact=True)).to_be_visible()  # type: ignore[union-attr]
    page.goto(f"/territory/people/{worker.pk}/posts/?q={grid.code}")
    form = page.locator("form:has([name=area])")
    form.locator("[name=area]").first.check()
    form.locator("[name=role]").select_option("grid_worker")
    form.locator("button[type=submit]").click()
    expect(page.get_by_text(grid.name).first).to_be_visible()
    assert Post.objects.get(account=worker).area == grid
    return worker


def _ask(page: Page, community: Area) -> None:
    page.goto("/territory/")
    page.get_by_role("link", name="网格划分").click()
    page.get_by_role("link", name="新建划分").first.click()
    page.get_by_label("范围", exact=True).select_option(community.code)
    page.get_by_label("标题", exact=True).fill(TITLE)
    page.get_by_role("button", name="给出方案").click()


def _adjust(page: Page) -> None:
    """By the form, as somebody does who uses no mouse; the map shows it when it was done."""
    proposal = GridProposal.objects.get(part__design__title=TITLE, method="growing")
    at, into = _may_go(proposal)
    page.get_by_role("link", name="手工调整").first.click()
    expect(page.locator(".map-drawn")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_label("楼块").select_option(str(at))
    page.get_by_label("移到网格").select_option(str(into))
    page.get_by_role("button", name="移动", exact=True).click()
    expect(page.get_by_role("button", name="撤销上一步")).to_be_visible(timeout=PATIENCE_MS)
    proposal.refresh_from_db()
    assert proposal.labels[at] == into - 1
    shot(page, "grid-design-by-hand")
