"""Working on the draft of a territory change: begin, take a step, go back, propose, drop."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from wangge.accounts.models import Account
from wangge.audit.actions import record
from wangge.common.refusals import Refused
from wangge.common.words import demand_short
from wangge.territory import codes
from wangge.territory.changes import effects, steps, topology
from wangge.territory.changes.permissions import DRAFT, PROPOSE, WORK, demand_plan, has_worked_on
from wangge.territory.changes.picture import Picture, picture_of
from wangge.territory.changes.plan import Plan
from wangge.territory.models import Area, Level, TerritoryChange, UnitGrid

KIND = "territory_change"
DROP, WITHDRAW = "drop_territory", "withdraw_territory"
KEPT_STEPS = 20
MOST_REMARK = 2000  # characters
PLANS = ("plan", "earlier", "later", "effects")  # what is large on a change
Stage, About = TerritoryChange.Stage, TerritoryChange.About


class Overtaken(Refused):
    """Somebody else saved the draft after it was looked at; nothing of either is lost."""


@dataclass(frozen=True)
class Draft:
    """A draft with its plan and the tree it starts from."""

    change: TerritoryChange
    plan: Plan
    before: Picture

    @property
    def after(self) -> Picture:
        return self.plan.on(self.before)

    def faults(self) -> list[topology.Fault]:
        """What stands against it, the overtaken areas first."""
        return [*overtaken(self.plan, self.before), *topology.faults(self.plan, self.before)]


def open_draft(change: TerritoryChange) -> Draft:
    """Read a change with the tree as it is in force now."""
    codes.load()
    return Draft(change, Plan.read(change.plan), picture_of(change.within, change.about))


def overtaken(plan: Plan, now: Picture) -> list[topology.Fault]:
    """A fault for each area that another change has touched since."""
    return [
        topology.Fault(
            "overtaken",
            _(
                "%(code)s was changed or ended by somebody else since this draft touched it. Take the step again."
            )
            % {"code": code},
            (code,),
        )
        for code in plan.overtaken(now)
    ]


@transaction.atomic
def begin(
    within: Area,
    *,
    title: str,
    by: Account,
    at: datetime,
    reason: str = "",
    document: str = "",
    on: date | None = None,
    about: str = TerritoryChange.About.AREAS,
    demand: Callable[[Account, Area], None] = demand_plan,
) -> TerritoryChange:
    """Begin a draft for what lies in an area; `demand` raises Refused for anybody without the right there."""
    demand(by, within)
    _demand_day(on, at)
    if within.valid_to is not None:
        raise Refused(_("This area is no longer in force."), field="within")
    change = TerritoryChange(
        within=within, title=title.strip(), reason=reason.strip(), document=document.strip(), in_force_on=on,
        about=about, made_by=by, made_at=at, saved_by=by, saved_at=at,
    )  # fmt: skip
    if not change.title:
        raise Refused(_("Please give it a title."), field="title")
    change.save()
    note(change, DRAFT, by, at)
    return change


def _demand_day(on: date | None, at: datetime) -> None:
    if on is not None and on < timezone.localdate(at):
        raise Refused(
            _("A change takes effect today or later; what was before stays true."), field="in_force_on"
        )


def note(change: TerritoryChange, verb: str, by: Account | None, at: datetime, **data: Any) -> None:
    """Write an event on the change's chain and save it."""
    record(change, kind=KIND, verb=verb, at=at, by=by, to_stage=change.stage, data=data)
    change.save()


@contextmanager
def working(
    change: TerritoryChange, by: Account, at: datetime, seen: int | None
) -> Iterator[TerritoryChange]:
    """Lock a draft for one step of one person; raises Overtaken when somebody saved it since it was `seen`."""
    with transaction.atomic():
        locked = (
            TerritoryChange.objects.select_for_update(of=("self",))
            .select_related("within", "saved_by")
            .get(pk=change.pk)
        )
        demand_plan(by, locked.within)
        if locked.stage != Stage.DRAFT:
            raise Refused(
                _("Only a draft can be worked on; this one is: %(stage)s.")
                % {"stage": locked.get_stage_display()}
            )
        if seen is not None and seen != locked.revision:
            raise Overtaken(who_was_faster(locked))
        yield locked
        locked.revision += 1
        locked.saved_by, locked.saved_at = by, at
        if not has_worked_on(by, locked):
            record(locked, kind=KIND, verb=WORK, at=at, by=by, to_stage=locked.stage)
        locked.save()
        for name in ("revision", "saved_by", "saved_at", "plan", "earlier", "later", "stage"):
            setattr(change, name, getattr(locked, name))


