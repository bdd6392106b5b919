"""Small things the residents' pages share."""

from django import template

register = template.Library()

ICONS = {
    "road": "road",
    "lamps": "bulb",
    "pipes": "droplet",
    "rubbish": "trash",
    "parking": "car",
    "noise": "volume",
    "green": "tree",
    "buildings": "building",
    "trade": "speakerphone",
    "facilities": "tools",
    "other": "dots",
}


@register.filter
def group_icon(code: str) -> str:
    """Return the icon of a big choice; one that an installation added has a plain one."""
    return ICONS.get(code, "map-pin")
