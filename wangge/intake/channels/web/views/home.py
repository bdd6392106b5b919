"""The residents' home: what lies around, two ways to say something, what was solved, and following one's own."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from wangge.cases.queries import public
from wangge.territory.coordinates import parse_pair

NOT_OF_A_CODE = re.compile(r"[\s\-·.]+")
ROUGHLY = 2  # decimals: a kilometre is near enough, and no more of a visitor's place gets into any log


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the map with the matters around as quiet dots, and the last ones solved."""
    if code := NOT_OF_A_CODE.sub("", request.GET.get("code", "")):
        return redirect("intake:follow", code=code.upper()[:40])
    return render(request, "intake/home.html", {"solved": public.recently_solved()})


@require_safe
def nearby(request: HttpRequest) -> HttpResponse:
    """The last matters solved around a place, as a part of the home page."""
    pair = parse_pair(request.GET.get("lon"), request.GET.get("lat"))
    near = (round(pair[0], ROUGHLY), round(pair[1], ROUGHLY)) if pair else None
    return render(request, "intake/_solved.html", {"solved": public.recently_solved(near)})
