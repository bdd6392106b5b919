"""How long words may be, wherever no form has asked already: at an API, in a text without a field of its own."""

from django.utils.translation import gettext as _

from wangge.common.refusals import Refused

MOST_WORDS = 4000  # characters; GeoReport v2 allows no more either


def demand_short(words: str, field: str, most: int = MOST_WORDS) -> None:
    """Raise Refused, naming the field, for words of which there are more than can be kept."""
    if len(words) > most:
        raise Refused(
            _("This has %(length)d characters; at most %(most)d can be kept. Please shorten it.")
            % {"length": len(words), "most": most},
            field=field,
        )
