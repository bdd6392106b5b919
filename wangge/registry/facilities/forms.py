"""What people type about files of facilities."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.registry.facilities import columns


class FacilityFileForm(forms.Form):
    """A file of facilities and, where it does not say so itself, how to read it."""

    file = forms.FileField(
        label=gettext_lazy("File of facilities"),
        help_text=gettext_lazy(
            "CSV or XLSX with columns lon and lat, GeoJSON, Shapefile in one .zip, GeoPackage or KML of points; at most 200 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.geojson,.json,.zip,.gpkg,.kml,.kmz"}),
    )
    crs = forms.CharField(
        label=gettext_lazy("Coordinate system"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "Empty: as the file says. A table says it in a column crs, or you name it: wgs84, cgcs2000, gcj02 (Amap, Tencent), "
            "bd09 (Baidu), or a projected one such as epsg:4548."
        ),
        widget=forms.TextInput(attrs={"list": "systems", "autocomplete": "off"}),
    )
    layer = forms.CharField(
        label=gettext_lazy("Layer"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Only where the file has several."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, known in columns.WAYS.items():
            self.fields[f"column_{name}"] = forms.CharField(
                label=columns.LABELS[name],
                required=False,
                max_length=100,
                help_text=_("Empty: %(names)s.") % {"names": ", ".join(known)},
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    @property
    def reading(self) -> dict[str, str]:
        """How to read the file, by the names of things."""
        said = {name: self.cleaned_data[f"column_{name}"] for name in columns.WAYS}
        return {"crs": self.cleaned_data["crs"], "layer": self.cleaned_data["layer"], **said}

    @property
    def columns(self) -> list[forms.BoundField]:
        """The fields that name columns."""
        return [self[f"column_{name}"] for name in columns.WAYS]
