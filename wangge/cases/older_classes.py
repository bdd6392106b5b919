"""The classes of GB/T 30428.2-2013 beside today's, out of force, so that a city can take them up or read old data.

The crosswalk has their codes; their names are those of the matters they became, which kept them. Parts and events share
numbers, so ours carry a letter: P0137 (part), E0110 (event).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from wangge.cases import classes_data

STANDARD_2013 = "GB/T 30428.2-2013"
LETTERS = {"part": "P", "event": "E"}
PROBLEM = "异常"  # what the matter of a part class is called after it
MAJORS = {
    "P01": ("公用设施", "Public utilities"),
    "P02": ("交通设施", "Traffic facilities"),
    "P03": ("市容环境设施", "City environment facilities"),
    "P04": ("园林绿化设施", "Parks and greenery facilities"),
    "P05": ("其他部件", "Other parts"),
    "E01": ("市容环境", "City environment"),
    "E02": ("宣传广告", "Advertising"),
    "E03": ("施工管理", "Works"),
    "E04": ("街面秩序", "Order in the streets"),
    "E05": ("突发事件", "Emergencies"),
    "E06": ("其他事件", "Other events"),
}


@dataclass(frozen=True)
class OlderClass:
    """A class of 2013 and the code of the matter it became."""

    code: str
    major_code: str
    major: tuple[str, str]
    name: str
    name_en: str
    became: str
    certain: bool


def older_classes() -> Iterator[OlderClass]:
    """Every class of 2013 whose successor is known: from the crosswalk, and from the local matters that keep one."""
    matters = {row.code: row for row in classes_data.read_all_matters()}
    crossings = [
        (row.kind, row.code_2013, row.code_2026, row.certain) for row in classes_data.read_crosswalk()
    ]
    known = {(kind, code) for kind, code, _new, _certain in crossings}
    crossings += [
        (row.kind_2013, row.code_2013, row.code, True)
        for row in classes_data.read_local_matters()
        if row.kind_2013 and (row.kind_2013, row.code_2013) not in known
    ]
    for kind, old, new, certain in sorted(crossings):
        code, matter = LETTERS[kind] + old, matters[new]
        name = matter.name_zh.removesuffix(PROBLEM) if kind == "part" else matter.name_zh
        yield OlderClass(code, code[:3], MAJORS[code[:3]], name, matter.name_en, new, certain)
