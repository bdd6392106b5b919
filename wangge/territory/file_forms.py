"""What people type about files of boundaries."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wangge.territory.codes import UNIT_GRID
from wangge.territory.models import Level


class BoundaryFileForm(forms.Form):
    """A file of boundaries and, where it does not say so itself, how to read it."""

    file = forms.FileField(
        label=_("File of boundaries"),
        help_text=_(
            "GeoJSON, Shapefile in one .zip, GeoPackage, KML, or CSV with a column wkt; at most 200 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,.zip,.gpkg,.kml,.kmz,.csv"}),
    )
    crs = forms.CharField(
        label=_("Coordinate system"),
        required=False,
        max_length=40,
        help_text=_(
            "Empty: as the file says. Else wgs84, cgcs2000, gcj02, bd09, or a projected one such as epsg:4548."
        ),
        widget=forms.TextInput(attrs={"list": "systems", "autocomplete": "off"}),
    )
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[("", _("as the file or its codes say")), *Level.choices, (UNIT_GRID, _("unit grid"))],
    )
    layer = forms.CharField(
        label=_("Layer"), required=False, max_length=100, help_text=_("Only where the file has several.")
    )
    code = forms.CharField(
        label=_("Column of the code"),
        required=False,
        max_length=100,
        help_text=_("Empty: one that is called code, 编码 and the like."),
    )
    name = forms.CharField(label=_("Column of the name"), required=False, max_length=100)
    parent = forms.CharField(label=_("Column of the parent’s code"), required=False, max_length=100)

    @property
    def reading(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in ("crs", "level", "layer", "code", "name", "parent")}


class ExportForm(forms.Form):
    """Which boundaries, in which format and coordinate system."""

    level = forms.ChoiceField(label=_("Level"), choices=[*Level.choices, (UNIT_GRID, _("unit grid"))])
    within = forms.CharField(
        label=_("Within the area with the code"),
        required=False,
        max_length=24,
        help_text=_("Empty: everything you may see."),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[
            (".geojson", "GeoJSON"),
            (".zip", "Shapefile (.zip)"),
            (".gpkg", "GeoPackage"),
            (".kml", "KML"),
            (".csv", "CSV (WKT)"),
        ],
    )
    crs = forms.CharField(
        label=_("Coordinate system"),
        max_length=40,
        initial="wgs84",
        help_text=_("wgs84, cgcs2000, gcj02, bd09, or a projected one such as epsg:4548."),
        widget=forms.TextInput(attrs={"list": "systems", "autocomplete": "off"}),
    )
