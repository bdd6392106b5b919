"""What people type about posts."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Account, Role
from wangge.common.forms import DayInput
from wangge.territory.models import Area, ForceKind

PHONE = RegexValidator(r"^[0-9+() \-]{3,40}\Z", _("A telephone number has digits, blanks and dashes only."))


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


class AbsenceForm(forms.Form):
    """From which day to which somebody is away, and who stands in."""

    stand_in = forms.ModelChoiceField(
        Account.objects.none(),
        label=_("Stands in"),
        empty_label="—",
        error_messages={"required": _("Please choose who stands in; nobody is left without.")},
    )
    starts_on = forms.DateField(label=_("From"), widget=DayInput())
    ends_on = forms.DateField(label=_("Back on"), help_text=_("The first day back."), widget=DayInput())


class ForceForm(forms.Form):
    """Who serves an area as one of the forces."""

    force = forms.ModelChoiceField(
        ForceKind.objects.filter(in_use=True), label=_("Force"), to_field_name="code", empty_label="—"
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    duty_phone = forms.CharField(
        label=_("Duty phone"),
        max_length=40,
        required=False,
        help_text=_("Of the post, not the person's own."),
        validators=[PHONE],
    )
    username = forms.CharField(
        label=_("Account name"),
        max_length=60,
        required=False,
        help_text=_("If the person has an account here."),
    )
    starts_on = forms.DateField(label=_("From"), widget=DayInput())
    ends_on = forms.DateField(label=_("Until"), required=False, widget=DayInput())
    shown = forms.BooleanField(label=_("The person agreed that residents read the name"), required=False)

    def clean_username(self) -> Account | None:
        username: str = self.cleaned_data["username"].strip()
        if not username:
            return None
        account = Account.objects.filter(username=username).first()
        if account is None:
            raise forms.ValidationError(_("Nobody has this account name."))
        return account


class ForceKindForm(forms.ModelForm):
    """A kind of force; the code of one that exists is not asked for."""

    class Meta:
        model = ForceKind
        fields = ("code", "name", "name_en", "ordinal", "in_use")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]


class PhoneForm(forms.Form):
    """The telephone of a post."""

    phone = forms.CharField(max_length=40, required=False, validators=[PHONE])


class PhotoForm(forms.Form):
    """A photo for the badge, and the consent that residents see it."""

    photo = forms.FileField(label=_("Photo"))
    agreed = forms.BooleanField(
        label=_("I agree that residents who look me up see this photo. I can take it back at any time."),
        error_messages={"required": _("Without your consent no photo is kept.")},
    )
