"""Whose task it is: a rule without a database, so that it can be read aloud and tried on any staff."""

from collections.abc import Iterable
from dataclasses import dataclass

from wangge.accounts.models import Role

# In a grid the worker goes, else the deputy, else the grid lead.
ORDER = (Role.GRID_WORKER, Role.DEPUTY, Role.GRID_LEAD)


@dataclass(frozen=True)
class Seat:
    """One post in force: who holds it, as what, where, and how many open tasks that person has."""

    account_id: int
    role: str
    path: str
    open_tasks: int = 0


def choose(seats: Iterable[Seat], *, grid: str, community: str, without: int | None = None) -> int | None:
    """Return the account that gets a task in `grid`, or None when the community has nobody for it.

    First the grid's own people, then those of another grid of the community, then the community station's.
    `grid` and `community` are paths; `without` is whoever handled the case and may not check it.
    Among equals the one with fewer open tasks goes, then the one with the lower account id.
    """
    candidates = (
        (rank, seat.open_tasks, seat.account_id)
        for seat in seats
        if seat.account_id != without and (rank := _rank(seat, grid, community)) is not None
    )
    best = min(candidates, default=None)
    return best[-1] if best else None


def _rank(seat: Seat, grid: str, community: str) -> tuple[int, int] | None:
    """How near a post is and how it ranks there; None when it does not go there at all."""
    nearness = _nearness(seat.path, grid, community)
    if nearness is None or seat.role not in ORDER:
        return None
    return nearness, ORDER.index(Role(seat.role))


def _nearness(path: str, grid: str, community: str) -> int | None:
    if path == grid or (grid != community and path.startswith(grid)):
        return 0
    if path == community:
        return 2
    return 1 if path.startswith(community) else None
