"""Who may see what, and who may take which step now; a refusal is one sentence, shown as the tooltip too."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Person, Role
from wangge.cases.conditions import unmet
from wangge.cases.models import Case, Escalation, Help, NamedHandler, Report
from wangge.cases.workflow import DESK_ROLES, GRID_ROLES, UNIT_ROLES, UNITLESS, Stage, Step
from wangge.common.refusals import Refused
from wangge.territory.lookup import community_of
from wangge.territory.scopes import Scope, scope_of

# Whoever holds one of these posts sees every matter in the subtree of the post's area.
AREA_ROLES = DESK_ROLES | {Role.OVERSEER, Role.LEADER}

NOT_YOURS = _("Your posts do not allow “%(step)s”; it is done by: %(roles)s.")
NOT_YOUR_UNIT = _("“%(step)s” is done by the unit the case was dispatched to.")
NOT_HELPING = _("“%(step)s” is done by a unit that was asked to help.")
HELD_ABOVE = _("The case is held by the level above; “%(step)s” is done there.")
WRONG_STAGE = _("“%(step)s” is not possible now: the matter is at the stage “%(stage)s”.")
CONFIDENTIAL = _("This matter is confidential; only its named handlers work on it.")


# -- Steps ------------------------------------------------------------------------------------------------


def _holds_the_post(step: Step, subject: Report | Case, scope: Scope) -> bool:
    if scope.covers(_held_at(step, subject), step.roles):
        return True
    return (
        _works_on_it(step, subject, scope) or _helps(step, subject, scope) or _is_near(step, subject, scope)
    )


def _held_at(step: Step, subject: Report | Case) -> str:
    """The path that a post must cover: a case's desk is at the level that holds it or above."""
    if isinstance(subject, Report) or step.onlookers:
        return subject.area_path
    return subject.held_path or subject.area_path


def _works_on_it(step: Step, subject: Report | Case, scope: Scope) -> bool:
    if not isinstance(subject, Case) or subject.unit_id is None:
        return False
    return subject.unit_id == scope.unit_id and scope.has(*step.unit_roles)


def _helps(step: Step, subject: Report | Case, scope: Scope) -> bool:
    return bool(step.helper_roles) and scope.has(*step.helper_roles) and _was_asked(subject, scope)


def _was_asked(subject: Report | Case, scope: Scope) -> bool:
    """Tell whether this person's unit was asked to help with the case."""
    if not isinstance(subject, Case) or scope.unit_id is None or not scope.has(*UNIT_ROLES):
        return False
    return any(one.unit_id == scope.unit_id for one in subject.helps.all())


def _is_near(step: Step, subject: Report | Case, scope: Scope) -> bool:
    if not scope.has(*step.grid_roles):
        return False
    return scope.covers(subject.area_path, step.grid_roles) or _helps_out(
        subject.area_path, scope, step.grid_roles
    )


def _helps_out(path: str, scope: Scope, roles: frozenset[Role]) -> bool:
    """Tell whether a post lies in the same community: a neighbour grid's worker may help out."""
    around = community_of(path)
    return any(reach.role in roles and reach.path.startswith(around) for reach in scope.reaches)


def refusal(step: Step, subject: Report | Case, person: Person | None) -> str | None:
    """Say in one sentence why this person cannot take this step now; None when they can.

    `person` None is the system or, for a reporter's step, whoever holds the secret code.
    """
    if person is None:
        if not (step.automatic or step.reporter):
            return _say(NOT_YOURS, step)
    elif subject.confidential and not is_let_in(person, subject):
        return str(CONFIDENTIAL)
    elif not _holds_the_post(step, subject, scope_of(person)):
        return _say(_whose(step, subject, scope_of(person)), step)
    if subject.stage not in step.sources:
        return gettext(WRONG_STAGE) % {"step": step.label, "stage": subject.get_stage_display()}  # type: ignore[arg-type]
    return unmet(step.verb, subject, person)


def may_ever(step: Step, subject: Report | Case, person: Person) -> bool:
    """Tell whether a step is this person's to take at the right moment, whether or not it is now."""
    if subject.confidential and not is_let_in(person, subject):
        return False
    return _holds_the_post(step, subject, scope_of(person))


def concerns(step: Step, subject: Report | Case, person: Person) -> bool:
    """Tell whether a button makes sense: it is the moment for somebody, or another moment for this person."""
    return subject.stage in step.sources or _holds_the_post(step, subject, scope_of(person))


