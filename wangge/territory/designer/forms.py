"""What people type about a design of grids."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.common.forms import DayInput
from wangge.common.refusals import Refused
from wangge.territory import systems
from wangge.territory.designer.asking import Wish
from wangge.territory.designer.land import BARRIERS
from wangge.territory.designer.models import MOST_METHODS, GridDesign
from wangge.territory.designer.proposing import METHODS
from wangge.territory.models import Area
from wangge.territory.systems import System

LOW, HIGH = 300, 500  # the usual size of a grid
FILES = ".geojson,.json,.csv,.zip,.gpkg,.kml,.kmz"
Source = GridDesign.Source
TICKED = {"class": "form-check-input"}


class DesignForm(forms.Form):
    """Where, how large, from which blocks, along which lines, by which methods."""

    within = forms.ModelChoiceField(
        Area.objects.none(), label=gettext_lazy("Within"), to_field_name="code", empty_label=None,
        help_text=gettext_lazy("A community, or a street or county: then each community in it by itself."),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    low = forms.IntegerField(label=gettext_lazy("Least households"), min_value=1, initial=LOW)
    high = forms.IntegerField(label=gettext_lazy("Most households"), min_value=2, initial=HIGH)
    source = forms.ChoiceField(
        label=gettext_lazy("Households from"), choices=Source.choices, initial=Source.REGISTERED, widget=forms.RadioSelect(attrs=TICKED),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("File of blocks"),
        required=False,
        help_text=gettext_lazy(
            "GeoJSON, CSV with lon and lat, Shapefile in one .zip, GeoPackage or KML, with a column households or 户数; at most 20 MB."
        ),
        widget=forms.FileInput(attrs={"accept": FILES}),
    )
    crs = forms.CharField(
        label=gettext_lazy("Coordinate system of the file"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "Empty: as the file says. Else wgs84, cgcs2000, gcj02, bd09, or a projected one such as epsg:4548."
        ),
    )
    barriers = forms.MultipleChoiceField(
        label=gettext_lazy("Grids do not cross"), required=False, initial=["main_roads", "water"],
        choices=[(kind, barrier.label) for kind, barrier in BARRIERS.items()], widget=forms.CheckboxSelectMultiple(attrs=TICKED),
        help_text=gettext_lazy("The limits of communities are never crossed."),
    )  # fmt: skip
    methods = forms.MultipleChoiceField(
        label=gettext_lazy("Methods to compare"), choices=[(name, method.name) for name, method in METHODS.items()],
        widget=forms.CheckboxSelectMultiple(attrs=TICKED),
        error_messages={"required": gettext_lazy("Choose one to three methods.")},
    )  # fmt: skip

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["within"].queryset = areas  # type: ignore[attr-defined]
        self.fields["within"].label_from_instance = lambda area: f"{area.name} ({area.code})"  # type: ignore[attr-defined]
        self.fields["methods"].initial = offered()[:MOST_METHODS]

    @property
    def ways(self) -> list[tuple[Any, Any, bool]]:
        """Each method with its box, what it is good for, and whether it can be had here; else nobody ticks it."""
        found = []
        for (_name, method), box in zip(METHODS.items(), self["methods"], strict=True):
            if not method.available:
                box.data["attrs"]["disabled"] = True
            found.append((box, method.good_for, method.available))
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("source") == Source.FILE and not given.get("file"):
            self.add_error("file", _("Please choose the file."))
        return given

    def wish(self) -> Wish:
        """What is asked for; raises Refused for a coordinate system there is not."""
        given = self.cleaned_data
        from_file = given["source"] == Source.FILE
        return Wish(
            given["title"], given["low"], given["high"], given["methods"], given["barriers"],
            given["file"] if from_file else None, self._system() if from_file else None,
        )  # fmt: skip

    def _system(self) -> System | None:
        try:
            return systems.by_name(self.cleaned_data["crs"]) if self.cleaned_data["crs"] else None
        except Refused as refused:
            raise Refused(str(refused), field="crs") from refused


def offered() -> list[str]:
    """The methods that can be had here."""
    return [name for name, method in METHODS.items() if method.available]


class MoveForm(forms.Form):
    """Blocks that go to another grid."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    blocks = forms.TypedMultipleChoiceField(label=gettext_lazy("Blocks"), coerce=int)
    into = forms.TypedChoiceField(label=gettext_lazy("To the grid"), coerce=int)

    def __init__(
        self, *args: Any, blocks: list[tuple[str, list[tuple[int, str]]]], grids: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["blocks"].choices = blocks  # type: ignore[attr-defined]
        self.fields["blocks"].widget.attrs["size"] = 10
        self.fields["into"].choices = [  # type: ignore[attr-defined]
            (number, _("Grid %(number)s") % {"number": number}) for number in range(1, grids + 1)
        ]


class DraftForm(forms.Form):
    """A proposal becomes the draft of a change."""

    title = forms.CharField(label=gettext_lazy("Title of the change"), max_length=100)
    in_force_on = forms.DateField(
        label=gettext_lazy("In force on"), required=False, widget=DayInput(),
        help_text=gettext_lazy("Empty: on the day on which it is approved."),
    )  # fmt: skip
