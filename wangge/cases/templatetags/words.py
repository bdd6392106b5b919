"""Whose words a form holds."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wangge.cases.views import keeping

register = template.Library()


@register.simple_tag(takes_context=True)
def typed_by(context: dict[str, Any]) -> SafeString:
    """A hidden field that says who was signed in when a form was drawn, so that its words go back to nobody else."""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', keeping.TYPED_BY, keeping.signature(context["request"])
    )
