"""What a resident fills in: where, what, and in their own words."""

import hashlib
import json
import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wangge.cases.actions import Contact, Draft
from wangge.cases.models import MatterClass, MatterGroup, Report
from wangge.common.digits import whole_number
from wangge.common.forms import CleanText
from wangge.common.refusals import Refused
from wangge.common.words import MOST_WORDS
from wangge.intake.channels.web.places import chosen_place
from wangge.territory.coordinates import CRS, parse_pair, to_wgs84

CRS_CHOICES = [
    (CRS.WGS84.value, _("WGS84 (GPS, this map)")),
    (CRS.GCJ02.value, _("GCJ-02 (Gaode, Tencent and other Chinese phone maps)")),
    (CRS.BD09.value, _("BD-09 (Baidu map)")),
    (CRS.CGCS2000.value, _("CGCS2000 (surveying)")),
]
PHONE = re.compile(r"^\+?[0-9][0-9 ()-]{4,24}$")
Point = tuple[float, float]


class ReportForm(forms.Form):
    """One report. Coordinates typed by hand name their system; the map and the device give WGS84."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    found = CleanText(required=False, max_length=400)
    address = CleanText(label=_("Address, or where exactly"), required=False, max_length=256)
    lon = CleanText(label=_("Longitude"), required=False, max_length=40)
    lat = CleanText(label=_("Latitude"), required=False, max_length=40)
    crs = forms.ChoiceField(label=_("Coordinate system"), required=False, choices=CRS_CHOICES)
    street_only = forms.BooleanField(
        label=_("Show the public only the street, not the exact place"), required=False
    )
    confidential = forms.BooleanField(
        label=_("This is a tip-off: keep it confidential"),
        required=False,
        help_text=_("Only the few people named to handle it see it, and the public learns nothing of it."),
    )
    group = CleanText(required=False, max_length=20)
    matter = CleanText(label=_("More exactly"), required=False, max_length=20)
    kind = forms.ChoiceField(label=_("This is"), required=False, choices=Report.Kind.choices)
    text = CleanText(
        label=_("What is the matter?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MOST_WORDS}),
    )
    name = CleanText(label=_("How may we address you?"), required=False, max_length=60)
    phone = CleanText(label=_("Telephone"), required=False, max_length=40)
    email = CleanText(label=_("E-mail"), required=False, max_length=254)
    share_with_unit = forms.BooleanField(
        label=_("The unit that handles it may contact me directly"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        initial: dict[str, Any] | None = None,
        photo_place: Point | None = None,
        has_photos: bool = False,
    ) -> None:
        super().__init__(data, initial=initial)
        self.photo_place = photo_place
        self.has_photos = has_photos

    # -- Each field ---------------------------------------------------------------------------------

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > MOST_WORDS:
            raise ValidationError(
                _(
                    "The description has %(length)d characters; at most %(most)d can be kept. Please shorten it."
                )
                % {"length": len(text), "most": MOST_WORDS}
            )
        return text

    def clean_crs(self) -> CRS:
        return CRS(self.cleaned_data["crs"] or CRS.WGS84)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Report.Kind.PROBLEM

    def clean_matter(self) -> MatterClass | None:
        code = self.cleaned_data["matter"]
        found = (
            MatterClass.objects.filter(code=code, in_force=True).select_related("group").first()
            if code
            else None
        )
        if code and found is None:
            raise ValidationError(
                _("There is no class “%(code)s”. Please choose again, or leave it to us.") % {"code": code}
            )
        return found

    def clean_group(self) -> MatterGroup | None:
        code = self.cleaned_data["group"]
        found = MatterGroup.objects.filter(code=code).first() if code else None
        if code and found is None:
            raise ValidationError(
                _("There is no class “%(code)s”. Please choose again, or leave it to us.") % {"code": code}
            )
        return found

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not PHONE.match(phone):
            raise ValidationError(_("This does not look like a telephone number."))
        return phone

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email:
            forms.EmailField().clean(email)
        return email

    # -- All together ---------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        data["point"] = self._point()
        if (
            data["point"] is None
            and not data.get("address")
            and not self.errors.keys() & {"lon", "lat", "address"}
        ):
            self.add_error(
                "address", _("Please say where it is: on the map, by an address, or with your position.")
            )
        says_what = data.get("text") or data.get("matter") or data.get("group") or self.has_photos
        if not says_what and not self.errors.keys() & {"text", "matter", "group"}:
            self.add_error(
                "text", _("Please say what is the matter: a choice, a photo or a few words will do.")
            )
        return data

    def _point(self) -> Point | None:
        """The place chosen from the list, else typed or picked, else where the photo was taken. WGS84 degrees."""
        data = self.cleaned_data
        try:
            if found := chosen_place(data.get("found", "")):
                data["address"] = data.get("address") or found[2]
                return found[0], found[1]
            pair = parse_pair(data.get("lon"), data.get("lat"))
        except Refused as refusal:
            self.add_error(refusal.field or "lon", str(refusal))
            return None
        if pair is not None:
            return to_wgs84(*pair, data.get("crs") or CRS.WGS84)
        return None if data.get("address") else self.photo_place

    def draft(self, *, answers: dict[str, Any], same_as: str, at: datetime) -> Draft:
        """The report as the domain takes it. The same form sent twice is one report; changed words are another."""
        data = self.cleaned_data
        lon, lat = data["point"] or (None, None)
        group, matter = data["group"], data["matter"]
        attributes = dict(answers)
        if group and not matter:
            attributes["group"] = group.code
        if (known := whole_number(same_as)) is not None:
            attributes["same_as"] = known
        return Draft(
            channel=Report.Channel.WEB,
            text=data["text"] or ("" if matter else group.name if group else str(_("See the photo"))),
            at=at,
            lon=lon,
            lat=lat,
            address=data["address"],
            kind=data["kind"],
            matter=matter,
            attributes=attributes,
            contact=Contact(data["name"], data["phone"], data["email"], data["share_with_unit"]),
            street_only=data["street_only"],
            confidential=data["confidential"],
            source_key=self._key(),
        )

    def _key(self) -> str:
        said = {
            name: self.data.get(name, "")
            for name in ("text", "address", "lon", "lat", "found", "matter", "group")
        }
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "replace")).hexdigest()
        return f"{self.data['token']}-{digest[:16]}"
