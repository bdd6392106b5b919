"""Dispatching several cases at one press: first what will happen, then what happened, and undo for ten seconds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wangge.accounts.models import Account, Unit
from wangge.cases import actions
from wangge.cases.duty import propose_unit
from wangge.cases.models import Case
from wangge.cases.queries import matter
from wangge.cases.queries.rows import matter_url
from wangge.cases.queries.together import MOST, Choice, plan
from wangge.cases.undoing import undo
from wangge.cases.views.asking import answer, asks_for_part, person_of
from wangge.cases.workflow import DISPATCH
from wangge.common.refusals import Refused
from wangge.territory.scopes import scope_of


@dataclass(frozen=True)
class Done:
    """What became of one case: the unit it went to, or the sentence that says why it stayed."""

    case: Case | None
    number: str
    unit: str = ""
    refused: str = ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispatches(request: HttpRequest) -> HttpResponse:
    """Show where the waiting cases would go, and send those that are marked."""
    person, now = person_of(request), timezone.now()
    if not scope_of(person).has(*DISPATCH.roles):
        raise PermissionDenied(_("Cases are dispatched by the dispatcher."))
    done: list[Done] = []
    if request.method == "POST":
        choices = [choice for text in request.POST.getlist("case")[:MOST] if (choice := Choice.read(text))]
        done = [_dispatch(choice, person, now) for choice in choices]
    context = {
        "planned": plan(person, now),
        "most": MOST,
        "done": [one for one in done if not one.refused],
        "stayed": [one for one in done if one.refused],
        "nothing_marked": request.method == "POST" and not done,
    }
    status = 422 if context["nothing_marked"] else 200
    return render(request, "cases/dispatches.html", context, status=status)


def _dispatch(choice: Choice, person: Account, at: datetime) -> Done:
    """Take one step by the ordinary road; what is refused stops nothing else."""

    def step(case: Case) -> None:
        unit = Unit.objects.filter(code=choice.unit).first()
        if unit is None:
            raise Refused(_("Choose the unit that is to handle it."), field="unit")
        proposal = propose_unit(case, at)
        why = proposal.why if proposal and proposal.unit == unit else ""
        actions.dispatch_case(case, to=unit, by=person, at=at, why=why, seen=choice.seen)

    return _each(choice.number, person, step)


def _each(number: str, person: Account, step: Callable[[Case], None]) -> Done:
    try:
        case = matter.find(person, "case", number)
    except Http404:
        return Done(None, number, refused=_("There is no such case, or it is not yours."))
    assert isinstance(case, Case)
    try:
        step(case)
    except Refused as refused:
        return Done(case, number, refused=str(refused))
    return Done(case, number, unit=case.unit.name if case.unit else "")


@login_required
@require_POST
def undo_dispatches(request: HttpRequest) -> HttpResponse:
    """Take back what was dispatched together; says of each that could not be."""
    person, now = person_of(request), timezone.now()
    numbers = request.POST.getlist("number")[:MOST]
    done = [_each(number, person, lambda case: undo(case, by=person, at=now)) for number in numbers]
    _tell(request, done)
    return redirect("cases:dispatches")


def _tell(request: HttpRequest, done: Sequence[Done]) -> None:
    for one in done:
        if one.refused:
            messages.warning(request, one.refused)
    if back := sum(not one.refused for one in done):
        messages.success(request, _("Taken back: %(number)d") % {"number": back})


@login_required
@require_POST
def undo_step(request: HttpRequest, number: str) -> HttpResponse:
    """Take back the step that this person has just taken on a case."""
    person, now = person_of(request), timezone.now()
    case = matter.find(person, "case", number)
    assert isinstance(case, Case)
    undo(case, by=person, at=now)
    if not asks_for_part(request):
        _tell(request, [Done(case, number)])
        return redirect(matter_url(case))
    page: dict[str, Any] = {"page": matter.page_of(matter.find(person, "case", number), person, now)}
    headers = {"HX-Retarget": "#matter", "HX-Reswap": "outerHTML", "HX-Trigger-After-Settle": "matter-moved"}
    return answer(request, "cases/_matter.html", page, headers)
