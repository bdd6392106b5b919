"""What a row of a scorecard shows under the heads of its card."""

from django import template

from wangge.insight.measures.cards import Card
from wangge.insight.queries.cards import Number, RateOf, Row

register = template.Library()


@register.filter
def rates(row: Row, card: Card) -> list[RateOf]:
    """The rates of a row, in the order of the card's."""
    return row.rates(card)


@register.filter
def more(row: Row, card: Card) -> list[Number]:
    """The numbers beside the rates."""
    return row.more(card)


@register.filter
def width(card: Card, rule: object) -> int:
    """How many columns stand right of the name."""
    return len(card.ratios) + len(card.more) + (1 if rule else 0)
