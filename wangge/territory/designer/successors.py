"""Which new grid goes on with today's worker of which grid."""

from __future__ import annotations

from collections.abc import Mapping


def moved(shared: Mapping[tuple[str, int], int]) -> int:
    """Households that get another grid worker, of those that an old and a new grid share.

    One new grid goes on with each old one, the largest shares first: nobody can go on in two.
    """
    kept = 0
    olds: set[str] = set()
    news: set[int] = set()
    for (old, new), count in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if old not in olds and new not in news:
            kept += count
            olds.add(old)
            news.add(new)
    return sum(shared.values()) - kept
