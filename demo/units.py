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
    """An organisation; `parent` and `area` are codes, `kind` one of centre, department, station, company, property."""

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
    ("QL-SF", "清澜区司法局", "department", "", "司法"),
    ("QL-WJ", "清澜区卫生健康委员会", "department", "", "卫健"),
    ("QL-JY", "清澜区教育局", "department", "", "教育"),
    ("QL-RS", "清澜区人力资源和社会保障局", "department", "", "人社"),
    ("QL-NY", "清澜区农业农村局", "department", "", "农业农村"),
    ("QL-GS", "清澜自来水有限公司", "company", "QL-SW", "自来水"),
    ("QL-DL", "清澜供电公司", "company", "", "电力公司"),
    ("QL-RQ", "清澜燃气有限公司", "company", "", "燃气公司"),
    ("QL-TX", "清澜区通信线路联合维护中心", "company", "", "通信"),
    ("QL-BUS", "清澜公共交通有限公司", "company", "QL-JT", "公交"),
)

PROPERTIES: tuple[tuple[str, str, str], ...] = (
    ("QL-WY1", "安和物业服务有限公司", "001"),
    ("QL-WY2", "青禾家园物业服务有限公司", "002"),
    ("QL-WY3", "映湖雅居物业服务有限公司", "003"),
    ("QL-WY4", "锦绣天成国际花园物业管理有限公司清澜分公司", "004"),
)


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
    for number, (code, name, digits) in enumerate(PROPERTIES, start=300):
        yield Unit(code, name, "property", street_centre(digits), landline(number), COUNTY + digits, name[:4])
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
