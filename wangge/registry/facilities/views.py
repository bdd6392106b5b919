"""The register of facilities, to look in."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.accounts.access import signed_in
from wangge.registry.facilities import permissions, queries
from wangge.registry.models import Facility

PER_PAGE = 60
LONGEST = 100


@login_required
@require_safe
def facilities(request: HttpRequest) -> HttpResponse:
    """Look facilities up, or go through those in sight."""
    person = signed_in(request)
    if not permissions.may_look(person):
        raise PermissionDenied(_("The register is for people with a post."))
    words = request.GET.get("q", "").strip()[:LONGEST]
    state = request.GET.get("state", "")
    rows = Paginator(queries.found(person, words, state), PER_PAGE).get_page(request.GET.get("page"))
    page = {
        "page": rows,
        "words": words,
        "state": state,
        "states": Facility.State.choices,
        "may_bring": permissions.is_keeper(person),
        "has_map": person.admin_role is None,  # administrators have none
    }
    return render(request, "registry/facilities/facilities.html", page)
