"""What people type about files of boundaries."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wangge.territory.brought.forms import GeographyFileForm, file_field, system_field
from wangge.territory.codes import UNIT_GRID
from wangge.territory.models import Area, Level


class BoundaryFileForm(GeographyFileForm):
    """A file of boundaries, in which area it all lies and, where it does not say so itself, how to read it."""

    COLUMNS = ("code", "name", "parent")

    within = forms.ModelChoiceField(
        Area.objects.none(),
        label=_("Within"),
        to_field_name="code",
        empty_label="—",
        help_text=_("Everything of the file lies in this area; its territory administrators approve it."),
    )
    file = file_field(
        _("File of boundaries"),
        _(
            "GeoJSON, Shapefile in one .zip, GeoPackage, KML, or CSV with a column wkt; at most 200 MB, tables 100, KML 50."
        ),
        accept=".geojson,.json,.zip,.gpkg,.kml,.kmz,.csv",
    )
    crs = system_field(
        _("Empty: as the file says. Else wgs84, cgcs2000, gcj02, bd09, or a projected one such as epsg:4548.")
    )
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[("", _("as the file or its codes say")), *Level.choices, (UNIT_GRID, _("unit grid"))],
    )
    code = forms.CharField(
        label=_("Column of the code"),
        required=False,
        max_length=100,
        help_text=_("Empty: one that is called code, 编码 and the like."),
    )
    name = forms.CharField(label=_("Column of the name"), required=False, max_length=100)
    parent = forms.CharField(label=_("Column of the parent’s code"), required=False, max_length=100)

    def __init__(self, *args: Any, areas: QuerySet[Area] | None, **kwargs: Any) -> None:
        """`areas` are those that may be chosen; None while the installation has none at all."""
        super().__init__(*args, **kwargs)
        if areas is None:
            del self.fields["within"]
        else:
            self.fields["within"].queryset = areas  # type: ignore[attr-defined]
            self.fields["within"].label_from_instance = lambda area: f"{area.name} ({area.code})"  # type: ignore[attr-defined]

    @property
    def reading(self) -> dict[str, str]:
        """How to read the file, by the names of things."""
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
    crs = system_field(
        _("wgs84, cgcs2000, gcj02, bd09, or a projected one such as epsg:4548."),
        required=True,
        initial="wgs84",
    )
