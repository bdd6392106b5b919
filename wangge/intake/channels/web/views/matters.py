"""What the public sees: the list, the map's dots and the page of one matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wangge.cases.models import MatterGroup
from wangge.cases.queries import public
from wangge.common.digits import whole_number
from wangge.common.refusals import Refused
from wangge.territory import basemap, geojson
from wangge.territory.models import Area, Level

PER_PAGE = 20
MOST_PAGES = 50
MOST_DOTS = 2000
DOTS_SINCE = timedelta(days=90)
DOTS_KEPT_SECONDS = 15


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as the page shows it again."""

    group: str
    area: Area | None
    state: str
    words: str
    page: int

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        given = {name: request.GET.get(name, "").strip() for name in ("group", "area", "state", "q", "page")}
        return cls(
            group=given["group"][:20],
            area=Area.objects.filter(basemap.in_force(), code=given["area"][:24]).first()
            if given["area"]
            else None,
            state=given["state"] if given["state"] in ("open", "ended") else "",
            words=given["q"][:60],
            page=min(max(whole_number(given["page"]) or 1, 1), MOST_PAGES),
        )

    def filters(self, **more: object) -> public.Filters:
        """The same as the domain understands it."""
        return public.Filters(
            group=self.group,
            area=self.area,
            open={"open": True, "ended": False}.get(self.state),
            words=self.words,
            **more,  # type: ignore[arg-type]
        )

    def query(self, **changes: object) -> str:
        """The part of the address that asks the same again, with some of it changed."""
        asked = {
            "group": self.group,
            "area": self.area.code if self.area else "",
            "state": self.state,
            "q": self.words,
            **changes,
        }
        return urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class Line:
    """One line of the list: a matter, and those of the same page of which nothing else may be told yet."""

    matter: public.PublicMatter
    alike: list[public.PublicMatter]


def lines_of(found: Sequence[public.PublicMatter]) -> list[Line]:
    """Put matters that look the same, since nobody has looked at their words and photos, into one line."""
    lines: dict[tuple[object, ...], Line] = {}
    for matter in found:
        bare = not (matter.text or matter.photos or matter.answer or matter.result_photos)
        look = (matter.title, matter.place, matter.stage) if bare else (matter.number,)
        if (line := lines.get(look)) is None:
            lines[look] = Line(matter, [])
        else:
            line.alike.append(matter)
    return list(lines.values())


@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """List the matters that the filters in the address leave, newest first, with a map of the same."""
    asked = Asked.of(request)
    start = (asked.page - 1) * PER_PAGE
    found = public.matters(asked.filters(), start=start, most=PER_PAGE + 1)
    return render(
        request,
        "intake/matters.html",
        {
            "asked": asked,
            "lines": lines_of(found[:PER_PAGE]),
            "groups": MatterGroup.objects.all(),
            "areas": _areas(asked.area),
            "points_url": f"{reverse('intake:points')}?{asked.query()}",
            "previous": asked.query(page=asked.page - 1) if asked.page > 1 else "",
            "next": asked.query(page=asked.page + 1)
            if len(found) > PER_PAGE and asked.page < MOST_PAGES
            else "",
            "filtered": bool(asked.query()),
        },
    )


def _areas(chosen: Area | None) -> list[Area]:
    """The streets, and the communities of the street that is chosen: short lists in any city."""
    areas = Area.objects.filter(basemap.in_force())
    streets = list(areas.filter(level=Level.STREET).order_by("code")[:400])
    if chosen is None:
        return streets
    street = (
        chosen
        if chosen.level == Level.STREET
        else next((s for s in streets if chosen.path.startswith(s.path)), None)
    )
    inside = (
        areas.filter(level=Level.COMMUNITY, path__startswith=street.path).order_by("code") if street else []
    )
    around = [street, *inside] if street else [chosen]
    return [*around, *(s for s in streets if s not in around)]


@require_safe
def matter(request: HttpRequest, number: int) -> HttpResponse:
    """Show one matter as the public may see it."""
    found = public.matter(number)
    if found is None:
        raise Http404
    return render(
        request,
        "intake/matter.html",
        {
            "matter": found,
            "marks": public.marks(found.stage),
            "moments": public.moments(found.id, found.case_id, found.received_at),
            "voices": public.voices(found.case_id),
        },
    )


@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """The same matters as dots in a `bbox`: open ones, and those received in the last 90 days."""
    asked = Asked.of(request)
    try:
        box = geojson.parse_box(request.GET.get("bbox", ""))
    except Refused as refused:
        return geojson.refusal(refused)
    filters = asked.filters(box=box, since=_since())
    key = f"points {asked.query()} {box} {request.LANGUAGE_CODE}"
    return geojson.serve(
        request, key, lambda: geojson.points(map(_dot, public.points(filters, most=MOST_DOTS))),
        kept=DOTS_KEPT_SECONDS, fresh=DOTS_KEPT_SECONDS, spoken=True,
    )  # fmt: skip


def _since() -> datetime:
    return timezone.now() - DOTS_SINCE


def _dot(point: public.Point) -> tuple[float, float, dict[str, object]]:
    said = {
        "number": point.number,
        "title": point.title,
        "open": point.is_open,
        "stage": str(point.stage.label),
        "when": f"{timezone.localtime(point.received_at):%m-%d}",
        "url": reverse("intake:matter", args=[point.number]),
    }
    return point.lon, point.lat, said
