"""What stands escalated: to whom each matter came and why, what came to one person, and what reached nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wangge.accounts.models import Account, AdminRole, Role
from wangge.cases.models import Case, ClockKind, Escalation, Report
from wangge.cases.permissions import at_desk, visible_cases, visible_reports
from wangge.cases.queries.durations import limit_words
from wangge.cases.queries.rows import Row, rows_of, with_names
from wangge.cases.queries.standing import standing
from wangge.territory.models import Area, Level
from wangge.territory.scopes import Person, scope_of

MOST = 200  # matters shown on one page; the rest are counted


@dataclass(frozen=True)
class Came:
    """One rung that was climbed, in words."""

    at: datetime
    to: str
    why: str
    could_not: bool
    passed_on: bool


@dataclass(frozen=True)
class Escalated:
    """A matter and the newest of its rungs, as a list shows it."""

    row: Row
    came: Came
    due_at: datetime


@dataclass(frozen=True)
class Found:
    """The matters of a list, the longest overdue first; `count` may be more than are shown."""

    matters: Sequence[Escalated]
    count: int


# -- Lists -------------------------------------------------------------------------------------------------------


def came_to_person(person: Account, now: datetime) -> Found:
    """What came to a person by name, by their unit or by a post they hold today, whoever held it then."""
    seen = Q(case__in=Case.objects.filter(visible_cases(person))) | Q(
        report__in=Report.objects.filter(visible_reports(person))
    )
    return _found(standing().filter(_to(person), seen), now)


def _to(person: Account) -> Q:
    scope = scope_of(person)
    condition = Q(account=person)
    if scope.unit_id is not None:
        condition |= Q(unit_id=scope.unit_id, role="") | Q(unit_id=scope.unit_id, role__in=scope.roles)
    levels = dict(Area.objects.filter(pk__in={r.area_id for r in scope.reaches}).values_list("pk", "level"))
    for reach in scope.reaches:
        lies_there = Q(case__area_path__startswith=reach.path) | Q(report__area_path__startswith=reach.path)
        condition |= Q(role=reach.role, level=levels[reach.area_id], unit=None) & lies_there
    return condition


def sees_unreached(person: Person) -> bool:
    """Tell whether somebody reads what reached nobody: the system administrator, overseers, leaders, duty chiefs."""
    if getattr(person, "admin_role", None) == AdminRole.SYSTEM:
        return True
    return scope_of(person).has(Role.OVERSEER, Role.LEADER, Role.DUTY_CHIEF)


def unreached(person: Account) -> QuerySet[Escalation]:
    """What could not be escalated; an administrator sees all of it, without opening any."""
    found = standing().filter(could_not=True)
    if person.admin_role == AdminRole.SYSTEM:
        return found
    return found.filter(
        Q(case__in=Case.objects.filter(at_desk(person, case=True)))
        | Q(report__in=Report.objects.filter(at_desk(person, case=False)))
    )


def unreached_matters(person: Account, now: datetime) -> Found:
    """The matters that could not be escalated."""
    return _found(unreached(person), now)


def _found(escalations: QuerySet[Escalation], now: datetime) -> Found:
    """Gather matters: the newest rung of each, in a number of statements that does not grow."""
    keys = list(escalations.order_by("due_at", "-at", "-ordinal").values_list("pk", "case_id", "report_id"))
    newest: dict[Any, int] = {}
    for pk, case_id, report_id in keys:
        newest.setdefault(case_id or report_id, pk)
    shown = list(newest.values())[:MOST]
    dressed = {one.pk: one for one in _with_words(Escalation.objects.filter(pk__in=shown))}
    return Found(_matters([dressed[pk] for pk in shown], now), len(newest))


def _matters(escalations: Sequence[Escalation], now: datetime) -> list[Escalated]:
    cases = with_names(Case.objects.filter(pk__in=[e.case_id for e in escalations if e.case_id]), case=True)
    reports = with_names(
        Report.objects.filter(pk__in=[e.report_id for e in escalations if e.report_id]), case=False
    )
    rows = {row.subject.pk: row for row in rows_of([*cases, *reports], now)}
    return [
        Escalated(rows[key], in_words(e), e.due_at) for e in escalations if (key := e.case_id or e.report_id)
    ]


def _with_words(escalations: QuerySet[Escalation]) -> QuerySet[Escalation]:
    return escalations.select_related("rung", "unit", "account", "clock")


# -- Words -------------------------------------------------------------------------------------------------------


def of_matter(subject: Report | Case) -> list[Came]:
    """What a matter's page says: every rung that stands climbed, the newest first."""
    mine = Q(case_id=subject.pk) if isinstance(subject, Case) else Q(report_id=subject.pk)
    return [in_words(one) for one in _with_words(standing().filter(mine)).order_by("-at", "-ordinal")]


def in_words(one: Escalation) -> Came:
    """A rung in the reader's language."""
    person = one.account.name if one.account else ""
    unit = one.unit.name if one.unit else ""
    rung = one.rung
    why = why_words(
        one.clock.kind,
        percent=rung.after_percent if rung else 100,
        amount=rung.after_amount if rung else None,
        kind=rung.after_kind if rung else "",
    )
    to = to_words(one.role, one.level, unit, person)
    return Came(one.at, to, why, one.could_not, one.passed_on)


def to_words(role: str, level: str, unit: str, person: str) -> str:
    """Whom something came to: a post at a level or in a unit, a unit, or a person; "" for nobody."""
    post = str(Role(role).label) if role else ""
    place = unit or (str(Level(level).label) if level else "")
    return person or " · ".join(word for word in (post, place) if word)


def why_words(clock: str, *, percent: int | None, amount: Decimal | None, kind: str) -> str:
    """Why a rung was climbed: which clock, and how late it was."""
    name = ClockKind(clock).label
    if amount is not None:
        late = limit_words(kind, amount)
        return _("%(clock)s: overdue by %(late)s") % {"clock": name, "late": late}
    if percent is not None and percent != 100:
        return _("%(clock)s: %(percent)d %% of the limit used") % {"clock": name, "percent": percent}
    return _("%(clock)s: the limit is used up") % {"clock": name}


def told(data: dict[str, Any], names: dict[int, str], units: dict[int, str]) -> list[tuple[str, str]]:
    """What an event of an escalation says; `names` and `units` are the names behind its ids."""
    why = data.get("why", {})
    amount = why.get("amount")
    to = to_words(
        data.get("role", ""),
        data.get("level", ""),
        units.get(data.get("unit_id") or 0, ""),
        names.get(data.get("person") or 0, ""),
    )
    because = why_words(
        data["clock"],
        percent=why.get("percent"),
        amount=None if amount is None else Decimal(amount),
        kind=why.get("kind", ""),
    )
    return [(_("Rung"), str(data["rung"])), (_("Came to"), to or _("nobody")), (_("Because"), because)]


def ids_in(events: Iterable[dict[str, Any]]) -> tuple[set[int], set[int]]:
    """The ids of persons and units that events of escalations name."""
    data = [one for one in events if "rung" in one]
    return {one["person"] for one in data if one.get("person")}, {
        one["unit_id"] for one in data if one.get("unit_id")
    }
