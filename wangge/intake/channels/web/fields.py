"""Fields as people fill them: one kind of line break, everything else as it was typed."""

from typing import Any

from django import forms


class CleanText(forms.CharField):
    """A text whose line breaks count as one sign each; emoji and rare Han characters stay."""

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return super().to_python(text.replace("\r\n", "\n")) or ""
