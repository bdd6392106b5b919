"""Stage facts: derived from events and clocks, for one subject or for all of them by the same statements."""

from wangge.insight.facts.building import around, rebuild, rebuild_all

__all__ = ["around", "rebuild", "rebuild_all"]
