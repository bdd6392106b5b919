"""About 150 made-up people in their posts, with who works where and how to reach them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import shapely

from . import plan, units
from .names import people_names
from .places import Area, District

COUNTY = units.COUNTY
# One in so many general grids has nobody (on purpose), one in so many has two workers.
NOBODY_EVERY, TWO_EVERY = 19, 13


@dataclass(frozen=True, slots=True)
class Post:
    """A role in an area."""

    role: str
    area_code: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person with a unit and posts; an administrator has `admin_role` and no posts."""

    account: str
    name: str
    unit_code: str
    phone: str
    title: str
    posts: tuple[Post, ...]
    admin_role: str = ""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person the sign-in page offers, and what to try as them, in Chinese and English."""

    account: str
    role: str
    title: str
    try_zh: str
    try_en: str


@dataclass(frozen=True, slots=True)
class _Opening:
    """A post to be filled; a fixed account name is one the sign-in page offers."""

    unit: str
    title: str
    posts: tuple[Post, ...]
    admin_role: str = ""
    account: str = ""


def _at(role: str, area: str = COUNTY) -> tuple[Post, ...]:
    return (Post(role, area),)


DEMO_PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("shouli", "acceptor", "区中心受理员", "受理新上报，先核实、直接答复或不予受理", "Receive reports: verify, answer or decline"),
    DemoPerson("zhiban", "duty_chief", "区中心值班长", "立案选立案条件，核查通过后结案", "File reports and close checked cases"),
    DemoPerson("paiqian", "dispatcher", "区中心派遣员", "看“为什么派给它”，派遣、撤回派遣", "Dispatch, and see why a unit is proposed"),
    DemoPerson("chengguan", "clerk", "望澜街道综合行政执法队经办人", "签收、反馈，或带理由回退", "Accept, finish or send back with a reason"),
    DemoPerson("chengguanju", "unit_lead", "城市管理局负责人", "把案卷转给下属单位，例如路灯管理所", "Forward inside the department, to the lamp office for one"),
    DemoPerson("ludeng", "clerk", "路灯管理所经办人", "处理路灯案卷，上传处置后照片", "Mend lamps and add after-photos"),
    DemoPerson("wangge", "grid_worker", "槐荫里社区第一网格网格员", "手机上报、核实、核查", "Report, verify and check on the phone"),
    DemoPerson("wanggezhang", "grid_lead", "槐荫里社区网格长", "看本社区各网格和人员", "See the community's grids and people"),
    DemoPerson("jiedao", "dispatcher", "映湖街道中心受理派遣员", "只看到本街道的事项", "See only one street's matters"),
    DemoPerson("duban", "overseer", "区督办人", "查超期案卷，发督办", "Look at overdue cases and supervise"),
    DemoPerson("lingdao", "leader", "区领导", "看一张图和各项指标，点数字看案卷", "The one map and the figures behind it"),
    DemoPerson("quhua", "territory", "区划管理员", "起草网格拆分、合并，看影响范围", "Draft a split or a merge, see what it touches"),
    DemoPerson("quhuashen", "territory", "区划审批人", "批准别人起草的区划变更", "Approve what another person drafted"),
    DemoPerson("xitong", "system_admin", "系统管理员", "维护账号、单位、区域和类别", "Accounts, units, areas and classes"),
    DemoPerson("anquan", "security_admin", "安全管理员", "管理权限和安全策略", "Rights and security policy"),
    DemoPerson("shenji", "audit_admin", "审计管理员", "查看并校验审计日志", "Read and verify the audit log"),
)  # fmt: skip


def _centre() -> Iterator[_Opening]:
    for number in range(4):
        yield _Opening(units.CENTRE, "受理员", _at("acceptor"), account="" if number else "shouli")
    for number in range(3):
        yield _Opening(units.CENTRE, "值班长", _at("duty_chief"), account="" if number else "zhiban")
    for number in range(3):
        yield _Opening(units.CENTRE, "派遣员", _at("dispatcher"), account="" if number else "paiqian")
    yield _Opening(units.CENTRE, "督办人", _at("overseer"), account="duban")
    yield _Opening(units.CENTRE, "督办人", _at("overseer"))
    yield _Opening(units.CENTRE, "区领导", _at("leader"), account="lingdao")
    for role, title, account in (
        ("system_admin", "系统管理员", "xitong"),
        ("security_admin", "安全管理员", "anquan"),
        ("audit_admin", "审计管理员", "shenji"),
    ):
        yield _Opening(units.CENTRE, title, (), role, account)


def _streets() -> Iterator[_Opening]:
    for digits, name in plan.STREETS:
        area, centre = COUNTY + digits, units.street_centre(digits)
        account = "jiedao" if digits == "003" else ""
        yield _Opening(
            centre, "受理派遣员", (Post("acceptor", area), Post("dispatcher", area)), account=account
        )
        yield _Opening(centre, "值班长", _at("duty_chief", area))
        yield _Opening(centre, f"{name}分管领导", _at("leader", area))
        account = "chengguan" if digits == "001" else ""
        yield _Opening(units.enforcement(digits), "经办人", _at("clerk", area), account=account)
        yield _Opening(units.enforcement(digits), "队长", _at("unit_lead", area))
        yield _Opening(units.property_company(digits), "项目经理", _at("clerk", area))


def _departments() -> Iterator[_Opening]:
    with_lead = ("QL-CG", "QL-HW", "QL-SZ", "QL-LD", "QL-PS", "QL-JJ", "QL-GS", "QL-ZJ")
    for code, _, _, _, _ in units.DEPARTMENTS:
        yield _Opening(code, "经办人", _at("clerk"), account="ludeng" if code == "QL-LD" else "")
        if code in with_lead:
            yield _Opening(code, "负责人", _at("unit_lead"), account="chengguanju" if code == "QL-CG" else "")


def _stations() -> Iterator[_Opening]:
    for number, community in enumerate(plan.COMMUNITIES):
        area = COUNTY + community.street + community.code
        posts = (Post("grid_lead", area), Post("clerk", area))
        account = "" if number else "wanggezhang"
        yield _Opening(units.station(community.street, community.code), "网格长", posts, account=account)


def _territory() -> Iterator[_Opening]:
    """Two, because nobody approves what they drafted."""
    yield _Opening(units.CENTRE, "区划管理员", _at("territory"), account="quhua")
    yield _Opening(units.CENTRE, "区划审批人", _at("territory"), account="quhuashen")


def _grid_workers(district: District) -> Iterator[_Opening]:
    """A worker for each grid, deputies in a neighbour grid; some grids have two, a few nobody."""
    grids = district.at_level("grid")
    for number, grid in enumerate(grids):
        if not has_worker(number, grid):
            continue
        posts = [Post("grid_worker", grid.code)]
        if neighbour := _neighbour(grid, grids):
            posts.append(Post("deputy", neighbour.code))
        unit = units.station(grid.code[6:9], grid.code[9:12])
        yield _Opening(unit, "网格员", tuple(posts), account="" if number else "wangge")
        if number % TWO_EVERY == TWO_EVERY - 1:
            yield _Opening(unit, "网格员", _at("grid_worker", grid.code))


def has_worker(number: int, grid: Area) -> bool:
    """Grids without a worker of their own are wanted: absence has to be tried out too."""
    if grid.kind == "dedicated":
        return grid.purpose in ("school", "market", "hospital")
    return number % NOBODY_EVERY != NOBODY_EVERY - 1


def _neighbour(grid: Area, grids: list[Area]) -> Area | None:
    """The next grid of the same community that shares a border, so that deputies form a ring."""
    family = [other for other in grids if other.parent_code == grid.parent_code]
    place = family.index(grid)
    for other in (*family[place + 1 :], *family[:place]):
        if (
            grid.geometry is not None
            and other.geometry is not None
            and shapely.touches(grid.geometry, other.geometry)
        ):
            return other
    return None


def _informants(district: District) -> Iterator[_Opening]:
    for micro in district.at_level("micro"):
        yield _Opening(
            units.station(micro.code[6:9], micro.code[9:12]), "信息员", _at("informant", micro.code)
        )


def people(district: District, seed: int = 2026) -> list[Person]:
    """Everybody, the same for the same district and seed; each has a name, an account and a telephone number."""
    openings = [
        *_centre(),
        *_streets(),
        *_departments(),
        *_stations(),
        *_grid_workers(district),
        *_informants(district),
        *_territory(),
    ]
    names = people_names(random.Random(seed))
    return [
        Person(
            o.account or account, name, o.unit, units.mobile(1000 + number), o.title, o.posts, o.admin_role
        )
        for number, (o, (name, account)) in enumerate(zip(openings, names, strict=False))
    ]
