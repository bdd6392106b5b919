"""The shipped rules of each score (GB/T 30428.4-2016 practice); an administrator may put others in their place.

Where the sources contradict each other we decided, and say so here. The score of an area: the sources' weights add up to
70 % and their code inverts the closing rates; here timely closing weighs 40 %, so that the sum is 100 %, and closing much
is good. Bands are meant for a month: a longer or shorter period is converted to 30 days. The bands of an area are those
of one unit grid; a larger area is judged by what falls on one of its grids. An acceptor sends nothing to be checked here,
since the system asks for each check by itself: that term is left out and its weight falls to the other two.
"""

from dataclasses import dataclass
from typing import Any

Band = tuple[float, float]  # up to this much, this mark; the last one has no upper end and is `beyond`


@dataclass(frozen=True)
class Term:
    """One part of a score: a rate, or a count judged by bands."""

    weight: float  # per cent
    rate: str = ""  # code of a Ratio
    count: str = ""  # code of a Counted
    bands: tuple[Band, ...] = ()
    beyond: float = 0
    each_grid: bool = False

    def as_data(self) -> dict[str, Any]:
        """As it is stored."""
        if self.rate:
            return {"weight": self.weight, "rate": self.rate}
        return {
            "weight": self.weight, "count": self.count, "bands": [list(band) for band in self.bands],
            "beyond": self.beyond, "each_grid": self.each_grid,
        }  # fmt: skip

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Term":
        bands = tuple((float(upto), float(mark)) for upto, mark in data.get("bands", ()))
        return cls(
            float(data["weight"]), data.get("rate", ""), data.get("count", ""), bands,
            float(data.get("beyond", 0)), bool(data.get("each_grid", False)),
        )  # fmt: skip


@dataclass(frozen=True)
class Scheme:
    """The rule of one score: its terms, whose weights add up to 100, and the grades."""

    terms: tuple[Term, ...]
    grades: tuple[tuple[float, str], ...]
    version: int = 0  # 0: as shipped

    def as_data(self) -> dict[str, Any]:
        return {
            "terms": [term.as_data() for term in self.terms],
            "grades": [list(grade) for grade in self.grades],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any], version: int) -> "Scheme":
        terms = tuple(Term.from_data(term) for term in data["terms"])
        return cls(terms, tuple((float(least), str(name)) for least, name in data["grades"]), version)


# [90,100] green, [75,90) blue, [60,75) yellow, [40,60) red, [0,40) black.
GRADES = ((90.0, "A"), (75.0, "B"), (60.0, "C"), (40.0, "D"), (0.0, "E"))

# The sources begin the bands at 101, 301 …: up to 100 nothing, up to 300 forty.
WORKLOAD: tuple[Band, ...] = ((100, 0), (300, 40), (500, 60), (1200, 75), (2000, 90))
OF_DEPARTMENT: tuple[Band, ...] = ((50, 100), (100, 90), (200, 75), (500, 60), (1000, 40))
OF_AREA: tuple[Band, ...] = ((0, 100), (2, 90), (4, 75), (6, 60), (8, 40))

SHIPPED: dict[str, Scheme] = {
    "department": Scheme(
        (
            Term(10, count="received_by_unit", bands=OF_DEPARTMENT),
            Term(30, rate="closed_rate"),
            Term(30, rate="handled_in_time_rate"),
            Term(30, rate="rework_rate"),
        ),
        GRADES,
    ),
    "area": Scheme(
        (
            Term(10, rate="public_rate"),
            Term(20, count="filed", bands=OF_AREA, each_grid=True),
            Term(30, rate="closed_rate"),
            Term(40, rate="closed_in_time_rate"),
        ),
        GRADES,
    ),
    "inspector": Scheme(
        (
            Term(40, rate="valid_rate"),
            Term(20, rate="missed_rate"),
            Term(20, rate="verified_in_time_rate"),
            Term(20, rate="checked_in_time_rate"),
        ),
        GRADES,
    ),
    "acceptor": Scheme(
        (
            # 25 and 40 of the sources' 25, 40 and 35.
            Term(38.5, count="accept_done", bands=WORKLOAD, beyond=100),
            Term(61.5, rate="sent_in_time_rate"),
        ),
        GRADES,
    ),
    "duty_chief": Scheme(
        (
            Term(25, rate="filed_in_time_rate"),
            Term(40, rate="filed_rightly_rate"),
            Term(35, rate="closed_in_time_rate"),
        ),
        GRADES,
    ),
    "dispatcher": Scheme(
        (
            Term(20, count="dispatch_done", bands=WORKLOAD, beyond=100),
            Term(40, rate="dispatched_in_time_rate"),
            Term(40, rate="dispatched_rightly_rate"),
        ),
        GRADES,
    ),
}
