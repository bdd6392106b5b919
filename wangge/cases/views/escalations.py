"""What was escalated: the list of whoever it came to, and what reached nobody."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.cases.models import Watch
from wangge.cases.queries import escalations
from wangge.cases.views.asking import person_of


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what came to this person, their unit or the posts they hold."""
    person = person_of(request)
    found = escalations.came_to_person(person, timezone.now())
    context = {"found": found, "sees_unreached": escalations.sees_unreached(person)}
    return render(request, "cases/escalations.html", context)


@login_required
@require_safe
def unreached(request: HttpRequest) -> HttpResponse:
    """Show what could not be escalated, so that somebody names a fallback or fills a post."""
    person = person_of(request)
    if not escalations.sees_unreached(person):
        raise PermissionDenied(
            _("This list is for the system administrator, overseers, leaders and duty chiefs.")
        )
    context = {
        "found": escalations.unreached_matters(person, timezone.now()),
        "looked_at": Watch.objects.values_list("looked_at", flat=True).first(),
        "opens": person.admin_role is None,
    }
    return render(request, "cases/unreached.html", context)
