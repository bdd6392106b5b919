"""Who may see what, and who may take which step now; a refusal is one sentence, shown as the tooltip too."""

from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Person, Role
from wangge.cases.models import Case, Report
from wangge.cases.workflow import DESK_ROLES, GRID_ROLES, UNIT_ROLES, Stage, Step
from wangge.common.refusals import Refused
from wangge.territory.lookup import community_of
from wangge.territory.scopes import Scope, scope_of

# Whoever holds one of these posts sees every matter in the subtree of the post's area.
AREA_ROLES = DESK_ROLES | {Role.OVERSEER, Role.LEADER}

NOT_YOURS = _("Your posts do not allow “%(step)s”; it is done by: %(roles)s.")
NOT_YOUR_UNIT = _("“%(step)s” is done by the unit the case was dispatched to.")
WRONG_STAGE = _("“%(step)s” is not possible now: the matter is at the stage “%(stage)s”.")


def _holds_the_post(step: Step, subject: Report | Case, scope: Scope) -> bool:
    if scope.covers(subject.area_path, step.roles):
        return True
    return _works_on_it(step, subject, scope) or _is_near(step, subject, scope)


def _works_on_it(step: Step, subject: Report | Case, scope: Scope) -> bool:
    if not isinstance(subject, Case) or subject.unit_id is None:
        return False
    return subject.unit_id == scope.unit_id and scope.has(*step.unit_roles)


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
    elif not _holds_the_post(step, subject, scope_of(person)):
        return _say(NOT_YOUR_UNIT if step.unit_roles and not step.roles else NOT_YOURS, step)
    if subject.stage not in step.sources:
        return gettext(WRONG_STAGE) % {"step": step.label, "stage": subject.get_stage_display()}  # type: ignore[arg-type]
    return None


def _say(sentence: Promise, step: Step) -> str:
    roles = "、".join(
        str(role.label) for role in Role if role in step.roles | step.unit_roles | step.grid_roles
    )
    return str(sentence) % {"step": step.label, "roles": roles}


def demand(step: Step, subject: Report | Case, person: Person | None) -> None:
    """Raise Refused with the sentence of `refusal` unless the person may take the step now."""
    if sentence := refusal(step, subject, person):
        raise Refused(sentence)


def at_desk(person: Person) -> Q:
    """The condition of the reports and cases the desk of this person answers for; fails closed."""
    return scope_of(person).within("area_path", AREA_ROLES)


def visible_reports(person: Person) -> Q:
    """The condition of the reports a person may see; fails closed."""
    scope = scope_of(person)
    return scope.within("area_path", AREA_ROLES | GRID_ROLES) | Q(
        case__in=Case.objects.filter(_of_own_unit(scope))
    )


def visible_cases(person: Person) -> Q:
    """The condition of the cases a person may see; fails closed."""
    scope = scope_of(person)
    return scope.within("area_path", AREA_ROLES | GRID_ROLES) | _of_own_unit(scope)


def _of_own_unit(scope: Scope) -> Q:
    if scope.unit_id is None or not scope.has(*UNIT_ROLES):
        return Q(pk__in=[])
    return Q(unit_id=scope.unit_id) & ~Q(stage=Stage.FILED)


def may_see_report(person: Person, report: Report) -> bool:
    """Tell whether a person may open a report; a neighbour's worker may while it waits for verification."""
    scope = scope_of(person)
    if scope.covers(report.area_path, AREA_ROLES | GRID_ROLES):
        return True
    if report.case_id is not None and report.case is not None:
        if _is_own(report.case, scope):
            return True
        if report.case.stage == Stage.CHECKING and _any_grid_post_near(report.case.area_path, scope):
            return True  # who checks compares with what was reported
    return report.stage == Stage.VERIFYING and _any_grid_post_near(report.area_path, scope)


def may_see_case(person: Person, case: Case) -> bool:
    """Tell whether a person may open a case; a neighbour's worker may while it waits for its check."""
    scope = scope_of(person)
    if scope.covers(case.area_path, AREA_ROLES | GRID_ROLES) or _is_own(case, scope):
        return True
    return case.stage == Stage.CHECKING and _any_grid_post_near(case.area_path, scope)


def _is_own(case: Case, scope: Scope) -> bool:
    if case.unit_id is None or case.stage == Stage.FILED:
        return False
    return case.unit_id == scope.unit_id and scope.has(*UNIT_ROLES)


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
    scope = scope_of(person)
    if scope.covers(report.area_path, DESK_ROLES):
        return True
    contact = getattr(report, "contact", None)
    agreed = contact is not None and contact.share_with_unit
    return agreed and report.case is not None and _is_own(report.case, scope)


def may_publish(person: Person, report: Report) -> bool:
    """The desk looks at words and photos and decides what the public may see."""
    return scope_of(person).covers(report.area_path, {Role.ACCEPTOR, Role.DUTY_CHIEF})
