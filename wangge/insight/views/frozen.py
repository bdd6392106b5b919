"""Frozen scorecards: the shelf of them, one of them, its lists and files, and freezing another."""

from typing import Any

from django.contrib.messages import success
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.common.digits import whole_number
from wangge.common.refusals import Refused
from wangge.insight import actions
from wangge.insight.exports.files import answer_with
from wangge.insight.exports.table import table_of
from wangge.insight.measures.cards import AREA_LEVELS, CARD_OF
from wangge.insight.measures.evaluation import COUNT_OF, read_period
from wangge.insight.models import Scorecard, ScorecardRow
from wangge.insight.permissions import JUDGES, may_appeal, may_judge
from wangge.insight.queries import frozen as queries
from wangge.insight.scoring.schemes import Scheme
from wangge.insight.views.listing import PAGE, list_behind
from wangge.insight.views.scorecards import judged_only, terms_of
from wangge.territory.models import Area, Level
from wangge.territory.scopes import scope_of


@require_safe
@judged_only
def frozen_cards(request: HttpRequest) -> HttpResponse:
    """All frozen scorecards this person may open, and the appeals that wait."""
    shelf = Paginator(queries.visible_frozen(request.user), PAGE).get_page(request.GET.get("page"))
    page = {
        "page": shelf,
        "frozen": [
            (one, queries.card_of(one), queries.period_of(one), level_of(one)) for one in shelf.object_list
        ],
        "appeals": queries.visible_appeals(request.user).filter(decided_at=None)[:PAGE],
    }
    return render(request, "insight/frozen_cards.html", page)


def level_of(frozen: Scorecard) -> str:
    """The level of its rows in words; "" for units."""
    return str(Level(frozen.level).label) if frozen.level else ""


@require_POST
@judged_only
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the scorecard named; for the area this person judges, or the one named in it."""
    card = CARD_OF.get(request.POST.get("card", ""))
    level = next((level for level in AREA_LEVELS if level == request.POST.get("level")), Level.STREET)
    if card is None:
        raise Http404
    period = read_period(request.POST.get("period", ""))
    kept = actions.freeze(card, period, _judged_area(request), level=level, by=signed_in(request))
    success(request, _("The scorecard is frozen."))
    return redirect("insight:frozen_card", kept.pk)


def _judged_area(request: HttpRequest) -> Area:
    """The area named, else the widest that this person judges."""
    key = whole_number(request.POST.get("area", ""))
    own = [reach for reach in scope_of(request.user).reaches if reach.role in JUDGES]
    if not own:
        raise Refused(_("Scorecards are frozen by the overseers and leaders of the area."))
    widest = min(own, key=lambda reach: len(reach.path)).area_id
    return get_object_or_404(Area.objects.defer("boundary"), pk=key or widest)


@require_safe
@judged_only
def frozen_card(request: HttpRequest, pk: int) -> HttpResponse:
    """One frozen scorecard with what appeals put beside its numbers."""
    frozen = get_object_or_404(queries.visible_frozen(request.user), pk=pk)
    seen = queries.visible_rows(request.user, frozen)
    rows = queries.frozen_rows(frozen, seen)
    card, period = queries.card_of(frozen), queries.period_of(frozen)
    if request.GET.get("as") in ("xlsx", "pdf"):
        table = table_of(card, rows, period, frozen.as_of, frozen=True)
        return answer_with(request.GET["as"], table, by=signed_in(request), subject=frozen.pk)
    rule = Scheme.from_data(frozen.rule, frozen.rule_version) if frozen.rule else None
    page: dict[str, Any] = {
        "frozen": frozen, "card": card, "period": period, "rows": rows, "level": level_of(frozen),
        "rule": rule,
        "terms": terms_of(rule), "grades": rule.grades if rule else (),
        "appeals": queries.visible_appeals(request.user).filter(row__in=seen),
        "appealing": {
            row.key for row in rows
            if not row.suppressed and may_appeal(request.user, unit_id=row.unit_id, path=row.path)
        },
        "judges": may_judge(request.user, frozen.area.path),
    }  # fmt: skip
    return render(request, "insight/frozen_card.html", page)


@require_safe
@judged_only
def frozen_list(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Exactly the copies that a frozen number counted."""
    frozen, kept = row_or_404(request, pk, row)
    code = request.GET.get("what", "")
    try:
        found = queries.frozen_list(frozen, kept, code)
    except Refused as refused:
        raise Http404 from refused
    return list_behind(
        request,
        found,
        count=COUNT_OF[code],
        period=queries.period_of(frozen),
        back=reverse("insight:frozen_card", args=[frozen.pk]),
        heading=str(queries.card_of(frozen).label),
        part=kept.name,
        as_of=frozen.as_of,
    )


def row_or_404(request: HttpRequest, pk: int, row: int) -> tuple[Scorecard, ScorecardRow]:
    """A frozen scorecard and one of its rows, if this person may see them."""
    frozen = get_object_or_404(queries.visible_frozen(request.user), pk=pk)
    return frozen, get_object_or_404(queries.visible_rows(request.user, frozen), pk=row)
