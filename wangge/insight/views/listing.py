"""The list behind a number, and open matters as points of the map."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from wangge.cases.models import Case, MatterClass, MatterGroup
from wangge.cases.queries.rows import rows_of
from wangge.common.refusals import Refused
from wangge.insight.measures import BY_CODE, Look
from wangge.insight.measures.evaluation import Counted, Period
from wangge.insight.queries.addresses import read_look
from wangge.insight.queries.points import open_points
from wangge.insight.queries.subjects import lines_of
from wangge.insight.views.looking import lookers_only
from wangge.territory import geojson

PAGE = 50


@require_safe
@lookers_only
def listing(request: HttpRequest, look: Look) -> HttpResponse:
    """Exactly the reports or cases that a number counted."""
    measure = BY_CODE.get(request.GET.get("what", ""))
    if measure is None:
        raise Http404
    look, area = read_look(request.GET, look)
    names = ("matter", "current_grid", "unit") if measure.model is Case else ("matter", "current_grid")
    found = measure.rows(look).select_related(*names).defer("current_grid__boundary")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "insight/list.html",
        {
            "measure": measure,
            "look": look,
            "area": area,
            "matter": MatterClass.objects.filter(code=look.matter).first() if look.matter else None,
            "group": MatterGroup.objects.filter(code=look.group).first() if look.group else None,
            "page": page,
            "rows": rows_of(page.object_list, look.now),
            "of_cases": measure.model is Case,
        },
    )


def list_behind(
    request: HttpRequest,
    facts: QuerySet[Any],
    *,
    count: Counted,
    period: Period,
    back: str,
    heading: str = "",
    part: str = "",
    as_of: datetime | None = None,
) -> HttpResponse:
    """The page of the stretches, of now or frozen, that a number counted in a period; `back` leads to the number."""
    page = Paginator(facts.select_related("unit"), PAGE).get_page(request.GET.get("page"))
    told = {"count": count, "period": period, "back": back, "heading": heading, "part": part, "as_of": as_of}
    lines = lines_of(list(page.object_list), request.user)
    return render(request, "insight/card_list.html", {"page": page, "lines": lines, **told})


@require_safe
@lookers_only
def points(request: HttpRequest, look: Look) -> HttpResponse:
    """Open cases in a `bbox` as GeoJSON points."""
    try:
        box = geojson.parse_box(request.GET.get("bbox", ""))
    except Refused as refused:
        return geojson.refusal(refused)
    look, _area = read_look(request.GET, look)
    response = HttpResponse(geojson.points(open_points(look, box)), content_type=geojson.MEDIA_TYPE)
    patch_cache_control(response, private=True, no_cache=True)
    return response
