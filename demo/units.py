"""The organisations of the made-up district: codes, names, parents, invented telephone numbers.

Numbers cannot ring anywhere: 0900 is no area code, and no eleven-digit mobile number begins with 140.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from . import plan

COUNTY = plan.COUNTY[0]
CENTRE = "QL-CENTRE"


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation; `parent` and `area` are codes, `kind` one of centre, department, station, company."""

    code: str
    name: str
    kind: str
    parent: str
    phone: str
    area_code: str
    short: str = ""


DEPARTMENTS: tuple[tuple[str, str, str, str, str], ...] = (
    ("QL-CG", "清澜区城市管理局", "department", "", "城管局"),
    ("QL-HW", "清澜区环境卫生服务中心", "department", "QL-CG", "环卫"),
    ("QL-YL", "清澜区园林绿化服务中心", "department", "QL-CG", "园林"),
    ("QL-LD", "清澜区路灯管理所", "department", "QL-CG", "路灯所"),
    ("QL-ZJ", "清澜区住房和城乡建设局", "department", "", "住建局"),
    ("QL-SZ", "清澜区市政设施养护中心", "department", "QL-ZJ", "市政"),
    ("QL-JT", "清澜区交通运输局", "department", "", "交通局"),
    ("QL-SW", "清澜区水务局", "department", "", "水务局"),
    ("QL-PS", "清澜区排水管理所", "department", "QL-SW", "排水所"),
    ("QL-SC", "清澜区市场监督管理局", "department", "", "市场监管"),
    ("QL-GA", "清澜区公安分局", "department", "", "公安"),
    ("QL-JJ", "清澜区公安分局交通警察大队", "department", "QL-GA", "交警"),
    ("QL-XF", "清澜区消防救援大队", "department", "", "消防"),
    ("QL-HB", "清澜区生态环境分局", "department", "", "生态环境"),
    ("QL-MZ", "清澜区民政局", "department", "", "民政"),
    ("QL-WJ", "清澜区卫生健康委员会", "department", "", "卫健"),
    ("QL-WL", "清澜区文化旅游和体育局", "department", "", "文旅"),
    ("QL-ZR", "清澜区自然资源和规划局", "department", "", "自然资源"),
    ("QL-YJ", "清澜区应急管理局", "department", "", "应急"),
    ("QL-GS", "清澜自来水有限公司", "company", "QL-SW", "自来水"),
    ("QL-DL", "清澜供电公司", "company", "", "电力公司"),
    ("QL-RQ", "清澜燃气有限公司", "company", "", "燃气公司"),
    ("QL-RL", "清澜热力有限公司", "company", "QL-ZJ", "热力公司"),
    ("QL-TX", "清澜区通信线路联合维护中心", "company", "", "通信"),
    ("QL-BUS", "清澜公共交通有限公司", "company", "QL-JT", "公交"),
    ("QL-YZ", "清澜邮政快递服务中心", "company", "", "邮政"),
)

PROPERTIES: tuple[tuple[str, str, str], ...] = (
    ("QL-WY1", "安和物业服务有限公司", "001"),
    ("QL-WY2", "青禾家园物业服务有限公司", "002"),
    ("QL-WY3", "映湖雅居物业服务有限公司", "003"),
    ("QL-WY4", "锦绣天成国际花园物业管理有限公司清澜分公司", "004"),
)


