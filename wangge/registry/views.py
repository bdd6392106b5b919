"""What the registers show on the map."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.common.refusals import Refused
from wangge.registry.queries import building_shapes
from wangge.territory import geojson

WIDEST_DEGREES = 0.1  # about ten kilometres; buildings are not drawn further out
KEPT_SECONDS = 300


@require_safe
def buildings(request: HttpRequest) -> HttpResponse:
    """Footprints in a `bbox`, with name and floors."""
    try:
        box = geojson.parse_box(request.GET.get("bbox", ""))
        if box is None or max(box[2] - box[0], box[3] - box[1]) > WIDEST_DEGREES:
            raise Refused(_("Buildings are given for a box of at most 0.1 degrees."), field="bbox")
    except Refused as refused:
        return geojson.refusal(refused)
    return geojson.serve(request, f"buildings {box}", lambda: building_shapes(box), kept=KEPT_SECONDS)
