"""Cases on the map: tiles, and the card of one case."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from wangge.accounts.models import Role
from wangge.cases.map import Lens, tiles
from wangge.cases.models import Case
from wangge.cases.permissions import may_see_case
from wangge.cases.queries.rows import rows_of
from wangge.common.tiles import serve_own, tile_or_404
from wangge.territory.scopes import scope_of


@require_safe
@login_required
def case_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """The cases that this person sees, narrowed as the address says, as a vector tile."""
    tile = tile_or_404(z, x, y)
    if not scope_of(request.user).has(*Role):
        raise Http404
    lens = Lens.of(request.user, timezone.now(), request.GET)
    return serve_own(request, lambda: tiles.cases(tile, lens))


@require_safe
@login_required
def case_card(request: HttpRequest, number: str) -> HttpResponse:
    """What the map says of one case, with the way to its page; confidential ones are on no map."""
    case = Case.objects.filter(number=number, confidential=False).select_related(
        "matter", "current_grid", "unit"
    )
    found = case.defer("current_grid__boundary").first()
    if found is None or not may_see_case(request.user, found):
        raise Http404
    response = render(request, "cases/_card.html", {"row": rows_of([found], timezone.now())[0]})
    patch_cache_control(response, private=True, no_store=True)
    return response