def who_was_faster(change: TerritoryChange) -> str:
    """Tell the second of two editors who saved and when."""
    who = change.saved_by.name if change.saved_by else _("Somebody")
    when = timezone.localtime(change.saved_at).strftime("%m-%d %H:%M")
    return _(
        "%(who)s saved this draft at %(when)s, after you opened it. Nothing of yours was stored and nothing is lost: look at both and save again."
    ) % {"who": who, "when": when}


def take(
    change: TerritoryChange,
    step: Callable[[Plan, Picture], Plan],
    *,
    by: Account,
    at: datetime,
    seen: int | None = None,
) -> Plan:
    """Take one step of `steps` on a draft; the plan before it is kept for going back."""
    with working(change, by, at, seen) as locked:
        draft = open_draft(locked)
        plan = step(draft.plan, draft.before)
        if plan == draft.plan:
            raise Refused(_("This changes nothing."))
        put(draft, locked, plan)
    return plan


def put(draft: Draft, locked: TerritoryChange, plan: Plan) -> None:
    """Let a draft, locked by the caller, have another plan; the one before is kept for going back."""
    _demand_within(plan, draft)
    demand_free(locked, plan)
    locked.earlier = [*locked.earlier, locked.plan][-KEPT_STEPS:]
    locked.plan, locked.later = plan.data(), []


def _demand_within(plan: Plan, draft: Draft) -> None:
    """A draft reaches what lies in its area, and the area itself: not what is around it."""
    around = {node.code for node in draft.before.above(draft.change.within.code)}
    if outside := sorted(plan.codes & around):
        raise Refused(
            _(
                "This reaches beyond %(area)s: %(codes)s would change too. Begin the change in an area around both."
            )
            % {"area": draft.change.within.name, "codes": "、".join(outside)}
        )


def demand_free(change: TerritoryChange, plan: Plan) -> None:
    """Raise Refused where a new code was ever given, or another change that waits has it or touches the same areas."""
    given_codes: QuerySet[Any] = (Area if change.about == About.AREAS else UnitGrid).objects.all()
    if given := sorted(given_codes.filter(code__in=plan.new).values_list("code", flat=True)):
        raise Refused(
            _("The code %(code)s is taken; a code is never given twice.") % {"code": given[0]}, field="code"
        )
    waiting = TerritoryChange.objects.filter(stage__in=[Stage.PROPOSED, Stage.APPROVED], about=change.about)
    for other in waiting.exclude(pk=change.pk).defer("earlier", "later", "effects"):
        both = Plan.read(other.plan).codes & plan.codes
        if both:
            raise Refused(
                _("“%(title)s” waits already and touches %(codes)s too. Let it take effect first.")
                % {"title": other.title, "codes": "、".join(sorted(both)[:5])}
            )


def undo(change: TerritoryChange, *, by: Account, at: datetime, seen: int | None = None) -> None:
    """Take the last step back."""
    with working(change, by, at, seen) as locked:
        if not locked.earlier:
            raise Refused(_("There is no step to take back."))
        locked.later = [*locked.later, locked.plan][-KEPT_STEPS:]
        locked.plan, locked.earlier = locked.earlier[-1], locked.earlier[:-1]


def redo(change: TerritoryChange, *, by: Account, at: datetime, seen: int | None = None) -> None:
    """Take a step again that was taken back."""
    with working(change, by, at, seen) as locked:
        if not locked.later:
            raise Refused(_("There is no step to take again."))
        locked.earlier = [*locked.earlier, locked.plan][-KEPT_STEPS:]
        locked.plan, locked.later = locked.later[-1], locked.later[:-1]


