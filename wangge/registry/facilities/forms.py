"""What people type about files of facilities."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.registry.facilities import columns
from wangge.territory.brought.forms import GeographyFileForm, file_field, system_field


class FacilityFileForm(GeographyFileForm):
    """A file of facilities and, where it does not say so itself, how to read it."""

    COLUMNS = tuple(f"column_{name}" for name in columns.WAYS)

    file = file_field(
        gettext_lazy("File of facilities"),
        gettext_lazy(
            "CSV or XLSX with columns lon and lat, GeoJSON, Shapefile in one .zip, GeoPackage or KML of points; at most 200 MB, tables 100, KML 50."
        ),
        accept=".csv,.xlsx,.geojson,.json,.zip,.gpkg,.kml,.kmz",
    )
    crs = system_field(
        gettext_lazy(
            "Empty: as the file says. A table says it in a column crs, or you name it: wgs84, cgcs2000, gcj02 (Amap, Tencent), "
            "bd09 (Baidu), or a projected one such as epsg:4548."
        )
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