def _whose(step: Step, subject: Report | Case, scope: Scope) -> Promise:
    """The sentence that fits: whose step it is that this person may not take."""
    if step.helper_roles and not step.roles:
        return NOT_HELPING
    if step.unit_roles and not step.roles:
        return NOT_YOUR_UNIT
    return HELD_ABOVE if scope.covers(subject.area_path, step.roles) else NOT_YOURS


def _say(sentence: Promise, step: Step) -> str:
    roles = "、".join(str(role.label) for role in Role if role in step.everyone)
    return str(sentence) % {"step": step.label, "roles": roles}


def demand(step: Step, subject: Report | Case, person: Person | None) -> None:
    """Raise Refused with the sentence of `refusal` unless the person may take the step now."""
    if sentence := refusal(step, subject, person):
        raise Refused(sentence)


# -- Confidential matters ----------------------------------------------------------------------------------


def is_let_in(person: Person, subject: Report | Case) -> bool:
    """Tell whether somebody is a named handler; while no duty chief is among those, the duty chiefs of the place are."""
    named = _handlers_of(subject)
    if named.filter(account_id=person.pk or 0).exists():
        return True
    return is_chief_of(person, subject) and not _chiefs_among(named).exists()


def is_chief_of(person: Person, subject: Report | Case) -> bool:
    """Tell whether somebody is a duty chief where a matter is decided on: a case's desk is at the level that holds it."""
    case = subject if isinstance(subject, Case) else subject.case
    path = case.held_path or case.area_path if case is not None else subject.area_path
    return scope_of(person).covers(path, {Role.DUTY_CHIEF})


def _handlers_of(subject: Report | Case) -> QuerySet[NamedHandler]:
    """The named handlers of a case and of a report; a filed report is its case's business."""
    named = NamedHandler.objects.filter(account__is_active=True)
    if isinstance(subject, Case):
        return named.filter(case_id=subject.pk)
    if subject.case_id is not None:
        return named.filter(case_id=subject.case_id)
    return named.filter(report_id=subject.pk)


def _chiefs_among(named: QuerySet[NamedHandler]) -> QuerySet[NamedHandler]:
    """Those named handlers who may decide: without one a matter would stand still when its chief leaves the post."""
    today = timezone.localdate()
    place = Coalesce(NullIf("case__held_path", Value("")), "case__area_path", "report__area_path")
    return named.alias(place=place).filter(
        Q(account__posts__ends_on=None) | Q(account__posts__ends_on__gt=today),
        account__posts__role=Role.DUTY_CHIEF,
        account__posts__starts_on__lte=today,
        place__startswith=F("account__posts__area__path"),
    )


def open_to(person: Person, owner: str) -> Q:
    """The condition that a matter is not confidential or this person is let in; `owner` is "case" or "report"."""
    named = NamedHandler.objects.filter(account__is_active=True)
    if owner == "report":
        named = named.filter(  # a filed report is its case's business
            Q(report=OuterRef("pk"), report__case=None) | Q(case=OuterRef("case"), case__isnull=False)
        )
    else:
        named = named.filter(case=OuterRef("pk"))
    return (
        Q(confidential=False)
        | Q(Exists(named.filter(account_id=person.pk or 0)))
        | (_of_chief(person, owner) & ~Q(Exists(_chiefs_among(named))))
    )


def _of_chief(person: Person, owner: str) -> Q:
    """The condition of the matters that this person decides on as duty chief; fails closed."""
    scope, chiefs = scope_of(person), {Role.DUTY_CHIEF}
    here = scope.within("area_path", chiefs)
    held = scope.within("held_path", chiefs) | (Q(held_path="") & here)
    if owner == "case":
        return held
    return (Q(case=None) & here) | Q(case__in=Case.objects.filter(held, confidential=True))


# -- Lists and single looks --------------------------------------------------------------------------------


def at_desk(person: Person, *, case: bool) -> Q:
    """The condition of the reports or cases the desk of this person answers for; fails closed."""
    return scope_of(person).within("area_path", AREA_ROLES) & open_to(person, "case" if case else "report")


def visible_reports(person: Person) -> Q:
    """The condition of the reports a person may see; fails closed."""
    scope = scope_of(person)
    reach = scope.within("area_path", AREA_ROLES | GRID_ROLES)
    own = Q(case__in=Case.objects.filter(_of_own_unit(scope)))
    return (reach | own | _came_to(person, "report")) & open_to(person, "report")


def visible_cases(person: Person) -> Q:
    """The condition of the cases a person may see; fails closed."""
    scope = scope_of(person)
    reach = scope.within("area_path", AREA_ROLES | GRID_ROLES)
    return (reach | _of_own_unit(scope) | _came_to(person, "case")) & open_to(person, "case")


