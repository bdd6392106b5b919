"""What a file of facilities says, and under which names."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.registry.models import Facility
from wangge.territory.tables_out import as_meant

# Names in lower case, as files of geography give them.
WAYS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "部件编码", "部件标识码", "标识码", "编码"),
    "class": ("class", "class_code", "部件类别", "类别代码", "小类代码", "类别", "部件名称"),
    "state": ("state", "部件状态", "状态"),
    "unit": ("unit", "unit_code", "养护单位", "权属单位", "主管部门", "单位"),
    "surveyed_on": ("surveyed_on", "普查日期", "调查日期", "采集日期"),
    "note": ("note", "备注"),
}
LABELS = {
    "code": pgettext_lazy("facility", "Code"),
    "class": pgettext_lazy("facility", "Class"),
    "state": pgettext_lazy("facility", "State"),
    "unit": _("Maintained by"),
    "surveyed_on": _("Surveyed on"),
    "note": _("Note"),
}
STATES: Mapping[str, str] = {
    "完好": "sound", "破损": "damaged", "丢失": "lost", "废弃": "abandoned", "移除": "removed",
    **{state: state for state in Facility.State.values},
}  # fmt: skip
# Columns that say where it is, or what system that is in.
_PLACE = {
    "lon", "lng", "longitude", "x", "经度", "横坐标", "lat", "latitude", "y", "纬度", "纵坐标", "wkt", "geometry", "geom",
    "图形", "crs", "坐标系",
}  # fmt: skip


def ways(chosen: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Under which names each thing is looked for: the one somebody chose, else those that are recognised."""
    return {
        name: (chosen[name].strip().lower(),) if chosen.get(name) else known for name, known in WAYS.items()
    }


def recognised(names: Iterable[str], looked_for: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """By thing, the column of the file that it is read from; without those that the file does not have."""
    here = list(names)
    found = {name: next((way for way in known if way in here), None) for name, known in looked_for.items()}
    return {name: column for name, column in found.items() if column}


def left_over(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Columns of which nothing is taken."""
    known = {*taken, *_PLACE}
    return [name for name in names if name and name not in known]


def said(properties: Mapping[str, Any], known: tuple[str, ...]) -> str:
    """The first column that says something, as text; a whole number loses the .0 that some programs add."""
    for way in known:
        value = properties.get(way)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is not None and str(value).strip():
            return as_meant(str(value).strip())
    return ""
