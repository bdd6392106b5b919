"""The hand-drawn plan: river, main roads, zones and named places, in metres on the flat map of `frame`.

This is the drawing a planner would make with a thick pen; `network` turns it into blocks and unit grids.
"""

from __future__ import annotations

from dataclasses import dataclass

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class RoadPlan:
    """One main road: control points from west to east or north to south; `bridge` says whether it crosses the river."""

    name: str
    kind: str
    width_m: float
    points: Line
    bridge: bool = True


# Clockwise; follows ditches and field edges, as such boundaries do.
BOUNDARY: Line = (
    (-2590, 1720), (-2250, 1850), (-1720, 1880), (-1180, 2060), (-560, 2010), (60, 2090), (720, 2020), (1240, 2060),
    (1760, 1900), (2230, 1720), (2480, 1420), (2590, 860), (2540, 300), (2610, -260), (2560, -860), (2420, -1300),
    (2190, -1680), (1650, -1800), (1020, -1940), (420, -1900), (-240, -2000), (-900, -1950), (-1500, -2020),
    (-2060, -1880), (-2440, -1560), (-2540, -1020), (-2500, -480), (-2590, 60), (-2540, 640), (-2640, 1180),
)  # fmt: skip

RIVER_NAME = "澜水"
RIVER: Line = (
    (-2950, 1330), (-2450, 1160), (-2080, 830), (-1640, 560), (-1160, 590), (-760, 760), (-360, 690), (-30, 420),
    (330, 240), (720, 330), (1090, 420), (1430, 260), (1700, -60), (2050, -200), (2450, -120), (2950, -380),
)  # fmt: skip
RIVER_HALF_WIDTH_M = 42.0
RIVERSIDE_OFFSET_M = 92.0

LAKE_NAME = "映月湖"
LAKE: Line = (
    (290, 880), (330, 1000), (420, 1050), (500, 1000), (570, 1030), (640, 960), (640, 860), (590, 760), (600, 660),
    (520, 590), (450, 660), (440, 760), (350, 780),
)  # fmt: skip

