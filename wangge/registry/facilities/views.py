"""The register of facilities, to look in."""

from django.contrib.auth.decorators import login_required
from django.contrib.messages import error
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.accounts.access import signed_in
from wangge.common.refusals import Refused
from wangge.registry.facilities import exporting, permissions, queries
from wangge.registry.models import Facility
from wangge.territory import tables_out

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
    found, may_bring = queries.found(person, words, state), permissions.is_keeper(person)
    if may_bring and request.GET.get("as") in tables_out.KINDS:
        return _as_file(request, found)
    page = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "state": state,
        "states": Facility.State.choices,
        "may_bring": may_bring,
        "has_map": person.admin_role is None,  # administrators have none
    }
    return render(request, "registry/facilities/facilities.html", page)


def _as_file(request: HttpRequest, found: QuerySet[Facility]) -> HttpResponse:
    """What is listed, in the columns by which a file brings it in again."""
    try:
        cells = exporting.table(found)
    except Refused as refused:
        error(request, str(refused))
        return redirect("registry:facilities")
    return tables_out.answer_with(
        request.GET["as"],
        cells,
        name=f"facilities-{timezone.localdate()}",
        by=signed_in(request),
        act="facilities_exported",
        subject="facility",
    )
