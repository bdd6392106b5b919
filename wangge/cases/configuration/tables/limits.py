"""Limits of the stages around handling, the reminders before they run out, and the ladders climbed after."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.accounts.models import Account, Role
from wangge.cases.configuration.cells import Amount, Cell, Choice, Code, Flag, Limit, Named, Whole, plain
from wangge.cases.configuration.table import Column, Row, Table, copied
from wangge.cases.configuration.tables.classes import copy_all
from wangge.cases.configuration.tables.duty import unit_ids
from wangge.cases.models import ClockKind, Ladder, Quota, ReminderRule, Rung, StageLimit
from wangge.common.refusals import Refused
from wangge.territory.models import Level

Ids = Mapping[str, Mapping[str, int]]


def read_limit(row: StageLimit) -> Row:
    return {"clock": row.clock, "limit": [row.limit_kind, plain(Decimal(row.limit_amount))]}


def write_limit(instance: StageLimit, row: Row, ids: Ids) -> None:
    instance.clock = row["clock"]
    instance.limit_kind, instance.limit_amount = row["limit"][0], Decimal(row["limit"][1])


def read_ladder(row: Ladder) -> Row:
    return {
        "code": row.code, "name": row.name, "name_en": row.name_en, "clock": row.clock, "in_force": row.in_force,
    }  # fmt: skip


def read_rung(row: Rung) -> Row:
    return {
        "ladder": row.ladder.code,
        "ordinal": row.ordinal,
        "after_percent": row.after_percent,
        "overdue": [row.after_kind, plain(Decimal(row.after_amount))] if row.after_amount else None,
        "role": row.role,
        "level": row.level,
        "unit": row.unit.code if row.unit else "",
        "fallback": row.fallback_account.username if row.fallback_account else "",
    }


def write_rung(instance: Rung, row: Row, ids: Ids) -> None:
    instance.ladder_id, instance.ordinal = ids["ladders"][row["ladder"]], row["ordinal"]
    instance.after_percent = row["after_percent"]
    kind, amount = row["overdue"] or ("", None)
    instance.after_kind, instance.after_amount = kind, Decimal(amount) if amount else None
    instance.role, instance.level = row["role"], row["level"]
    instance.unit_id = ids["units"].get(row["unit"])
    instance.fallback_account_id = ids["accounts"].get(row["fallback"])


def check_rung(row: Row) -> None:
    if (row["after_percent"] is None) == (row["overdue"] is None):
        raise Refused(
            _("Say either after how much of the limit, or how long overdue."), field="after_percent"
        )
    if not (row["role"] or row["unit"] or row["fallback"]):
        raise Refused(_("Say who is told: a post, a unit, or a person."), field="role")


def read_reminder(row: ReminderRule) -> Row:
    hours = None if row.before_hours is None else plain(row.before_hours)
    return {
        "clock": row.clock, "after_percent": row.after_percent, "before_hours": hours, "in_force": row.in_force,
    }  # fmt: skip


def write_reminder(instance: ReminderRule, row: Row, ids: Ids) -> None:
    instance.clock, instance.after_percent = row["clock"], row["after_percent"]
    instance.before_hours = Decimal(row["before_hours"]) if row["before_hours"] else None
    instance.in_force = row["in_force"]


def check_reminder(row: Row) -> None:
    if (row["after_percent"] is None) == (row["before_hours"] is None):
        raise Refused(
            _("Say either after how much of the limit, or how long before it ends."), field="after_percent"
        )


def ladder_ids() -> dict[str, int]:
    return dict(Ladder.objects.values_list("code", "pk"))


def account_ids() -> dict[str, int]:
    return dict(Account.objects.values_list("username", "pk"))


# Not a clock of a matter, but a limit of the centre as well.
STAGES = [*ClockKind.choices, ("reply", gettext_lazy("Reply to a supervision order"))]

LIMITS = Table(
    name="limits",
    label=gettext_lazy("Stage limits"),
    about=gettext_lazy(
        "How long the stages around handling may take; handling itself has the limit of its condition."
    ),
    key=("clock",),
    columns=(
        Column("clock", gettext_lazy("Stage"), Choice(options=STAGES), required=True),
        Column("limit", gettext_lazy("Limit"), Limit(), required=True, default=None),
    ),
    all=lambda: StageLimit.objects.order_by("pk"),
    read=read_limit,
    write=write_limit,
    fixed=True,
)

QUOTAS = Table(
    name="quotas",
    label=gettext_lazy("Quotas"),
    about=gettext_lazy("How often or how long something is allowed."),
    key=("code",),
    columns=(
        Column("code", gettext_lazy("What is counted"), Choice(options=Quota.Code.choices), required=True),
        Column("amount", gettext_lazy("Most"), Whole(least=0), required=True, default=None),
    ),
    all=Quota.objects.all,
    read=copied("code", "amount"),
    write=copy_all,
    fixed=True,
)

LADDERS = Table(
    name="ladders",
    label=gettext_lazy("Escalation ladders"),
    about=gettext_lazy("Which ladder is climbed when a clock runs out; its rungs are a table of their own."),
    key=("code",),
    columns=(
        Column("code", gettext_lazy("Code"), Code(), required=True),
        Column("name", pgettext_lazy("thing", "Name"), Cell(60), required=True),
        Column("name_en", gettext_lazy("Name in English"), Cell(100)),
        Column("clock", gettext_lazy("Clock"), Choice(options=ClockKind.choices), required=True),
        Column("in_force", gettext_lazy("In force"), Flag(), default=True),
    ),
    all=Ladder.objects.all,
    read=read_ladder,
    write=copy_all,
)

RUNGS = Table(
    name="rungs",
    label=gettext_lazy("Rungs"),
    about=gettext_lazy(
        "Who is told, from the lowest rung up. Where nobody holds the post, the person named as fallback is told."
    ),
    key=("ladder", "ordinal"),
    columns=(
        Column("ladder", gettext_lazy("Ladder"), Code(), required=True, refers_to="ladders"),
        Column("ordinal", gettext_lazy("Rung"), Whole(largest=99), required=True),
        Column(
            "after_percent", gettext_lazy("After % of the limit"), Whole(largest=1000), default=None,
            help=gettext_lazy("100 is the due moment."),
        ),
        Column("overdue", gettext_lazy("Or overdue by"), Limit(), default=None),
        Column("role", gettext_lazy("Post"), Choice(options=Role.choices)),
        Column(
            "level", gettext_lazy("Of the level"), Choice(options=Level.choices),
            help=gettext_lazy("Empty: whoever holds the post nearest to the matter."),
        ),
        Column("unit", gettext_lazy("Or people of a unit"), Named()),
        Column("fallback", gettext_lazy("Fallback"), Named(of=lambda facts: facts.accounts)),
    ),
    all=lambda: Rung.objects.select_related("ladder", "unit", "fallback_account").order_by("ladder__code", "ordinal"),
    read=read_rung,
    write=write_rung,
    refers={"ladders": ladder_ids, "units": unit_ids, "accounts": account_ids},
    check=check_rung,
)  # fmt: skip

REMINDERS = Table(
    name="reminders",
    label=gettext_lazy("Reminders"),
    about=gettext_lazy(
        "When whoever has a matter in hand is reminded of its deadline: in working time, urgent limits round the clock."
    ),
    key=("clock", "after_percent", "before_hours"),
    columns=(
        Column("clock", gettext_lazy("Clock"), Choice(options=ClockKind.choices), required=True),
        Column("after_percent", gettext_lazy("After % of the limit"), Whole(largest=99), default=None),
        Column(
            "before_hours", gettext_lazy("Or hours before it ends"), Amount(), default=None,
            help=gettext_lazy("Working hours; of an urgent limit any hours."),
        ),
        Column("in_force", gettext_lazy("In force"), Flag(), default=True),
    ),
    all=ReminderRule.objects.all,
    read=read_reminder,
    write=write_reminder,
    check=check_reminder,
)  # fmt: skip
