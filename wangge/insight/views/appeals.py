"""Appeals against frozen numbers: making one, and deciding on one."""

from typing import Any

from django.contrib.messages import success
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wangge.accounts.access import signed_in
from wangge.common.forms import refusals_in
from wangge.insight import actions
from wangge.insight.forms import AppealForm, DecisionForm
from wangge.insight.measures.evaluation import COUNT_OF
from wangge.insight.models import Appeal, ScorecardRow
from wangge.insight.permissions import may_appeal, may_judge
from wangge.insight.queries import frozen as queries
from wangge.insight.views.frozen import row_or_404
from wangge.insight.views.scorecards import judged_only


@require_http_methods(["GET", "HEAD", "POST"])
@judged_only
def new_appeal(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Say that a number of this row is wrong."""
    frozen, kept = row_or_404(request, pk, row)
    if kept.suppressed or not may_appeal(request.user, unit_id=kept.unit_id, path=kept.path):
        raise Http404
    shown = queries.frozen_rows(frozen, frozen.rows.filter(pk=row))[0]
    form = AppealForm(shown, request.POST or None, initial={"count": request.GET.get("what")})
    if request.method == "POST" and form.is_valid() and _ask(request, kept, form):
        success(request, _("The appeal is made; the overseer of the area decides on it."))
        return redirect("insight:frozen_card", frozen.pk)
    page = {
        "form": form,
        "frozen": frozen,
        "row": shown,
        "card": queries.card_of(frozen),
        "period": queries.period_of(frozen),
    }
    return render(request, "insight/appeal_new.html", page, status=422 if form.errors else 200)


def _ask(request: HttpRequest, row: ScorecardRow, form: AppealForm) -> bool:
    said: dict[str, Any] = form.cleaned_data
    with refusals_in(form):
        actions.appeal(
            row, count=said["count"], wanted=said["wanted"], reason=said["reason"], by=signed_in(request)
        )
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
@judged_only
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal: what was asked, and the decision, by whoever may decide."""
    asked = get_object_or_404(queries.visible_appeals(request.user), pk=pk)
    decides = asked.decided_at is None and _decides(request, asked)
    if request.method == "POST" and not decides:
        raise Http404
    form = DecisionForm(asked, request.POST or None)
    if request.method == "POST" and form.is_valid() and _decide(request, asked, form):
        success(request, _("The decision stands beside the number."))
        return redirect("insight:frozen_card", asked.row.scorecard_id)
    frozen = asked.row.scorecard
    page = {
        "asked": asked, "form": form if decides else None, "count": COUNT_OF[asked.count], "frozen": frozen,
        "number": asked.row.numbers[asked.count], "card": queries.card_of(frozen),
        "period": queries.period_of(frozen),
        "own": asked.decided_at is None and asked.asked_by == request.user,
    }  # fmt: skip
    return render(request, "insight/appeal.html", page, status=422 if form.errors else 200)


def _decides(request: HttpRequest, asked: Appeal) -> bool:
    return (
        may_judge(request.user, asked.row.scorecard.area.path) and asked.asked_by_id != signed_in(request).pk
    )


def _decide(request: HttpRequest, asked: Appeal, form: DecisionForm) -> bool:
    said = form.cleaned_data
    corrected = said["corrected"] if said["granted"] == "yes" else None
    with refusals_in(form):
        actions.decide_appeal(asked, corrected=corrected, note=said["note"], by=signed_in(request))
    return not form.errors
