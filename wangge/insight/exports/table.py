"""What a file of a scorecard says, before it is a spreadsheet or a sheet of paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wangge.insight.measures.cards import Card
from wangge.insight.measures.evaluation import Period
from wangge.insight.queries.cards import Row

Cell = str | float | int | None  # None: over nothing, a dash
TOO_FEW = "<5"


@dataclass(frozen=True)
class Column:
    """A column: its head, and whether its numbers are shares."""

    head: str
    is_share: bool = False


@dataclass(frozen=True)
class Table:
    """A scorecard as rows of cells; `notes` say how it is to be read."""

    name: str  # of the file, in ASCII
    title: str
    notes: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def table_of(card: Card, rows: Sequence[Row], period: Period, at: datetime, *, frozen: bool = False) -> Table:
    """Put the rows of a card, live or frozen, into a table."""
    scored = any(row.score for row in rows)
    corrected = any(row.corrected for row in rows)
    columns = [
        Column(pgettext("thing", "Name")),
        *([Column(_("Score")), Column(_("Grade"))] if scored else []),
    ]
    columns += [Column(_("Score after appeals"))] if corrected else []
    for ratio in card.ratios:
        columns += [
            Column(str(ratio.label), is_share=True),
            Column(str(ratio.part.label)),
            Column(str(ratio.whole.label)),
        ]
    columns += [Column(str(count.label)) for count in card.more]
    return Table(
        name=f"{card.code}-{period.code}",
        title=f"{card.label} · {period}",
        notes=_notes(card, at, frozen=frozen),
        columns=columns,
        rows=[_cells(card, row, scored=scored, corrected=corrected) for row in rows],
    )


def _notes(card: Card, at: datetime, *, frozen: bool) -> list[str]:
    moment = f"{at.astimezone():%Y-%m-%d %H:%M}"
    state = (
        _("Frozen on %(moment)s.") if frozen else _("As of %(moment)s; not frozen, the numbers still move.")
    )
    notes = [str(card.says), state % {"moment": moment}, _("A dash: nothing to have a share of.")]
    return [*notes, _("“<5”: fewer than five people did this work.")] if card.is_of_people else notes


def _cells(card: Card, row: Row, *, scored: bool, corrected: bool) -> list[Cell]:
    cells: list[Cell] = [row.name]
    if scored:
        cells += [row.score.points, row.score.grade or None] if row.score else [None, None]
    if corrected:
        cells.append(row.corrected.points if row.corrected else None)
    width = 3 * len(card.ratios) + len(card.more)
    if row.suppressed:
        return [*cells, *([TOO_FEW] * width)]
    for rate in row.rates(card):
        cells += [rate.per_cent, rate.part.number, rate.whole.number]
    return cells + [number.number for number in row.more(card)]
