"""Controls that forms of several domains share."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """The browser's own calendar; it reads and sends ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