def _came_to(person: Person, owner: str) -> Q:
    """The condition of what was escalated to this very person or unit: a named fallback need not hold a post there."""
    return Q(pk__in=_escalated_to(person).filter(**{f"{owner}__isnull": False}).values(f"{owner}_id"))


def came_to(person: Person) -> Q | None:
    """The condition of the cases that were escalated to this very person or unit; None where there are none now."""
    if not _escalated_to(person).filter(case__isnull=False).exists():
        return None
    return _came_to(person, "case")


def _escalated_to(person: Person) -> QuerySet[Escalation]:
    unit_id = getattr(person, "unit_id", None) or 0
    own = Q(account_id=person.pk or 0) | Q(unit_id=unit_id, role="")
    return Escalation.objects.filter(own, ended_at=None)


def _of_own_unit(scope: Scope) -> Q:
    """The condition of the cases that the own unit works on: dispatched to it, or helped with."""
    if scope.unit_id is None or not scope.has(*UNIT_ROLES):
        return Q(pk__in=[])
    helped = Help.objects.filter(unit_id=scope.unit_id).values("case_id")
    return (Q(unit_id=scope.unit_id) & ~Q(stage__in=UNITLESS)) | Q(pk__in=helped)


def may_see_report(person: Person, report: Report) -> bool:
    """Tell whether a person may open a report; a neighbour's worker may while it waits for verification."""
    if report.confidential and not is_let_in(person, report):
        return False
    scope = scope_of(person)
    if scope.covers(report.area_path, AREA_ROLES | GRID_ROLES):
        return True
    if report.case_id is not None and report.case is not None:
        if _is_own(report.case, scope):
            return True
        if _escalated_to(person).filter(case_id=report.case_id).exists():
            return True
        if report.case.stage == Stage.CHECKING and _any_grid_post_near(report.case.area_path, scope):
            return True  # who checks compares with what was reported
    if _escalated_to(person).filter(report_id=report.pk).exists():
        return True
    return report.stage == Stage.VERIFYING and _any_grid_post_near(report.area_path, scope)


def may_see_case(person: Person, case: Case) -> bool:
    """Tell whether a person may open a case; a neighbour's worker may while it waits for its check."""
    if case.confidential and not is_let_in(person, case):
        return False
    scope = scope_of(person)
    if scope.covers(case.area_path, AREA_ROLES | GRID_ROLES) or _is_own(case, scope):
        return True
    if _escalated_to(person).filter(case_id=case.pk).exists():
        return True
    return _waits_for_a_look(case) and _any_grid_post_near(case.area_path, scope)


def _waits_for_a_look(case: Case) -> bool:
    return case.stage == Stage.CHECKING or (
        case.settled and any(recheck.done_at is None for recheck in case.rechecks.all())
    )


def _is_own(case: Case, scope: Scope) -> bool:
    if case.unit_id is not None and case.stage not in UNITLESS and case.unit_id == scope.unit_id:
        return scope.has(*UNIT_ROLES)
    return _was_asked(case, scope)


def _any_grid_post_near(path: str, scope: Scope) -> bool:
    return scope.has(*GRID_ROLES) and _helps_out(path, scope, GRID_ROLES)


def may_see_report_id(person: Person, report_id: UUID) -> bool:
    """The question attachments ask before they serve a photo of a report."""
    report = Report.objects.select_related("case").filter(pk=report_id).first()
    return report is not None and may_see_report(person, report)


def may_see_case_id(person: Person, case_id: UUID) -> bool:
    """The question attachments ask before they serve a photo of a case."""
    case = Case.objects.filter(pk=case_id).first()
    return case is not None and may_see_case(person, case)


def may_see_contact(person: Person, report: Report) -> bool:
    """The desk may reach a reporter; the handling unit only if the reporter agreed; nobody else."""
    if report.confidential and not is_let_in(person, report):
        return False
    scope = scope_of(person)
    if scope.covers(report.area_path, DESK_ROLES):
        return True
    contact = getattr(report, "contact", None)
    agreed = contact is not None and contact.share_with_unit
    return agreed and report.case is not None and _is_own(report.case, scope)


def may_publish(person: Person, subject: Report | Case) -> bool:
    """The desk looks at words and photos and decides what the public may see; of what is confidential, nothing."""
    return not subject.confidential and scope_of(person).covers(
        subject.area_path, {Role.ACCEPTOR, Role.DUTY_CHIEF}
    )
