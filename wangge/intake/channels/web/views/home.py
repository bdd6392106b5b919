"""The residents' home: what lies around, two ways to say something, what was solved, and following one's own."""

import re
from unicodedata import normalize

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from wangge.cases.queries import public
from wangge.territory.coordinates import parse_pair

NOT_OF_A_CODE = re.compile(r"[^0-9A-Za-z]+")
IN_A_LINK = re.compile(r"/m/([^/?#]*)")
ROUGHLY = 2  # decimals: a kilometre is near enough, and no more of a visitor's place gets into any log


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the map with the matters around as quiet dots, and the last ones solved."""
    if typed := request.GET.get("code", "").strip():
        return _to_report(request, typed)
    return render(request, "intake/home.html", {"solved": public.recently_solved()})


def _to_report(request: HttpRequest, typed: str) -> HttpResponse:
    if code := code_from(typed):
        return redirect("intake:follow", code=code)
    return render(request, "intake/no_such_code.html", {"code": typed[:300]}, status=404)


def code_from(typed: str) -> str:
    """Return the code in what somebody typed or pasted: with blanks, in wide letters, or the whole link."""
    plain = normalize("NFKC", typed)
    link = IN_A_LINK.search(plain)
    return NOT_OF_A_CODE.sub("", link[1] if link else plain).upper()[:40]


@require_safe
def nearby(request: HttpRequest) -> HttpResponse:
    """The last matters solved around a place, as a part of the home page."""
    pair = parse_pair(request.GET.get("lon"), request.GET.get("lat"))
    near = (round(pair[0], ROUGHLY), round(pair[1], ROUGHLY)) if pair else None
    return render(request, "intake/_solved.html", {"solved": public.recently_solved(near)})
