"""The access log, which lies below, calls each scorecard as its own pages do."""

import pytest
from django.utils import translation

from wangge.audit.acts import particulars
from wangge.insight.measures.cards import CARDS


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_card_is_called_as_on_its_page(language: str) -> None:
    with translation.override(language):
        for card in CARDS:
            assert particulars({"card": card.code}).endswith(f": {card.label}")
