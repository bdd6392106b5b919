"""Places found by words: a case's number, an area's name or code, a person in post, an address, a road or a park."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from wangge.cases.map import Asked, Lens, State, counting
from wangge.cases.queries.filters import case_numbers
from wangge.cases.workflow import GRID_ROLES
from wangge.registry.addresses.finding import find_addresses
from wangge.territory import basemap, queries
from wangge.territory.models import Area, Post

MOST = 8
SHORTEST = 2
CASE_ZOOM, BUILDING_ZOOM, NAME_ZOOM = 18.0, 17.5, 16.0

CASE = pgettext_lazy("found on the map", "Case")
AREA = pgettext_lazy("found on the map", "Area")
PERSON = pgettext_lazy("found on the map", "Person in post")
ADDRESS = pgettext_lazy("found on the map", "Address")
NAME = pgettext_lazy("found on the map", "Place")


@dataclass(frozen=True)
class Place:
    """Something found: where the map goes, and the address of the same map narrowed to it."""

    kind: Promise
    name: str
    note: str
    url: str
    lon: float | None
    lat: float | None
    zoom: float = NAME_ZOOM


def search(words: str, lens: Lens) -> list[Place]:
    """Find places by words, the surest first; at most eight of each kind."""
    words = words.strip()[:60]
    if len(words) < SHORTEST:
        return []
    found = [*_cases(words, lens), *_areas(words), *_people(words, lens.now)]
    return [*found, *_addresses(words), *_names(words)]


def _cases(words: str, lens: Lens) -> Iterator[Place]:
    numbers = case_numbers(words, timezone.localtime(lens.now).year)
    if not numbers:
        return
    # Whatever else the map is narrowed to: who types a number wants that case.
    own = counting.cases_of(Lens(lens.person, lens.now, Asked(State.ALL)))
    for case in own.filter(number__in=numbers).select_related("matter"):
        if case.lon is not None and case.lat is not None:
            near = Asked(State.ALL, near=(case.lon, case.lat)).address()
            yield Place(CASE, case.number, case.matter.label, near, case.lon, case.lat, CASE_ZOOM)


def _areas(words: str) -> Iterator[Place]:
    for found in queries.search_areas(words, limit=MOST):
        yield _place_of(found.area, AREA, found.area.name, f"{found.within} {found.area.code}")


def _people(words: str, now: datetime) -> Iterator[Place]:
    """Whoever holds a post in an area today; who holds none is not looked for."""
    posts = Post.objects.filter(
        queries.in_force(timezone.localdate(now)), account__name__icontains=words, account__is_active=True
    )
    for post in posts.select_related("account", "area").defer("area__boundary").order_by("pk")[:MOST]:
        note = f"{post.get_role_display()} · {post.area.name}"
        yield _place_of(post.area, PERSON, post.account.name, note)


def people_of(area: Area, day: date) -> list[Post]:
    """Who works in an area on a day: its workers, their deputies and its lead."""
    posts = Post.objects.filter(
        queries.in_force(day), area=area, role__in=GRID_ROLES, account__is_active=True
    )
    return list(posts.select_related("account").order_by("role", "pk"))


def _place_of(area: Area, kind: Promise, name: str, note: str) -> Place:
    zoom = {"grid": 16.0, "micro": 17.0, "community": 15.0, "street": 13.5}.get(area.level, 11.5)
    url = Asked().address(area=str(area.pk))
    return Place(kind, name, note, url, area.centre_lon, area.centre_lat, zoom)


def _addresses(words: str) -> Iterator[Place]:
    for one in find_addresses(words, most=MOST):
        near = Asked().address(near=(one.lon, one.lat))
        yield Place(ADDRESS, one.text, one.note, near, one.lon, one.lat, BUILDING_ZOOM)


def _names(words: str) -> Iterator[Place]:
    for one in basemap.named(words, MOST):
        yield Place(NAME, one.name, "", Asked().address(near=(one.lon, one.lat)), one.lon, one.lat)
