"""Filing conditions: when a matter is filed and closed, how long handling may take, whose it is."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.cases.configuration.cells import Cell, Code, Flag, KindOfUnit, Limit, Whole, plain
from wangge.cases.configuration.table import Column, Row, Table
from wangge.cases.configuration.tables.classes import class_ids
from wangge.cases.models import FilingCondition

COPIED = (
    "ordinal", "text", "text_en", "closing", "closing_en", "unit_role", "supervisor", "urgent", "verify_first",
    "after_photo", "on_the_spot", "auto_dispatch", "auto_close",
    "check_percent", "source", "in_force",
)  # fmt: skip


def read_condition(row: FilingCondition) -> Row:
    told: Row = {name: getattr(row, name) for name in COPIED}
    return {"matter": row.matter.code, "limit": [row.limit_kind, plain(Decimal(row.limit_amount))], **told}


def write_condition(instance: FilingCondition, row: Row, ids: Mapping[str, Mapping[str, int]]) -> None:
    for name in COPIED:
        setattr(instance, name, row[name])
    instance.matter_id = ids["classes"][row["matter"]]
    instance.limit_kind, instance.limit_amount = row["limit"][0], Decimal(row["limit"][1])


CONDITIONS = Table(
    name="conditions",
    label=gettext_lazy("Filing conditions"),
    about=gettext_lazy("When a matter is filed and closed, how long handling may take, and which kind of unit does it."),
    key=("matter", "ordinal"),
    columns=(
        Column("matter", gettext_lazy("Class"), Code(most=12), required=True, refers_to="classes", headings=("小类代码",)),
        Column("ordinal", pgettext_lazy("condition", "Number"), Whole(largest=99), required=True, headings=("序号",)),
        Column("text", gettext_lazy("Filing condition"), Cell(300), required=True, headings=("立案条件",)),
        Column("text_en", gettext_lazy("Filing condition in English"), Cell(400), dense=False),
        Column("closing", gettext_lazy("Closing condition"), Cell(300), required=True, headings=("结案条件",)),
        Column("closing_en", gettext_lazy("Closing condition in English"), Cell(400), dense=False),
        Column(
            "limit", gettext_lazy("Handling limit"), Limit(), required=True, default=None, headings=("处置时限", "时限"),
            help=gettext_lazy("As you write it: 2 working days, 4 working hours, 2 urgent hours, 1 calendar day."),
        ),
        Column(
            "unit_role", gettext_lazy("Unit responsible"), KindOfUnit(), required=True, headings=("处置单位", "责任单位"),
            help=gettext_lazy("A kind of unit; the duty list says which unit that is in each area."),
        ),
        Column("supervisor", gettext_lazy("Department above"), Cell(100), headings=("主管部门",)),
        Column("urgent", gettext_lazy("Urgent"), Flag(), default=False, dense=False),
        Column("verify_first", gettext_lazy("Verified on the spot first"), Flag(), default=True, dense=False),
        Column("after_photo", gettext_lazy("Needs a photo of the result"), Flag(), default=True, dense=False),
        Column("on_the_spot", gettext_lazy("May be settled on the spot"), Flag(), default=False, dense=False),
        Column("auto_dispatch", gettext_lazy("Dispatched by the duty list"), Flag(), default=False, dense=False),
        Column("auto_close", gettext_lazy("Closes by itself after the check"), Flag(), default=False, dense=False),
        Column(
            "check_percent", gettext_lazy("Of a hundred results, checked"), Whole(largest=100, least=0), default=100,
            dense=False,
        ),
        Column("source", gettext_lazy("Where it comes from"), Cell(200), dense=False, headings=("依据",)),
        Column("in_force", gettext_lazy("In force"), Flag(), default=True),
    ),
    all=lambda: FilingCondition.objects.select_related("matter").order_by("matter__code", "ordinal"),
    read=read_condition,
    write=write_condition,
    refers={"classes": class_ids},
)  # fmt: skip
