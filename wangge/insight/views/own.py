"""Everybody's own facts, for their own eyes: no score, no comparison."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wangge.accounts.access import signed_in
from wangge.common.refusals import Refused
from wangge.insight.measures.evaluation import Period, month_of, read_period, recent_periods
from wangge.insight.queries.own import OWN_OF, own_facts, own_numbers
from wangge.insight.views.listing import list_behind


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """What I did in a period."""
    now, wrong, status = timezone.now(), "", 200
    try:
        period = _period(request)
    except Refused as refused:
        period, wrong, status = month_of(timezone.localdate(now)), str(refused), 422
    page = {
        "own": own_numbers(signed_in(request), period, period.span(now)), "period": period, "wrong": wrong,
        "periods": recent_periods(now), "typed": request.GET.get("period") or period.code,
    }  # fmt: skip
    return render(request, "insight/mine.html", page, status=status)


@require_safe
@login_required
def mine_list(request: HttpRequest) -> HttpResponse:
    """Exactly what one of my numbers counted."""
    count = OWN_OF.get(request.GET.get("what", ""))
    try:
        period = _period(request)
    except Refused as refused:
        raise Http404 from refused
    if count is None:
        raise Http404
    found = own_facts(signed_in(request), count, period.span(timezone.now()))
    back = f"{reverse('insight:mine')}?period={period.code}"
    return list_behind(request, found, count=count, period=period, back=back)


def _period(request: HttpRequest) -> Period:
    code = request.GET.get("period", "")
    return read_period(code) if code else month_of(timezone.localdate())