ROADS: tuple[RoadPlan, ...] = (
    # south of the river, west to east
    RoadPlan("清澜大道", "arterial", 40, (
        (-3000, 270), (-2450, 190), (-1900, 130), (-1300, 110), (-700, 130), (-150, -30), (400, -200), (1000, -240),
        (1560, -430), (2100, -560), (3000, -620))),
    RoadPlan("文昌路", "secondary", 24, (
        (-1940, -330), (-1400, -310), (-800, -300), (-250, -420), (400, -600), (1000, -680), (1480, -830))),
    RoadPlan("青禾路", "secondary", 26, (
        (-3000, -760), (-2400, -800), (-1880, -790), (-1300, -740), (-700, -760), (-100, -900), (520, -1040),
        (1050, -1080), (1500, -1160))),
    RoadPlan("南环路", "arterial", 36, (
        (-3000, -1150), (-2420, -1230), (-1800, -1330), (-1100, -1260), (-400, -1360), (300, -1450), (1000, -1480),
        (1700, -1420), (2100, -1250), (3000, -1180))),
    # north of the river
    RoadPlan("望湖路", "arterial", 36, (
        (-3000, 1560), (-2300, 1420), (-1700, 1120), (-1150, 1080), (-500, 1180), (150, 1150), (330, 1130),
        (620, 1140), (1100, 1120), (1520, 860), (2000, 620), (3000, 520))),
    RoadPlan("北环路", "arterial", 36, (
        (-1760, 2300), (-1620, 1820), (-1100, 1640), (-450, 1660), (200, 1680), (900, 1620), (1500, 1420),
        (2000, 1180), (3000, 1100))),
    RoadPlan("云锦路", "secondary", 24, (
        (-1010, 1370), (-450, 1420), (200, 1420), (640, 1400), (1030, 1360))),
    # west to east, north to south
    RoadPlan("西环路", "arterial", 36, (
        (-1620, 1820), (-1700, 1400), (-1790, 1000), (-1830, 600), (-1880, 130), (-1930, -330), (-1870, -790),
        (-1800, -1330), (-1900, -1800), (-1980, -2400))),
    RoadPlan("学府路", "secondary", 24, (
        (-1330, 700), (-1300, 110), (-1350, -310), (-1290, -740), (-1180, -1260)), bridge=False),
    RoadPlan("泰和路", "arterial", 32, (
        (-1100, 2400), (-1100, 1640), (-1000, 1360), (-960, 1090), (-840, 720), (-760, 380), (-720, 130),
        (-790, -300), (-720, -760), (-640, -1310), (-720, -1800), (-760, -2400))),
    RoadPlan("钟楼街", "secondary", 20, (
        (-330, 720), (-210, 330), (-140, -20), (-240, -420), (-130, -900), (-60, -1400)), bridge=False),
    RoadPlan("明德路", "secondary", 22, (
        (-440, 2400), (-450, 1660), (-460, 1180), (-410, 700)), bridge=False),
    RoadPlan("人民路", "arterial", 40, (
        (170, 2500), (200, 1680), (170, 1150), (200, 760), (260, 260), (330, -180), (400, -600), (500, -1040),
        (560, -1460), (480, -2000), (480, -2400))),
    RoadPlan("锦绣路", "secondary", 24, (
        (930, 350), (900, 100), (960, -240), (1000, -680), (1040, -1080), (1060, -1480)), bridge=False),
    RoadPlan("迎宾路", "arterial", 36, (
        (1000, 2500), (920, 1620), (1060, 1130), (1180, 800), (1290, 330), (1380, -100), (1540, -420), (1470, -820),
        (1500, -1160), (1620, -1430), (1640, -2000), (1680, -2400))),
    RoadPlan("创业路", "secondary", 26, (
        (1500, 1420), (1500, 880), (1640, 480), (1760, 100), (2020, -540), (2010, -900), (2090, -1260))),
    RoadPlan("兴业路", "secondary", 26, (
        (1480, -830), (2010, -900), (2500, -980), (3000, -1000))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Special:
    """A block reserved for one use: the block holding (x, y) is cut no smaller than `size_m2`."""

    name: str
    kind: str
    x: float
    y: float
    size_m2: float
    dedicated: bool = False


SPECIALS: tuple[Special, ...] = (
    Special("映月湖公园", "lake_park", 640, 950, 600_000, dedicated=True),
    Special("市民广场", "square", 340, 1270, 62_000),
    Special("清澜区政务服务中心", "civic", -120, 1285, 60_000),
    Special("清澜区第一人民医院", "hospital", -640, 1290, 62_000, dedicated=True),
    Special("清澜中学", "school", -1560, -520, 95_000, dedicated=True),
    Special("澜桥小学", "school", 120, -260, 40_000, dedicated=True),
    Special("映湖实验学校", "school", 640, 1500, 60_000, dedicated=True),
    Special("槐荫里菜市场", "market", -480, -180, 24_000, dedicated=True),
    Special("榆桥农贸综合批发市场", "market", 1220, -620, 45_000, dedicated=True),
    Special("澜东产业园", "industry", 1760, -720, 150_000, dedicated=True),
    Special("锦绣天成二期建设工地", "site", 760, -880, 55_000, dedicated=True),
    Special("青禾公园", "park", -1000, -520, 60_000, dedicated=True),
    Special("钟楼广场", "square", -70, -120, 16_000),
    Special("清澜汽车客运站", "station", 1160, -1250, 40_000),
    Special("榆桥街道卫生服务中心", "clinic", 1180, -60, 18_000),
    Special("青禾体育场", "stadium", -480, -1060, 60_000),
    Special("清澜区第二中学", "school", 1300, 1330, 55_000),
    Special("望澜文化馆", "civic", -470, 330, 22_000),
)


@dataclass(frozen=True, slots=True)
class CommunityPlan:
    """A community grows from its seed; `code` is the 3-digit part (001 committee, 201 village, 401 estate-like)."""

    name: str
    code: str
    street: str
    x: float
    y: float
    north: bool


PROVINCE = ("99", "示范省")
CITY = ("9901", "临澜市")
COUNTY = ("990101", "清澜区")

STREETS: tuple[tuple[str, str], ...] = (
    ("001", "望澜街道"),
    ("002", "青禾街道"),
    ("003", "映湖街道"),
    ("004", "榆桥街道"),
)

COMMUNITIES: tuple[CommunityPlan, ...] = (
    CommunityPlan("槐荫里社区", "001", "001", -480, -120, False),
    CommunityPlan("文昌阁社区", "002", "001", -380, 330, False),
    CommunityPlan("澜桥社区", "003", "001", 100, -300, False),
    CommunityPlan("钟楼社区", "004", "001", -420, -760, False),
    CommunityPlan("学府社区", "001", "002", -1560, -200, False),
    CommunityPlan("青禾园社区", "002", "002", -1000, -900, False),
    CommunityPlan("柳塘村", "201", "002", -2200, -1000, False),
    CommunityPlan("映湖社区", "001", "003", 600, 1100, True),
    CommunityPlan("锦云社区", "002", "003", -320, 1400, True),
    CommunityPlan("北澜新城社区", "003", "003", -1250, 1100, True),
    CommunityPlan("竹坞村", "201", "003", 1700, 1300, True),
    CommunityPlan("榆桥社区", "001", "004", 1180, -250, False),
    CommunityPlan("锦绣社区", "002", "004", 800, -1050, False),
    CommunityPlan("澜东产业社区", "401", "004", 2000, -700, False),
)

# Inside the ring roads the town is built up; outside lie fields and villages.
URBAN: Line = (
    (-1620, 1820), (-1100, 1640), (-450, 1660), (200, 1680), (900, 1620), (1500, 1420), (1500, 880), (1640, 480),
    (1760, 100), (2020, -540), (2500, -600), (2500, -980), (2010, -900), (2090, -1260), (1700, -1420),
    (1000, -1480), (300, -1450), (-400, -1360), (-1100, -1260), (-1800, -1330), (-1870, -790), (-1930, -330),
    (-1880, 130), (-1830, 600), (-1790, 1000), (-1700, 1400),
)  # fmt: skip
INDUSTRIAL: Line = (
    (1500, -440),
    (2520, -600),
    (2520, -1000),
    (2090, -1300),
    (1700, -1430),
    (1480, -1170),
    (1450, -800),
)
OLD_TOWN = (-430.0, -110.0, 470.0)
CORE: Line = (
    (-60, -620),
    (640, -620),
    (660, -180),
    (520, 260),
    (480, 1140),
    (480, 1430),
    (-40, 1430),
    (0, 560),
    (-60, 200),
)

# Villages outside the ring: name, centre, radius in metres.
VILLAGES: tuple[tuple[str, float, float, float], ...] = (
    ("柳塘", -2250, -560, 210),
    ("小柳塘", -2130, -1330, 150),
    ("前湾", -2240, 520, 170),
    ("竹坞", 1900, 1420, 230),
    ("上竹坞", -420, 1850, 140),
    ("杨家圩", 2210, 330, 180),
    ("窑头", -1420, -1640, 180),
    ("麦陇", 860, -1700, 190),
    ("荷塘边", -2250, 1620, 120),
)
