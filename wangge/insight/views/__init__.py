"""Figures: the overview, the leader's wall, the lists and points behind them."""

from wangge.insight.views.listing import listing, points
from wangge.insight.views.overview import overview, wall

__all__ = ["listing", "overview", "points", "wall"]