# The duty list of the district: kind of work (cases/data/unit_roles.csv) → unit.
DUTIES: dict[str, str] = {
    "city_management": "QL-CG", "sanitation": "QL-HW", "landscaping": "QL-YL", "municipal_works": "QL-SZ",
    "traffic_police": "QL-JJ", "transport": "QL-JT", "water": "QL-GS", "water_resources": "QL-SW",
    "electricity": "QL-DL", "gas": "QL-RQ", "heating": "QL-RL", "telecom": "QL-TX", "housing_construction": "QL-ZJ",
    "ecology": "QL-HB", "market_supervision": "QL-SC", "civil_affairs": "QL-MZ", "public_security": "QL-GA",
    "fire": "QL-XF", "culture_media": "QL-WL", "health": "QL-WJ", "postal": "QL-YZ", "sports": "QL-WL",
    "emergency_management": "QL-YJ", "natural_resources": "QL-ZR", "meteorology": "QL-YJ",
    # Where neither a community nor a street is nearer.
    "community": "QL-MZ", "property_company": "QL-ZJ",
}  # fmt: skip
# Classes that belong to a more particular unit than their kind of work.
CLASS_DUTIES: dict[str, str] = {
    "01037": "QL-LD", "01002": "QL-PS", "01003": "QL-PS", "01004": "QL-PS", "10997": "QL-PS", "10994": "QL-PS",
    "02004": "QL-BUS",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duty:
    """A row of the duty list: in this area, this kind of work or this class is this unit's."""

    area_code: str
    unit_role: str
    matter_code: str
    unit_code: str


def duties() -> Iterator[Duty]:
    """The whole duty list: the district's, then what streets and communities do themselves."""
    yield from (Duty(COUNTY, role, "", unit) for role, unit in DUTIES.items())
    yield from (Duty(COUNTY, "", matter, unit) for matter, unit in CLASS_DUTIES.items())
    for digits, _ in plan.STREETS:
        yield Duty(COUNTY + digits, "city_management", "", enforcement(digits))
        yield Duty(COUNTY + digits, "property_company", "", property_company(digits))
    for community in plan.COMMUNITIES:
        area = COUNTY + community.street + community.code
        yield Duty(area, "community", "", station(community.street, community.code))


def responsible_unit(role: str, matter: str, community_code: str) -> str:
    """The unit the duty list names for a kind of work or a class at a place (by its twelve-digit community)."""
    street, community = community_code[6:9], community_code[9:12]
    if matter in CLASS_DUTIES:
        return CLASS_DUTIES[matter]
    if role == "city_management":
        return enforcement(street)
    if role == "property_company":
        return property_company(street)
    return station(street, community) if role == "community" else DUTIES[role]


def enforcement(street: str) -> str:
    """Code of a street's city management team, by the street's three digits."""
    return f"QL-ZF{street}"


def landline(number: int) -> str:
    return f"0900-555{number:04d}"


def mobile(number: int) -> str:
    return f"1400555{number:04d}"


def street_centre(street: str) -> str:
    """Code of a street's centre, by the street's three digits."""
    return f"QL-ST{street}"


def station(street: str, community: str) -> str:
    """Code of a community's station, by the three digits of street and community."""
    return f"QL-CS{street}{community}"


def property_company(street: str) -> str:
    """Code of the property company that looks after the estates of a street."""
    return next(code for code, _, where in PROPERTIES if where == street)


def units() -> Iterator[Unit]:
    """Every organisation, parents before their children."""
    yield Unit(CENTRE, "清澜区网格化服务管理中心", "centre", "", landline(100), COUNTY, "区中心")
    for number, (code, name, kind, parent, short) in enumerate(DEPARTMENTS, start=110):
        yield Unit(code, name, kind, parent, landline(number), COUNTY, short)
    for number, (digits, name) in enumerate(plan.STREETS, start=200):
        yield Unit(
            street_centre(digits),
            f"{name}网格化服务管理中心",
            "centre",
            CENTRE,
            landline(number),
            COUNTY + digits,
            name,
        )
    for number, (digits, name) in enumerate(plan.STREETS, start=210):
        team = f"{name}综合行政执法队"
        yield Unit(
            enforcement(digits),
            team,
            "department",
            "QL-CG",
            landline(number),
            COUNTY + digits,
            team[:2] + "执法队",
        )
    for number, (code, name, digits) in enumerate(PROPERTIES, start=300):
        yield Unit(code, name, "company", street_centre(digits), landline(number), COUNTY + digits, name[:4])
    for number, community in enumerate(plan.COMMUNITIES, start=220):
        parent, area = street_centre(community.street), COUNTY + community.street + community.code
        name = f"{community.name}网格服务站"
        yield Unit(
            station(community.street, community.code),
            name,
            "station",
            parent,
            landline(number),
            area,
            community.name,
        )
