"""Marking parts of a photo by squares of a grid laid over it: it works by finger, mouse and keyboard, without a script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wangge.attachments.images import Box

COLUMNS = 20
FEWEST_ROWS, MOST_ROWS = 6, 36


@dataclass(frozen=True)
class Grid:
    """The squares over a photo of `width` × `height` pixels, numbered row by row from 0."""

    width: int
    height: int

    @property
    def columns(self) -> int:
        return COLUMNS

    @property
    def rows(self) -> int:
        """As many as make the squares about square."""
        return min(MOST_ROWS, max(FEWEST_ROWS, round(COLUMNS * self.height / self.width)))

    @property
    def squares(self) -> Sequence[tuple[int, int, int]]:
        """(number, row, column) of each square; rows and columns are counted from 1, as one says them."""
        return [(n, n // COLUMNS + 1, n % COLUMNS + 1) for n in range(self.rows * COLUMNS)]

    def boxes(self, marked: Iterable[int]) -> list[Box]:
        """Boxes in pixels of the marked squares; neighbours become one box. Numbers off the grid are left out."""
        within = {n for n in marked if 0 <= n < self.rows * COLUMNS}
        return [self._pixels(*block) for block in _blocks(within)]

    def _pixels(self, left: int, top: int, right: int, bottom: int) -> Box:
        across, down = self.width / COLUMNS, self.height / self.rows
        return round(left * across), round(top * down), round(right * across), round(bottom * down)


def _blocks(marked: set[int]) -> list[Box]:
    """Rectangles (left, top, right, bottom in squares): runs of each row, joined with equal runs right below."""
    done: list[Box] = []
    growing: dict[tuple[int, int], int] = {}  # (left, right) → top
    for row in sorted({n // COLUMNS for n in marked} | {n // COLUMNS + 1 for n in marked}):
        runs = set(_runs(sorted(n % COLUMNS for n in marked if n // COLUMNS == row)))
        ended = [run for run in growing if run not in runs]
        done += [(left, growing.pop((left, right)), right, row) for left, right in ended]
        for run in runs:
            growing.setdefault(run, row)
    return done


def _runs(columns: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Stretches of columns that follow one another, as (first, one past the last)."""
    start = 0
    for end in range(1, len(columns) + 1):
        if end == len(columns) or columns[end] != columns[end - 1] + 1:
            yield columns[start], columns[end - 1] + 1
            start = end
