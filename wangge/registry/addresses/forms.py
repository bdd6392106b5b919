"""What people type about addresses."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.registry.addresses.actions import BELOW, Point
from wangge.registry.models import Address, AddressName

NAME_LENGTH = 100


class PlaceForm(forms.Form):
    """A point in WGS84 degrees, both numbers or neither."""

    lon = forms.FloatField(label=gettext_lazy("Longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=gettext_lazy("Latitude"), required=False, min_value=-85, max_value=85)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if (given.get("lon") is None) != (given.get("lat") is None) and not self.errors:
            self.add_error("lon", _("A point needs both numbers: longitude and latitude."))
        return given

    @property
    def point(self) -> Point | None:
        lon, lat = self.cleaned_data["lon"], self.cleaned_data["lat"]
        return (lon, lat) if lon is not None and lat is not None else None


class AddressForm(PlaceForm):
    """A new address below another one, or at the top."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    name = forms.CharField(label=gettext_lazy("Name or number"), max_length=NAME_LENGTH)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=NAME_LENGTH, required=False)
    field_order = ("kind", "name", "lon", "lat", "source")

    def __init__(self, data: Any = None, *, parent: Address | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        kinds = BELOW[parent.kind if parent else None]
        self.fields["kind"].choices = [(kind, Address.Kind(kind).label) for kind in kinds]  # type: ignore[attr-defined]


class CorrectionForm(PlaceForm):
    """A name or a point that is wrong."""

    name = forms.CharField(label=gettext_lazy("Name or number"), max_length=NAME_LENGTH)
    keeps_former = forms.BooleanField(
        label=gettext_lazy("Keep the old name as a former name"), required=False, initial=True
    )
    field_order = ("name", "keeps_former", "lon", "lat")


class NameForm(forms.Form):
    """Another name."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(kind.value, kind.label) for kind in (AddressName.Kind.ALIAS, AddressName.Kind.FORMER)],
    )
    name = forms.CharField(label=pgettext_lazy("register", "Name"), max_length=NAME_LENGTH)


class RoomForm(forms.Form):
    """A room behind an entrance."""

    name = forms.CharField(label=gettext_lazy("Room"), max_length=40)
    floor = forms.IntegerField(label=gettext_lazy("Floor"), required=False, min_value=-20, max_value=200)


class MergeForm(forms.Form):
    """The address that stays."""

    into = forms.ModelChoiceField(
        Address.objects.filter(valid_to=None),
        widget=forms.HiddenInput,
        error_messages={
            "invalid_choice": gettext_lazy("Choose another address of the same kind that is in force.")
        },
    )
