"""What people type about posts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Role
from wangge.common.forms import DayInput
from wangge.territory.models import Area


class PostForm(forms.Form):
    """A role in an area from one day on."""

    role = forms.ChoiceField(label=_("Post"), choices=[("", "—"), *Role.choices])
    area = forms.ModelChoiceField(
        Area.objects.filter(valid_to=None),
        label=_("Area"),
        error_messages={"required": _("Please find and choose an area.")},
    )
    starts_on = forms.DateField(label=_("From"), widget=DayInput())
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("The first day on which it no longer holds; empty if open."),
        widget=DayInput(),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("role"):
            given["role"] = Role(given["role"])
        return given


class EndForm(forms.Form):
    """The first day on which a post no longer holds."""

    on = forms.DateField()