@transaction.atomic
def correct(
    change: TerritoryChange,
    *,
    title: str,
    reason: str,
    document: str,
    on: date | None,
    by: Account,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Other words or another day for a draft."""
    _demand_day(on, at)
    with working(change, by, at, seen) as locked:
        locked.title, locked.reason, locked.document = title.strip(), reason.strip(), document.strip()
        locked.in_force_on = on
        if not locked.title:
            raise Refused(_("Please give it a title."), field="title")


@transaction.atomic
def propose(change: TerritoryChange, *, by: Account, at: datetime, seen: int | None = None) -> None:
    """Ask somebody else to approve; refused while anything stands against it. The effects are counted and kept."""
    with working(change, by, at, seen) as locked:
        draft = open_draft(locked)
        demand_sound(draft)
        _demand_day(locked.in_force_on, at)
        locked.stage, locked.proposed_by, locked.proposed_at = Stage.PROPOSED, by, at
        locked.effects = [effect.data() for effect in effects.effects_of(draft.plan, draft.before)]
        locked.remark = locked.trouble = ""
        note(locked, PROPOSE, by, at, effects=locked.effects)
    change.refresh_from_db()


def demand_sound(draft: Draft) -> None:
    """Raise Refused with the first fault of a plan, or when it does nothing."""
    if draft.plan.is_empty:
        raise Refused(_("This draft changes nothing yet."))
    if found := draft.faults():
        raise Refused(found[0].sentence)
    demand_free(draft.change, draft.plan)


@transaction.atomic
def withdraw(change: TerritoryChange, *, by: Account, at: datetime, seen: int | None = None) -> None:
    """Take a proposed or approved change back to the draft, as long as it is not in force."""
    locked = lock(change, seen)
    demand_plan(by, locked.within)
    if locked.stage not in (Stage.PROPOSED, Stage.APPROVED):
        raise Refused(_("Only what waits can be taken back."))
    reopen(locked)
    note(locked, WITHDRAW, by, at)
    change.refresh_from_db()


def lock(change: TerritoryChange, seen: int | None = None) -> TerritoryChange:
    """The change as it is now, nobody else's until the transaction ends; raises Overtaken if not what was `seen`."""
    locked = (
        TerritoryChange.objects.select_for_update(of=("self",)).select_related("within").get(pk=change.pk)
    )
    if seen is not None and seen != locked.revision:
        raise Overtaken(_("This was changed after you opened it. Please look at it again, then decide."))
    return locked


def reopen(change: TerritoryChange) -> None:
    """A draft again, as it was before it was proposed."""
    change.stage, change.revision = Stage.DRAFT, change.revision + 1
    change.proposed_by = change.proposed_at = change.decided_by = change.decided_at = None


@transaction.atomic
def drop(
    change: TerritoryChange, *, by: Account, at: datetime, remark: str = "", seen: int | None = None
) -> None:
    """Give a draft up; it stays to be read."""
    locked = lock(change, seen)
    demand_plan(by, locked.within)
    if locked.stage != Stage.DRAFT:
        raise Refused(_("Only a draft can be dropped."))
    demand_short(remark, "remark", MOST_REMARK)
    locked.stage, locked.remark = Stage.DROPPED, remark.strip()
    note(locked, DROP, by, at)
    change.refresh_from_db()


@dataclass(frozen=True)
class Division:
    """The grids that a community shall have: each has `shape` (WGS84), perhaps `name`, `kind`, `code`; some may stay."""

    community: Area
    grids: Sequence[Mapping[str, Any]]
    stay: frozenset[str] = frozenset()


def draft_of_grids(
    community: Area,
    grids: Sequence[Mapping[str, Any]],
    *,
    title: str,
    by: Account,
    at: datetime,
    reason: str = "",
    document: str = "",
    on: date | None = None,
) -> TerritoryChange:
    """Turn a proposal of grids for one community into a draft; as `draft_of_divisions`."""
    return draft_of_divisions(
        community,
        [Division(community, grids)],
        title=title,
        by=by,
        at=at,
        reason=reason,
        document=document,
        on=on,
    )


def draft_of_divisions(
    within: Area,
    divisions: Sequence[Division],
    *,
    title: str,
    by: Account,
    at: datetime,
    reason: str = "",
    document: str = "",
    on: date | None = None,
) -> TerritoryChange:
    """Turn proposals for the communities of an area into one draft.

    The old grids end, each followed by the new ones that take its ground; codes and names are given where there are none.
    """
    with transaction.atomic():
        change = begin(within, title=title, by=by, at=at, reason=reason, document=document, on=on)
        codes.load()
        named = [(one, _with_codes(one.community, one.grids)) for one in divisions]

        def step(plan: Plan, before: Picture) -> Plan:
            for one, grids in named:
                parent = one.community.code
                plan = steps.replace_grids(plan, before, parent=parent, grids=grids, stay=one.stay)
            return plan

        take(change, step, by=by, at=at)
    return change


def _with_codes(
    community: Area, grids: Sequence[Mapping[str, Any]]
) -> list[tuple[str, str, str, BaseGeometry]]:
    """Give each grid a code that was never given, and a name."""
    found, taken = (
        list[tuple[str, str, str, BaseGeometry]](),
        {str(grid["code"]) for grid in grids if grid.get("code")},
    )
    for number, grid in enumerate(grids, start=1):
        kind = str(grid.get("kind") or "general")
        code = str(grid.get("code") or "") or _free(community.code, kind, taken)
        taken.add(code)
        name = str(grid.get("name") or "") or _("%(community)s grid %(number)s") % {
            "community": community.name,
            "number": number,
        }
        found.append((code, name, kind, grid["shape"]))
    return found


def _free(parent: str, kind: str, taken: Collection[str]) -> str:
    free = codes.next_codes(parent, Level.GRID, kind, taken=taken)
    if not free:
        raise Refused(
            _("There is no free code for another grid in %(parent)s.") % {"parent": parent}, field="code"
        )
    return free[0]
