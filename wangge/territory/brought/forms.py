"""What people type about a file of geography, whatever it is of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def file_field(label: "_StrPromise", help_text: "_StrPromise", accept: str) -> forms.FileField:
    """A file to choose; `accept` are the endings that are offered."""
    return forms.FileField(label=label, help_text=help_text, widget=forms.FileInput(attrs={"accept": accept}))


def system_field(help_text: "_StrPromise", *, required: bool = False, initial: str = "") -> forms.CharField:
    """The name of a coordinate system; the usual ones are offered."""
    return forms.CharField(
        label=_("Coordinate system"),
        required=required,
        initial=initial,
        max_length=40,
        help_text=help_text,
        widget=forms.TextInput(attrs={"list": "systems", "autocomplete": "off"}),
    )


class GeographyFileForm(forms.Form):
    """How to read a file where it does not say so itself; a kind adds `file`, `crs` and its columns."""

    COLUMNS: ClassVar[Sequence[str]]  # the fields that name columns

    layer = forms.CharField(
        label=_("Layer"), required=False, max_length=100, help_text=_("Only where the file has several.")
    )

    @property
    def columns(self) -> list[forms.BoundField]:
        """What the file calls its columns, and its layer."""
        return [self[name] for name in (*self.COLUMNS, "layer")]

    @property
    def says_columns(self) -> bool:
        """Whether somebody said anything there, or something is wrong with it."""
        return any(field.value() or field.errors for field in self.columns)
