"""Stage facts: derived from events and clocks, for one subject or for all of them by the same statements."""

from wangge.insight.facts.building import rebuild, rebuild_all, rebuild_around

__all__ = ["rebuild", "rebuild_all", "rebuild_around"]
