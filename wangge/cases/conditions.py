"""What must be so before a step, beyond stage and post; each in one sentence, for the action and for the button alike."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Person
from wangge.audit.models import Event
from wangge.cases import levels
from wangge.cases.models import Case, ClockKind, Quota, Report, Request
from wangge.cases.queries.ratings import is_unsolved
from wangge.cases.workflow import Stage

# Says why a step is not possible for this matter (and this person, None for the system); None when it is.
Condition = Callable[[Any, Person | None], str | Promise | None]

NOBODY_ASKED = gettext_lazy("Nobody has asked for this, or it is decided already.")
ASKED_ALREADY = gettext_lazy("This has been asked for already and waits for the desk.")
YOUR_OWN = gettext_lazy("You asked for it yourself; somebody else decides.")


def quota(code: str) -> int:
    """How often or how long the centre allows it; 0 forbids it altogether."""
    return Quota.objects.filter(code=code).values_list("amount", flat=True).first() or 0


# What lies beside a case is asked for whole: it is a handful of rows, and a page that reads them beforehand
# (`queries.beside.read_beside`) asks no more for any of its buttons.
def open_request(case: Case, kind: str) -> Request | None:
    """The request of a kind that waits for the desk's decision."""
    return next((one for one in case.requests.all() if one.kind == kind and one.decided_at is None), None)


def _asks(kind: str) -> Condition:
    def condition(case: Case, person: Person | None) -> str | Promise | None:
        return ASKED_ALREADY if open_request(case, kind) else None

    return condition


def _decides(kind: str) -> Condition:
    def condition(case: Case, person: Person | None) -> str | Promise | None:
        request = open_request(case, kind)
        if request is None:
            return NOBODY_ASKED
        return YOUR_OWN if person is not None and request.asked_by_id == person.pk else None

    return condition


def _more_time(case: Case, person: Person | None) -> str | Promise | None:
    """Extensions are counted since the case was filed or opened again."""
    most = quota(Quota.Code.EXTENSIONS)
    since = max((one.started_at for one in case.clocks.all() if one.kind == ClockKind.WHOLE), default=None)
    granted = [one for one in case.requests.all() if one.kind == Request.Kind.EXTEND and one.granted]
    if len([one for one in granted if since is None or one.asked_at >= since]) >= most:
        return _("This case has been extended %(number)d times; no more is allowed.") % {"number": most}
    return _asks(Request.Kind.EXTEND)(case, person)


def _not_ruled(case: Case, person: Person | None) -> Promise | None:
    return RULED if case.ruled_at is not None else None


RULED = gettext_lazy("Arbitration has ruled that this case is yours; the ruling is final.")


def _has_desk_above(case: Case, person: Person | None) -> str | None:
    return None if levels.centre_above(case.held_path) else _("There is no desk above this level.")


def _has_desk_below(case: Case, person: Person | None) -> str | None:
    if case.stage == Stage.ARBITRATING:
        return _("It is in dispute whose case this is: this desk rules first, then it can be handed down.")
    if levels.centre_below(case.held_path, case.area_path):
        return None
    return _("There is no desk below this level at the place of the case.")


def _unreplied(case: Case, person: Person | None) -> str | None:
    if any(order.ended_at is None and order.replied_at is None for order in case.orders.all()):
        return None
    return _("No supervision order waits for a reply.")


def _supervised(case: Case, person: Person | None) -> str | None:
    is_open = any(order.ended_at is None for order in case.orders.all())
    return None if is_open else _("No supervision order is open.")


def _not_hidden(matter: Case | Report, person: Person | None) -> str | None:
    """What came as confidential waits for its handlers to be named."""
    if matter.confidential and matter.named_handlers.exists():
        return _("This matter is confidential already.")
    return None


def _not_confidential(matter: Case | Report, person: Person | None) -> str | None:
    return _("This matter is confidential; the public learns nothing of it.") if matter.confidential else None


def _hidden(case: Case, person: Person | None) -> str | None:
    if case.confidential:
        return None
    return _("This case is not confidential; whoever is responsible sees it.")


def _settled(case: Case, person: Person | None) -> str | None:
    if not case.settled:
        return _("Only what was settled on the spot is re-checked; this case has been checked.")
    return _("A re-check has been asked for already.") if _is_asked_for(case) else None


def _is_asked_for(case: Case) -> bool:
    return any(recheck.done_at is None for recheck in case.rechecks.all())


def _waits_for_recheck(case: Case, person: Person | None) -> str | None:
    if not _is_asked_for(case):
        return _("No re-check has been asked for, or it is done already.")
    if person is not None and person.pk == case.handler_id:
        return _("You settled this yourself; somebody else looks again.")
    return None


def _called_unsolved(case: Case, person: Person | None) -> str | None:
    return (
        None if is_unsolved(case) else _("Nobody says that this case is not solved, or it has been decided.")
    )


def _one_of_several(report: Report, person: Person | None) -> str | None:
    if report.case is not None and report.case.closed_at is not None:
        return _("The case has ended; the report keeps its answer.")
    if not Report.objects.filter(case=report.case).exclude(pk=report.pk).exists():
        return _("This is the only report of its case; correct the case instead.")
    return None


def _helps_still(case: Case, person: Person | None) -> str | None:
    unit_id = getattr(person, "unit_id", None) or 0
    if any(one.unit_id == unit_id and one.done_at is None for one in case.helps.all()):
        return None
    return _("Your unit has done its part already.")


CONDITIONS: dict[str, Condition] = {
    "ask_extension": _more_time,
    "extend": _decides(Request.Kind.EXTEND),
    "refuse_extension": _decides(Request.Kind.EXTEND),
    "ask_suspension": _asks(Request.Kind.SUSPEND),
    "suspend": _decides(Request.Kind.SUSPEND),
    "refuse_suspension": _decides(Request.Kind.SUSPEND),
    "ask_void": _asks(Request.Kind.VOID),
    "refuse_void": _decides(Request.Kind.VOID),
    "send_back": _not_ruled,
    "hand_up": _has_desk_above,
    "hand_down": _has_desk_below,
    "reply_supervision": _unreplied,
    "end_supervision": _supervised,
    "hide_case": _not_hidden,
    "name_handlers": _hidden,
    "publish": _not_confidential,
    "publish_photo": _not_confidential,
    "ask_recheck": _settled,
    "pass_recheck": _waits_for_recheck,
    "fail_recheck": _waits_for_recheck,
    "refuse_reopen": _called_unsolved,
    "split": _one_of_several,
    "give_help": _helps_still,
}


def unmet(verb: str, subject: Report | Case, person: Person | None) -> str | None:
    """Say why a step is not possible for this very matter, though stage and post are right."""
    condition = CONDITIONS.get(verb)
    if condition is None or subject._state.adding:
        return None
    sentence = condition(subject, person)
    return None if sentence is None else str(sentence)


def returns_since_filing(case: Case) -> int:
    """How often units have sent the case back since it was filed, or opened again."""
    events = Event.objects.filter(subject_id=case.pk)
    since = events.filter(verb="reopen").order_by("-seq").values_list("seq", flat=True).first() or 0
    return events.filter(verb="send_back", seq__gt=since).count()
