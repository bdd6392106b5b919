"""Icons as inline SVG: ``{% icon "map-pin" %}``. The set is Tabler's (MIT), one file per icon in `wangge/web/icons`."""

from functools import cache
from pathlib import Path

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FOLDER = Path(__file__).resolve().parent.parent / "icons"


class NoSuchIcon(template.TemplateSyntaxError):
    """The set has no icon of this name; the message says where to get it."""


@cache
def drawing(name: str) -> str:
    """Return what is inside the ``<svg>`` of an icon; raises `NoSuchIcon`."""
    path = FOLDER / f"{name}.svg"
    if not path.is_file():
        raise NoSuchIcon(f"There is no icon {name!r}: copy its outline from Tabler icons 3 to {FOLDER}.")
    return path.read_text(encoding="utf-8").partition(">")[2].rpartition("</svg>")[0]


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon; without a label it is decoration and hidden from screen readers."""
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon {}" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        css,
        mark_safe(spoken),
        mark_safe(drawing(name)),
    )
