"""The duty list: whose a kind of work, or one class, is in an area, and at which times."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Unit
from wangge.cases.configuration.cells import AreaNamed, Code, Day, Hours, KindOfUnit, MonthDay, Named
from wangge.cases.configuration.table import Column, Row, Table
from wangge.cases.configuration.tables.classes import class_ids
from wangge.cases.models import DutyRow
from wangge.common.refusals import Refused
from wangge.territory.models import Area

TIMES = ("season_from", "season_to", "hours")


def read_duty(row: DutyRow) -> Row:
    return {
        "area": row.area.code,
        "unit_role": row.unit_role,
        "matter": row.matter.code if row.matter else "",
        "season_from": row.season_from,
        "season_to": row.season_to,
        "hours": row.hours,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "unit": row.unit.code,
    }


def write_duty(instance: DutyRow, row: Row, ids: Mapping[str, Mapping[str, int]]) -> None:
    instance.area_id, instance.unit_id = ids["areas"][row["area"]], ids["units"][row["unit"]]
    instance.matter_id = ids["classes"][row["matter"]] if row["matter"] else None
    instance.unit_role = row["unit_role"]
    for name in TIMES:
        setattr(instance, name, row[name])
    instance.valid_from = date.fromisoformat(row["valid_from"]) if row["valid_from"] else None
    instance.valid_to = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None


def check_duty(row: Row) -> None:
    if not (row["unit_role"] or row["matter"]):
        raise Refused(_("Name a kind of work, or a class."), field="unit_role")
    if bool(row["season_from"]) != bool(row["season_to"]):
        raise Refused(_("A season needs both days: from and to."), field="season_to")
    if row["valid_from"] and row["valid_to"] and row["valid_to"] <= row["valid_from"]:
        raise Refused(_("It must begin to hold before it ends."), field="valid_to")


def area_ids() -> dict[str, int]:
    return dict(Area.objects.filter(valid_to=None).values_list("code", "pk"))


def unit_ids() -> dict[str, int]:
    return dict(Unit.objects.values_list("code", "pk"))


DUTY = Table(
    name="duty",
    label=gettext_lazy("Duty list"),
    about=gettext_lazy(
        "Which unit a kind of work belongs to in an area. A class named here comes before its kind of work, the "
        "nearest area before those around it, a row with times before one that always holds."
    ),
    key=("area", "unit_role", "matter", "season_from", "season_to", "hours", "valid_from", "valid_to"),
    columns=(
        Column("area", gettext_lazy("Area"), AreaNamed(), required=True, headings=("区域",)),
        Column("unit_role", gettext_lazy("Kind of work"), KindOfUnit(), help=gettext_lazy("Or one class only.")),
        Column(
            "matter", gettext_lazy("One class only"), Code(most=12), refers_to="classes",
            help=gettext_lazy("Leave it empty and the row holds for all classes of this kind of work."),
        ),
        Column("unit", gettext_lazy("Unit"), Named(), required=True, headings=("单位", "责任单位")),
        Column("season_from", gettext_lazy("Season from"), MonthDay(), help=gettext_lazy("Month and day: 06-01.")),
        Column("season_to", gettext_lazy("Season to"), MonthDay(), help=gettext_lazy("This day is included.")),
        Column("hours", gettext_lazy("Hours"), Hours(), help=gettext_lazy("18:00-08:00 goes over midnight.")),
        Column("valid_from", gettext_lazy("Holds from"), Day(), default=None, dense=False),
        Column(
            "valid_to", gettext_lazy("Holds until"), Day(), default=None, dense=False,
            help=gettext_lazy("The first day on which it no longer holds."),
        ),
    ),
    # Rows of areas that were retired match no place any more and are left as they are.
    all=lambda: DutyRow.objects.filter(area__valid_to=None).select_related("area", "matter", "unit").order_by(
        "area__path", "unit_role", "matter__code", "pk"
    ).defer("area__boundary"),
    read=read_duty,
    write=write_duty,
    refers={"areas": area_ids, "units": unit_ids, "classes": class_ids},
    check=check_duty,
)  # fmt: skip
