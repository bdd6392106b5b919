"""The desk: queues, their list, and the matter opened beside it."""

from collections.abc import Sequence
from hashlib import sha256

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.accounts.models import Account
from wangge.cases.actions import may_take_next
from wangge.cases.models import DeskShift
from wangge.cases.permissions import AREA_ROLES
from wangge.cases.queries import choices, unmoved
from wangge.cases.queries.filters import Filters
from wangge.cases.queries.queues import QUEUES, Counts, counts, queue_of, worst_of
from wangge.cases.queries.roster import on_duty_for
from wangge.cases.queries.rows import page_of
from wangge.cases.views.asking import answer, asks_for_part, person_of
from wangge.cases.workflow import DESK_ROLES, DISPATCH, SUPERVISE
from wangge.territory.scopes import scope_of

MIXED = ("late", "escalated", "urged", "withdrawn", "all")  # lists whose rows say at which stage they are
AGES_ROUND_TO = 600  # seconds; a list is drawn anew at least this often


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the desk; a part that renews itself costs one look into the log while nothing moved."""
    person = person_of(request)
    if not scope_of(person).has(*AREA_ROLES):
        raise PermissionDenied(
            _("The desk is for acceptors, duty chiefs, dispatchers, overseers and leaders.")
        )
    filters, now = Filters.read(request.GET), timezone.now()
    known = request.headers.get("If-None-Match", "")
    if asks_for_part(request) and known and unmoved.nothing_moved(person, known, now):
        return HttpResponseNotModified(headers={"ETag": known})
    last = unmoved.last_event()
    counted = counts(person, filters, now)
    if _opens_at_the_worst(request, person, filters):
        return redirect(reverse("cases:desk") + filters.address(queue=worst_of(counted.by_queue)))
    on_duty = on_duty_for(person, now)
    etag = _etag(request, counted, on_duty, now.timestamp())
    unmoved.remember(person, etag, last=last, turns=counted.turns, at=now)
    if asks_for_part(request) and (unchanged := get_conditional_response(request, etag=etag)):
        return unchanged
    queue = queue_of(filters)
    page = page_of(person, queue, filters, now)
    context = {
        "filters": filters,
        "queue": queue,
        "queues": [
            (q, counted.by_queue.get(q.code), filters.address(queue=q.code, q="", light="")) for q in QUEUES
        ],
        "count": counted.by_queue.get(queue.code) if not filters.light and not filters.q else None,
        "page": page,
        "may_write_down": scope_of(person).has(*DESK_ROLES),
        "may_take_next": may_take_next(person),
        "may_dispatch": queue.code == "filed" and scope_of(person).has(*DISPATCH.roles),
        "on_duty": on_duty,
        "mixed": queue.code in MIXED,
        "first_page": filters.address(),
        "next_page": filters.address(after=page.next),
        "etag": etag,
    }
    if asks_for_part(request):
        return answer(request, "cases/_desk.html", context, {"ETag": etag, "Cache-Control": "no-store"})
    context["choices"] = choices.for_desk(person)
    return render(request, "cases/desk.html", context)


def _opens_at_the_worst(request: HttpRequest, person: Account, filters: Filters) -> bool:
    """Whoever watches and works at no seat comes for what is late; a list that was asked for stays what it is."""
    asked_for = filters.queue or filters.q or asks_for_part(request)
    scope = scope_of(person)
    return not asked_for and scope.has(*SUPERVISE.roles) and not scope.has(*DESK_ROLES)


def _etag(request: HttpRequest, counted: Counts, on_duty: Sequence[DeskShift], now: float) -> str:
    """Name what a person would see: who, which list, what moved, which lights turned, in which language."""
    parts = (
        request.user.pk,
        request.GET.urlencode(),
        counted.fingerprint,
        [(shift.pk, shift.ends_at) for shift in on_duty],
        get_language(),
        now // AGES_ROUND_TO,
    )
    return f'"{sha256(repr(parts).encode()).hexdigest()[:24]}"'
