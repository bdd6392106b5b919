"""Classes of all standards side by side, the big choices that gather them, and the crosswalk between them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.cases.configuration.cells import Cell, Code, Flag, Pieces, Whole
from wangge.cases.configuration.table import Column, Row, Table
from wangge.cases.models import Crossing, MatterClass, MatterGroup
from wangge.common.refusals import Refused

Ids = Mapping[str, Mapping[str, int]]


def class_ids() -> dict[str, int]:
    """The classes of all standards by code; a code belongs to one class only."""
    return dict(MatterClass.objects.values_list("code", "pk"))


def group_ids() -> dict[str, int]:
    return dict(MatterGroup.objects.values_list("code", "pk"))


def read_group(row: MatterGroup) -> Row:
    return {
        "code": row.code, "name": row.name, "name_en": row.name_en, "hint": row.hint, "hint_en": row.hint_en,
        "ordinal": row.ordinal,
    }  # fmt: skip


def copy_all(instance: Any, row: Row, ids: Ids) -> None:
    """Write every value under its own name."""
    for name, value in row.items():
        setattr(instance, name, value)


def read_class(row: MatterClass) -> Row:
    return {
        "standard": row.standard, "code": row.code, "major_code": row.major_code, "major_name": row.major_name,
        "major_name_en": row.major_name_en, "name": row.name, "name_en": row.name_en,
        "keywords": [word for word in row.keywords.split(";") if word],
        "group": row.group.code if row.group else "", "confidential": row.confidential, "in_force": row.in_force,
    }  # fmt: skip


def write_class(instance: MatterClass, row: Row, ids: Ids) -> None:
    plain = {name: value for name, value in row.items() if name not in ("keywords", "group")}
    copy_all(instance, plain, ids)
    instance.keywords = ";".join(row["keywords"])
    instance.group_id = ids["groups"].get(row["group"])


def check_class(row: Row) -> None:
    if not row["code"].startswith(row["major_code"]):
        raise Refused(_("A class's code begins with that of its major class."), field="code")


def read_crossing(row: Crossing) -> Row:
    return {"old": row.old.code, "new": row.new.code, "certain": row.certain}


def write_crossing(instance: Crossing, row: Row, ids: Ids) -> None:
    instance.old_id, instance.new_id = ids["classes"][row["old"]], ids["classes"][row["new"]]
    instance.certain = row["certain"]


GROUPS = Table(
    name="groups",
    label=gettext_lazy("Big choices"),
    about=gettext_lazy("What residents choose first; each gathers many classes."),
    key=("code",),
    columns=(
        Column("code", gettext_lazy("Code"), Code(most=20), required=True),
        Column("ordinal", gettext_lazy("Order"), Whole(), required=True),
        Column("name", pgettext_lazy("thing", "Name"), Cell(40), required=True, headings=("名称",)),
        Column("name_en", gettext_lazy("Name in English"), Cell(60)),
        Column("hint", gettext_lazy("Examples"), Cell(100)),
        Column("hint_en", gettext_lazy("Examples in English"), Cell(160), dense=False),
    ),
    all=MatterGroup.objects.all,
    read=read_group,
    write=copy_all,
)

CLASSES = Table(
    name="classes",
    label=gettext_lazy("Classes"),
    about=gettext_lazy("What kinds of matter there are, by code; the standards stand side by side."),
    key=("code",),
    columns=(
        Column("code", gettext_lazy("Class code"), Code(most=12), required=True, headings=("小类代码", "code")),
        Column("name", gettext_lazy("Class name"), Cell(100), required=True, headings=("小类名称",)),
        Column("name_en", gettext_lazy("Class name in English"), Cell(160)),
        Column("standard", gettext_lazy("Standard"), Cell(20), required=True),
        Column("major_code", gettext_lazy("Major class code"), Code(most=4), required=True, headings=("大类代码",)),
        Column("major_name", gettext_lazy("Major class name"), Cell(60), required=True, headings=("大类名称",)),
        Column("major_name_en", gettext_lazy("Major class name in English"), Cell(100), dense=False),
        Column("group", gettext_lazy("Big choice"), Code(most=20), refers_to="groups"),
        Column(
            "keywords", gettext_lazy("Words residents use"), Pieces(), default=(), dense=False,
            help=gettext_lazy("Between semicolons."),
        ),
        Column(
            "confidential", gettext_lazy("Confidential"), Flag(), default=False,
            help=gettext_lazy("Such matters are confidential from the beginning: tip-offs, minors, domestic violence."),
        ),
        Column("in_force", gettext_lazy("In force"), Flag(), default=True),
    ),
    all=lambda: MatterClass.objects.select_related("group"),
    read=read_class,
    write=write_class,
    refers={"groups": group_ids},
    check=check_class,
)  # fmt: skip

CROSSWALK = Table(
    name="crosswalk",
    label=gettext_lazy("Crosswalk"),
    about=gettext_lazy("What a class of one standard is called in another."),
    key=("old", "new"),
    columns=(
        Column("old", gettext_lazy("Old class"), Code(most=12), required=True, refers_to="classes"),
        Column("new", gettext_lazy("New class"), Code(most=12), required=True, refers_to="classes"),
        Column("certain", gettext_lazy("Certain"), Flag(), default=True),
    ),
    all=lambda: Crossing.objects.select_related("old", "new"),
    read=read_crossing,
    write=write_crossing,
    refers={"classes": class_ids},
)
