"""Cases on the map: which of them a person looks at, counted from far away and one by one from near."""

from wangge.cases.map.lens import Asked, Lens, State

__all__ = ["Asked", "Lens", "State"]
