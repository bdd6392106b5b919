"""Where it was solved: in the grid, the community, the street or the district.

On the spot by the grid worker is the grid; by a community's station is the community; else it is the level whose centre
held the case when it was closed. Worked example: of ten closed two on the spot and five by stations: 20 %, 50 %.
"""

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.insight.facts.ends import DONE
from wangge.insight.measures.evaluation.counted import Counted, Ratio, ended
from wangge.insight.models import FactKind
from wangge.territory.models import Level

CLOSED = Counted(
    "closed",
    pgettext_lazy("scorecard", "Closed"),
    _("Cases closed in the period, with or without a time limit."),
    (FactKind.WHOLE,),
    lambda span: ended(span) & Q(outcome__in=DONE[FactKind.WHOLE]),
)


def _at(level: Level, label: Promise) -> tuple[Counted, Ratio]:
    counted = Counted(
        f"closed_at_{level}",
        label,
        _("Of the closed cases, those solved at this level."),
        (FactKind.WHOLE,),
        lambda span: CLOSED.where(span) & Q(level=level),
    )
    return counted, Ratio(f"at_{level}_rate", label, _("Solved at this level / closed."), counted, CLOSED)


AT: dict[Level, tuple[Counted, Ratio]] = {
    Level.GRID: _at(Level.GRID, pgettext_lazy("scorecard", "Solved in the grid")),
    Level.COMMUNITY: _at(Level.COMMUNITY, pgettext_lazy("scorecard", "Solved in the community")),
    Level.STREET: _at(Level.STREET, pgettext_lazy("scorecard", "Solved in the street")),
    Level.COUNTY: _at(Level.COUNTY, pgettext_lazy("scorecard", "Solved in the district")),
}
