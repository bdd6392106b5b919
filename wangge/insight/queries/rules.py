"""The rule of a score that holds now: the newest version, else the shipped one."""

from wangge.insight.models import ScoreRule
from wangge.insight.scoring.schemes import SHIPPED, Scheme


def rule_of(card: str) -> Scheme | None:
    """The rule by which a card is scored; None for one without scores."""
    if card not in SHIPPED:
        return None
    newest = ScoreRule.objects.filter(card=card).order_by("-version").first()
    return Scheme.from_data(newest.content, newest.version) if newest else SHIPPED[card]
