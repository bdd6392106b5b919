"""Proposals side by side: what each is worth over all communities of a design, and community by community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from wangge.territory.designer.measures import BALANCE
from wangge.territory.designer.models import DesignPart, GridDesign, GridProposal
from wangge.territory.designer.proposing import METHODS
from wangge.territory.designer.remarks import Remark


@dataclass(frozen=True)
class Worth:
    """What proposals are worth together; each measure is one of `measures.Measures`."""

    measures: Sequence[Mapping[str, Any]]

    @cached_property
    def households(self) -> list[int]:
        return [number for one in self.measures for number in one["households"]]

    @property
    def grids(self) -> int:
        return len(self.households)

    @property
    def in_band(self) -> int:
        return sum(one["in_band"] for one in self.measures)

    @property
    def least(self) -> int:
        return min(self.households, default=0)

    @property
    def most(self) -> int:
        return max(self.households, default=0)

    @property
    def mean(self) -> float:
        return sum(self.households) / self.grids if self.grids else 0.0

    @property
    def variation(self) -> float:
        """Standard deviation by mean."""
        if not self.mean:
            return 0.0
        return float((sum((n - self.mean) ** 2 for n in self.households) / self.grids) ** 0.5 / self.mean)

    @property
    def balance(self) -> Promise:
        """How even the grids are, in words."""
        return next(word for most, word in BALANCE if self.variation <= most)

    @property
    def compactness(self) -> float:
        """The mean over all grids of Polsby–Popper: 1 for a circle, 0.79 for a square, near 0 for a thread."""
        whole = sum(one["compactness"] * len(one["households"]) for one in self.measures)
        return float(whole / (self.grids or 1))

    @property
    def worst(self) -> float:
        return min((one["worst"] for one in self.measures), default=0.0)

    @property
    def contiguous(self) -> bool:
        return all(one["contiguous"] for one in self.measures)

    @property
    def moved(self) -> int:
        """Households that would get another grid worker."""
        return sum(one["moved"] for one in self.measures)

    @property
    def moved_share(self) -> float:
        return self.moved / (sum(self.households) or 1)


@dataclass(frozen=True)
class Column:
    """One method over all communities that it has worked out."""

    method: str
    proposals: Sequence[GridProposal]
    is_whole: bool

    @property
    def name(self) -> Promise:
        return METHODS[self.method].name

    @property
    def good_for(self) -> Promise:
        return METHODS[self.method].good_for

    @cached_property
    def worth(self) -> Worth:
        return Worth([proposal.measures for proposal in self.proposals])

    @property
    def seconds(self) -> float:
        return sum(proposal.seconds for proposal in self.proposals)

    @property
    def is_adjusted(self) -> bool:
        return any(proposal.revision > 1 for proposal in self.proposals)

    def of(self, part: DesignPart) -> GridProposal | None:
        return next((one for one in self.proposals if one.part_id == part.pk), None)


def columns_of(design: GridDesign) -> list[Column]:
    """A column for each method, in the order of the methods; few statements, however many communities."""
    parts = design.parts.count()
    rows = GridProposal.objects.filter(part__design=design).defer("shapes", "labels", "earlier")
    by_method: dict[str, list[GridProposal]] = {method: [] for method in design.methods}
    for row in rows.order_by("part__community__code"):
        by_method[row.method].append(row)
    return [Column(method, found, len(found) == parts) for method, found in by_method.items()]


# -- The table -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One row of the table: what is compared, what it means, and a cell for each proposal."""

    label: str
    says: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Cell:
    """A measure in words; `best` where no other proposal is better and at least one is worse."""

    text: str
    best: bool = False


def table(worths: Sequence[Worth], low: int, high: int) -> list[Line]:
    """Every measure with its best proposals marked; nobody adds them up to one score."""
    band = {"low": low, "high": high}
    return [
        _line(_("Grids"), "", [str(one.grids) for one in worths], [0 for _one in worths]),
        _line(
            _("Grids in the band"),
            _("With %(low)s to %(high)s households.") % band,
            [_("%(number)s of %(all)s") % {"number": one.in_band, "all": one.grids} for one in worths],
            [one.in_band / (one.grids or 1) for one in worths],
        ),
        _line(
            _("Households, least to most"), "",
            [f"{one.least}–{one.most}" for one in worths], [one.least - one.most for one in worths],
        ),
        _line(
            _("Evenness"),
            _("The standard deviation of the households by their mean; less is more even."),
            [f"{one.balance} ({one.variation:.0%})" for one in worths], [-round(one.variation, 2) for one in worths],
        ),
        _line(
            _("Compactness"),
            _("Polsby–Popper, the mean of the grids: 1 is a circle, 0.79 a square, near 0 a thread."),
            [f"{one.compactness:.2f}" for one in worths], [round(one.compactness, 2) for one in worths],
        ),
        _line(
            _("Least compact grid"), "", [f"{one.worst:.2f}" for one in worths], [round(one.worst, 2) for one in worths],
        ),
        _line(
            _("Each in one piece"), "",
            [_("yes") if one.contiguous else _("no") for one in worths], [one.contiguous for one in worths],
        ),
        _line(
            _("Households with another grid worker"),
            _("Each new grid goes on with one of today's; whoever lives in another part gets another worker."),
            [f"{one.moved} ({one.moved_share:.0%})" for one in worths], [-one.moved for one in worths],
        ),
    ]  # fmt: skip


def _line(label: str, says: str, texts: Sequence[str], worth: Sequence[float]) -> Line:
    tells = len(set(worth)) > 1
    return Line(label, says, [Cell(t, tells and w == max(worth)) for t, w in zip(texts, worth, strict=True)])


@dataclass(frozen=True)
class GridRow:
    """One grid of a proposal."""

    number: int
    households: int
    blocks: int
    state: str  # "in", "under" or "over" the band


def grids_of(proposal: GridProposal, low: int, high: int) -> list[GridRow]:
    """The grids of a proposal, by number."""
    blocks = [0] * len(proposal.measures["households"])
    for label in proposal.labels:
        blocks[label] += 1
    return [
        GridRow(number, held, blocks[number - 1], state_of(held, low, high))
        for number, held in enumerate(proposal.measures["households"], start=1)
    ]


def state_of(households: int, low: int, high: int) -> str:
    """Whether a grid is in the band, under or over it."""
    return "under" if households < low else "over" if households > high else "in"


def remarks_of(proposal: GridProposal) -> list[str]:
    """What a person should know of a proposal, in the reader's language."""
    return [Remark(told["kind"], told["said"]).sentence for told in proposal.remarks]
