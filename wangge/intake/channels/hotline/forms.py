"""What a seat writes down while somebody speaks."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Account
from wangge.cases.actions import Contact, Draft
from wangge.cases.models import MatterClass, Report
from wangge.common.forms import CleanText
from wangge.common.masking import is_masked
from wangge.common.refusals import Refused
from wangge.common.words import MOST_WORDS
from wangge.intake.channels.web.places import FoundPlace, guess_places


class CallForm(forms.Form):
    """One call; the order of the fields is the order of the talk."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    text = CleanText(
        label=gettext_lazy("What is the matter?"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )
    address = forms.CharField(
        label=gettext_lazy("Where"),
        required=False,
        max_length=256,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-85, max_value=85, widget=forms.HiddenInput)
    in_words = forms.BooleanField(
        label=gettext_lazy("None of these: receive it without a point"), required=False
    )
    street_only = forms.BooleanField(
        label=gettext_lazy("Show the public only the street, not the exact place"), required=False
    )
    confidential = forms.BooleanField(
        label=gettext_lazy("A tip-off: keep it confidential"),
        required=False,
        help_text=gettext_lazy("The duty chief names who handles it; nobody else finds it, you too."),
    )
    matter = forms.ModelChoiceField(
        MatterClass.objects.filter(in_force=True), label=gettext_lazy("Class"), required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Report.Kind.choices, required=False)
    name = forms.CharField(label=gettext_lazy("Name of the caller"), required=False, max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    share_with_unit = forms.BooleanField(
        label=gettext_lazy("The caller agrees that the handling unit may call back"), required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "call_%s", **more})
        self.initial.setdefault("token", uuid4().hex)
        self.initial.setdefault("kind", Report.Kind.PROBLEM)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for field in ("name", "phone"):
            if is_masked(cleaned.get(field) or ""):
                self.add_error(
                    field, ValidationError(_("Stars stand for what is hidden; please write it in full."))
                )
        if (cleaned.get("lon") is None) != (cleaned.get("lat") is None):
            cleaned["lon"] = cleaned["lat"] = None
        return cleaned

    def guesses(self) -> list[FoundPlace]:
        """Where the address may be while nobody has chosen a point; asked once."""
        c = self.cleaned_data
        return [] if c["lon"] is not None or c["in_words"] else guess_places(c["address"])

    def draft(self, *, by: Account, at: datetime) -> Draft:
        """What is received; the token makes the second of two clicks the same report."""
        c = self.cleaned_data
        return Draft(
            channel=Report.Channel.HOTLINE,
            text=c["text"],
            at=at,
            lon=c["lon"],
            lat=c["lat"],
            address=c["address"],
            kind=c["kind"] or Report.Kind.PROBLEM,
            matter=c["matter"],
            street_only=c["street_only"],
            confidential=c["confidential"],
            contact=Contact(c["name"], c["phone"], "", c["share_with_unit"]),
            source="desk",
            source_key=c["token"],
            by=by,
        )

    def refuse(self, refused: Refused) -> None:
        """Show a refusal at the field it concerns."""
        field = {"description": "text"}.get(refused.field or "", refused.field)
        self.add_error(field if field in self.fields else None, str(refused))
