"""What templates ask about changes of the territory."""

from typing import Any

from django import template

from wangge.territory.changes.permissions import brings_somewhere, plans_somewhere

register = template.Library()


@register.simple_tag(takes_context=True)
def may_bring(context: dict[str, Any]) -> bool:
    """Tell whether the reader brings files of boundaries anywhere."""
    return brings_somewhere(context["request"].user)


@register.simple_tag(takes_context=True)
def may_plan_areas(context: dict[str, Any]) -> bool:
    """Tell whether the reader re-organises areas anywhere."""
    return plans_somewhere(context["request"].user)
