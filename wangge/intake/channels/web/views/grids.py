"""Who is there for a place: the grid of a point or address, its people, and whether a badge at the door is genuine."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wangge.attachments.models import Size
from wangge.attachments.views import serve
from wangge.common import limits
from wangge.common.refusals import Refused
from wangge.intake.channels.web.places import FoundPlace, chosen_place, count_search, find_places
from wangge.territory import lookup
from wangge.territory.coordinates import parse_pair
from wangge.territory.forces import badges, residents
from wangge.territory.models import Area

P = ParamSpec("P")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_grid(request: HttpRequest) -> HttpResponse:
    """Find the grid of an address or a position; sent as a form, so that no address of a resident gets into a log."""
    words = request.POST.get("q", "").strip()
    try:
        point = _point(request)
        found = _grid_at(*point) if point else None
    except Refused as refused:
        return _ask(request, words, said=str(refused), status=422)
    if found is not None:
        return redirect("intake:grid", code=found.code)
    if point is not None:
        return _ask(
            request,
            words,
            said=_("There is no grid at this place. Please try an address close by."),
            status=404,
        )
    if request.method == "POST" and words:
        return _choose(request, words)
    return _ask(request, words)


def _point(request: HttpRequest) -> tuple[float, float] | None:
    if chosen := chosen_place(request.POST.get("found", "")):
        return chosen[0], chosen[1]
    return parse_pair(request.POST.get("lon"), request.POST.get("lat"))


def _grid_at(lon: float, lat: float) -> Area | None:
    place = lookup.place(lon, lat)
    return Area.objects.defer("boundary").get(pk=place.grid_id) if place.grid_id else None


def _choose(request: HttpRequest, words: str) -> HttpResponse:
    """One place that surely is meant leads on; several are asked about."""
    count_search(request)
    places = find_places(words)
    if len(places) == 1 and (found := _grid_at(places[0].lon, places[0].lat)):
        return redirect("intake:grid", code=found.code)
    said = "" if places else _("Nothing found. Try the road with its number, or the name of the estate.")
    return _ask(request, words, places=places, said=said)


def _ask(
    request: HttpRequest,
    words: str,
    *,
    places: Sequence[FoundPlace] = (),
    grids: Sequence[Area] = (),
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    page = {"words": words, "places": places, "grids": grids, "said": said}
    return render(request, "intake/my_grid.html", page, status=status)


@require_safe
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """Show a grid's people and the way to report something there; the QR code of its plate leads here."""
    found = residents.grid_by_code(code[:24])
    if found is None:
        return _instead(request, code[:24])
    station, telephone = residents.station_of(found)
    page = {
        "grid": found,
        "people": residents.people_of(found, timezone.localdate()),
        "station": station,
        "telephone": telephone,
    }
    return render(request, "intake/grid.html", page)


def _instead(request: HttpRequest, code: str) -> HttpResponse:
    """The plates of a grid that was divided hang for years: they lead to the grids that follow it."""
    followers = residents.followers_of(code)
    if len(followers) == 1:
        return redirect("intake:grid", code=followers[0].code)
    if followers:
        return _ask(request, "", grids=followers, said=_("This grid was divided. Which part are you in?"))
    said = _("There is no grid with this number any more. Please look it up anew.")
    return _ask(request, "", said=said, status=404)


# -- At the door -------------------------------------------------------------------------------------------------


def counted(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let nobody try number after number; what is looked up is kept nowhere and found by no search engine."""

    @wraps(view)
    def held(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        limits.count(request, "badge")
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return held


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask for the number on a badge; the page of the badge says what it is worth."""
    if serial := badges.serial_from(request.GET.get("serial", "")):
        return redirect("intake:badge", serial=serial)
    return render(request, "intake/badge.html", {"verified": None})


@require_safe
@counted
def badge(request: HttpRequest, serial: str) -> HttpResponse:
    """Say whether this badge is valid, and whose it is only if so."""
    verified = badges.verify(serial, timezone.localdate())
    page = {"verified": verified, "now": timezone.now()}
    return render(request, "intake/badge.html", page, status=404 if verified.state == "unknown" else 200)


@require_safe
@counted
def badge_photo(request: HttpRequest, serial: str) -> HttpResponse:
    """The photo of a valid badge, where its wearer agreed."""
    verified = badges.verify(serial, timezone.localdate())
    photo = badges.photo_of(verified.badge) if verified.badge else None
    if photo is None:
        raise Http404
    return serve(request, photo, Size.THUMB)
