"""The unit's list."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.cases.queries import unit as queries
from wangge.cases.views.asking import person_of
from wangge.cases.workflow import UNIT_ROLES
from wangge.territory.scopes import scope_of


@login_required
@require_safe
def unit(request: HttpRequest) -> HttpResponse:
    """Show what a unit must accept, has in hand, has done and has sent back."""
    person, now = person_of(request), timezone.now()
    if not scope_of(person).has(*UNIT_ROLES) or person.unit is None:
        raise PermissionDenied(_("This list is for the clerks and leads of a unit."))
    rework = request.GET.get("rework") == "1"
    parts = queries.parts_for(person, now, rework=rework)
    context = {
        "unit": person.unit,
        "parts": parts,
        "rework": rework,
        "reworked": queries.reworked(person, parts, now),
        "sent_back": [] if rework else queries.sent_back(person, now),
    }
    return render(request, "cases/unit.html", context)
