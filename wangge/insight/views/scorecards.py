"""Scorecards as they stand now: the choice, the table, the list behind a number, the files."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wangge.accounts.access import signed_in
from wangge.accounts.models import Unit
from wangge.common.refusals import Refused
from wangge.insight.exports.files import answer_with
from wangge.insight.exports.table import table_of
from wangge.insight.measures.cards import AREA, AREA_LEVELS, CARDS, DEPARTMENT, LEAST_PEOPLE
from wangge.insight.measures.evaluation import COUNT_OF, RATIO_OF, Counted, recent_periods
from wangge.insight.measures.evaluation.stages import OF
from wangge.insight.permissions import may_judge, may_look, may_see_cards
from wangge.insight.queries.cards import Row, Sight, counted_facts, read_sight, rows_of
from wangge.insight.queries.rules import rule_of
from wangge.insight.queries.stages import stage_table
from wangge.insight.scoring.schemes import Scheme
from wangge.insight.views.listing import list_behind
from wangge.territory.models import Area
from wangge.territory.scopes import scope_of

View = Callable[..., HttpResponse]


def judged_only(view: View) -> View:
    """Let in whoever looks at an area or leads a unit; everybody else finds nothing here."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see_cards(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@judged_only
def cards(request: HttpRequest) -> HttpResponse:
    """Go to the first card this person looks at."""
    return redirect("insight:card", DEPARTMENT.code)


@require_safe
@judged_only
def card(request: HttpRequest, code: str) -> HttpResponse:
    """One scorecard of one period, as it stands now."""
    try:
        sight = _sight(request, code)
    except Refused as refused:
        return _wrong_period(request, code, refused)
    rows = rows_of(sight)
    if request.GET.get("as") in ("xlsx", "pdf"):
        return answer_with(
            request.GET["as"], table_of(sight.card, rows, sight.period, sight.now), by=signed_in(request)
        )
    return render(request, "insight/card.html", _page(request, sight, rows))


def _sight(request: HttpRequest, code: str) -> Sight:
    if code != DEPARTMENT.code and not may_look(request.user):
        raise Http404
    if code not in {card.code for card in CARDS}:
        raise Http404
    return read_sight(request.GET, code, request.user, timezone.now())


def _wrong_period(request: HttpRequest, code: str, refused: Refused) -> HttpResponse:
    """The page again, of this month, with what was wrong about the period."""
    query = request.GET.copy()
    typed = query.pop("period", [""])[0]
    sight = read_sight(query, code, request.user, timezone.now())
    page = _page(request, sight, rows_of(sight)) | {"wrong": str(refused), "typed": typed}
    return render(request, "insight/card.html", page, status=422)


def _page(request: HttpRequest, sight: Sight, rows: list[Row]) -> dict[str, Any]:
    rule = rule_of(sight.card.code)
    stages = stage_table(sight) if sight.card is AREA else []
    return {
        "sight": sight,
        "card": sight.card,
        "cards": CARDS if sight.is_of_area else (DEPARTMENT,),
        "rows": rows,
        "rule": rule,
        "terms": terms_of(rule),
        "grades": rule.grades if rule else (),
        "periods": recent_periods(sight.now),
        "levels": AREA_LEVELS,
        "areas": _areas(sight),
        "stages": stages,
        "hides_workers": any(stage.suppressed for stage in stages),
        "may_freeze": may_judge_any(request) and timezone.localdate(sight.now) >= sight.period.end,
        "least": LEAST_PEOPLE,
        "wrong": "",
        "typed": sight.period.code,
    }


def may_judge_any(request: HttpRequest) -> bool:
    """Tell whether this person freezes scorecards of any area."""
    return any(may_judge(request.user, reach.path) for reach in scope_of(request.user).reaches)


def _areas(sight: Sight) -> list[Area]:
    """The counties and streets that a card may be narrowed to."""
    if not sight.is_of_area:
        return []
    wide = Area.objects.filter(sight.inside("path"), level__in=["county", "street"], valid_to=None)
    return list(wide.defer("boundary").order_by("code")[:300])


def terms_of(rule: Scheme | None) -> list[dict[str, Any]]:
    """What a score is made of, in words."""
    if rule is None:
        return []
    return [
        {
            "weight": term.weight,
            "label": (RATIO_OF[term.rate] if term.rate else COUNT_OF[term.count]).label,
            "turned": bool(term.rate) and not RATIO_OF[term.rate].good,
            "bands": term.bands,
            "beyond": term.beyond,
            "each_grid": term.each_grid,
        }
        for term in rule.terms
    ]


@require_safe
@judged_only
def card_list(request: HttpRequest, code: str) -> HttpResponse:
    """Exactly the stretches that a number counted."""
    count = COUNT_OF.get(request.GET.get("what", ""))
    try:
        sight = _sight(request, code)
        if count is None or count not in sight.card.counts + stage_counts(sight):
            raise Http404
        found = counted_facts(sight, count)
    except Refused as refused:
        raise Http404 from refused
    return list_behind(
        request,
        found,
        count=count,
        period=sight.period,
        back=f"{reverse('insight:card', args=[code])}?{sight.query(only='', unit='')}",
        heading=str(sight.card.label),
        part=_part_name(sight),
    )


def stage_counts(sight: Sight) -> tuple[Counted, ...]:
    """The counts of the table of stages, which stands on the card of areas."""
    return tuple(count for six in OF.values() for count in six.all) if sight.card is AREA else ()


def _part_name(sight: Sight) -> str:
    if sight.unit_id:
        return str(Unit.objects.filter(pk=sight.unit_id).first() or "")
    return sight.area.name if sight.area else ""
