"""What the one map says in words: the same cases as a list, the same numbers by area, and places found by words."""

from wangge.insight.queries.map.listing import Listed, listed
from wangge.insight.queries.map.search import Place, people_of, search

__all__ = ["Listed", "Place", "listed", "people_of", "search"]
