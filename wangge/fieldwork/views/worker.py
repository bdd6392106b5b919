"""Who is in front of the page, and where and when the own device says it is."""

import math
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from wangge.accounts.models import Account
from wangge.cases.actions.moving import Position
from wangge.fieldwork.queries import may_work

P = ParamSpec("P")
EARTH = 20_000_000  # metres; no accuracy is worse than half around the globe
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def workers_only(view: View[P]) -> View[P]:
    """Let in whoever works on the street; everybody else finds nothing here."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not may_work(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return cast(View[P], guarded)


def account_of(request: HttpRequest) -> Account:
    """The signed-in person; `workers_only` has let nobody else through."""
    assert isinstance(request.user, Account)
    return request.user


def onward(request: HttpRequest, name: str, *args: object) -> HttpResponse:
    """Go on to another page; the island that sent the form is told where, so that it reads the page only once."""
    if request.headers.get("X-Sending"):
        return HttpResponse(status=204, headers={"Location": reverse(name, args=args)})
    return redirect(name, *args)


def point_of(data: QueryDict, prefix: str = "") -> tuple[float, float] | None:
    """Read (longitude, latitude) in WGS84 degrees from a form; half of one, or one off the earth, is none."""
    lon, lat = _number(data, f"{prefix}lon", 180), _number(data, f"{prefix}lat", 90)
    return None if lon is None or lat is None else (round(lon, 6), round(lat, 6))


def position_of(data: QueryDict, prefix: str = "") -> Position | None:
    """Read (longitude, latitude, metres) from a form; none unless all three are there and possible.

    The fields' names begin with `prefix` where the form asks for another place too.
    """
    point, metres = point_of(data, prefix), _number(data, f"{prefix}metres", EARTH)
    return None if point is None or metres is None or metres < 0 else (*point, round(metres, 1))


def _number(data: QueryDict, name: str, most: float) -> float | None:
    try:
        number = float(data.get(name, ""))
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= most else None


def device_time_of(data: QueryDict, prefix: str = "") -> datetime | None:
    """Read what the device's clock said; nonsense and times without a zone are none."""
    try:
        said = parse_datetime(data.get(f"{prefix}device_at", ""))
    except ValueError:
        return None
    return said if said is not None and said.tzinfo is not None else None
