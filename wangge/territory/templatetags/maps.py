"""The map on a page, the same everywhere."""

import json
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from wangge.territory import basemap
from wangge.territory.geojson import Box

register = template.Library()


def words() -> dict[str, str]:
    """What the map says; the long names are MapLibre's own."""
    return {
        "pick": _(
            "Map. Move it with the arrow keys, zoom with plus and minus, press Enter to choose the middle."
        ),
        "locating": _("Looking for your position …"),
        "located": _(
            "Your position is marked, within about {metres} metres. Move the pin if it is not right."
        ),
        "notAllowed": _("Your browser did not allow it. Choose the place on the map or give an address."),
        "notFound": _("Your position could not be found. Choose the place on the map or give an address."),
        "Map.Title": _("Map"),
        "Marker.Title": _("The chosen place"),
        "NavigationControl.ZoomIn": _("Zoom in"),
        "NavigationControl.ZoomOut": _("Zoom out"),
        "AttributionControl.ToggleAttribution": _("Where the map comes from"),
        "AttributionControl.MapFeedback": _("Map feedback"),
        "Popup.Close": _("Close"),
        "ScaleControl.Meters": _("m"),
        "ScaleControl.Kilometers": _("km"),
        "CooperativeGesturesHandler.WindowsHelpText": _("Hold Ctrl and scroll to zoom the map"),
        "CooperativeGesturesHandler.MacHelpText": _("Hold ⌘ and scroll to zoom the map"),
        "CooperativeGesturesHandler.MobileHelpText": _("Move the map with two fingers"),
    }


@register.simple_tag
def map_words() -> str:
    """What the one map says beyond that, for its island."""
    own = {
        "look": _(
            "Map. Move it with the arrow keys, zoom with plus and minus, press Enter to look at the middle."
        ),
        "metres": _("{n} m"),
        "kilometres": _("{n} km"),
        "squareMetres": _("{n} m²"),
        "squareKilometres": _("{n} km²"),
        "measuring": _("Click on the map, or press Enter, for each corner. Escape ends it."),
        "period": _("{since} to {until}"),
        "always": _("All times"),
        "approval": _("Approval of the map: {number}"),
        "compass": _("Turn the map to the north"),
    }
    own["NavigationControl.ResetBearing"] = own["compass"]
    return json.dumps(words() | own, ensure_ascii=False)


@register.inclusion_tag("territory/_map.html")
def map(
    mode: str = "show",
    *,
    lon: float | None = None,
    lat: float | None = None,
    zoom: int = 17,
    points: str = "",
    box: Box | None = None,
    area_level: str = "",
    target_lon: str = "",
    target_lat: str = "",
    target_crs: str = "",
    cooperative: bool = False,
    label: str = "",
) -> dict[str, Any]:
    """A map of our own ground; needs the island `wangge/territory/islands/map.ts` on the page.

    `mode`: "pick" lets the reader choose a place into the fields `target_lon` and `target_lat` (selectors), "show"
    marks one WGS84 point, "points" shows the GeoJSON points at the address `points`, asked for by `bbox`.
    Without a point it begins with `box` (west, south, east, north), else with all that is drawn.
    """
    return {
        "mode": mode,
        "lon": lon,
        "lat": lat,
        "zoom": zoom,
        "points": points,
        "area_level": area_level,
        "target_lon": target_lon,
        "target_lat": target_lat,
        "target_crs": target_crs,
        "cooperative": cooperative,
        "label": label or _("Map"),
        "bbox": ",".join(f"{side:.6f}" for side in box or basemap.extent()),
        "base_url": reverse("territory:base"),
        "areas_url": reverse("territory:areas"),
        "buildings_url": reverse("registry:buildings"),
        "words": json.dumps(words(), ensure_ascii=False),
    }
