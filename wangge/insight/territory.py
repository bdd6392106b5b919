"""What a change of the territory would touch of the figures."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from wangge.insight.models import Scorecard, ScorecardRow
from wangge.territory.changes.effects import Effect, Touched
from wangge.territory.models import Area, FormerState


def effects(touched: Touched) -> Iterator[Effect]:
    """Count the frozen scorecards in which an area stands that ends, is redrawn or moves: nothing of them changes."""
    areas = touched.ended | touched.redrawn | touched.moved
    now = Area.objects.filter(pk__in=areas).values("path")
    then = FormerState.objects.filter(area_id__in=areas).values("path")
    rows = ScorecardRow.objects.filter(Q(path__in=now) | Q(path__in=then))
    frozen = Scorecard.objects.filter(Q(area_id__in=areas) | Q(pk__in=rows.values("scorecard")))
    yield Effect(
        _("Frozen scorecards"),
        frozen.count(),
        _("They stay as they were frozen, with the lists behind them."),
    )
