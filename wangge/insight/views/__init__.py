"""Figures: the overview, the leader's wall, the lists and points behind them; scorecards, frozen ones, appeals."""

from wangge.insight.views.appeals import appeal, new_appeal
from wangge.insight.views.frozen import freeze, frozen_card, frozen_cards, frozen_list
from wangge.insight.views.listing import listing, points
from wangge.insight.views.map import map_area, map_list, map_search, map_wall, one_map
from wangge.insight.views.overview import overview, wall
from wangge.insight.views.own import mine, mine_list
from wangge.insight.views.scorecards import card, card_list, cards
from wangge.insight.views.scoring import rule, rules

__all__ = [
    "appeal",
    "card",
    "card_list",
    "cards",
    "freeze",
    "frozen_card",
    "frozen_cards",
    "frozen_list",
    "listing",
    "map_area",
    "map_list",
    "map_search",
    "map_wall",
    "mine",
    "mine_list",
    "new_appeal",
    "one_map",
    "overview",
    "points",
    "rule",
    "rules",
    "wall",
]
