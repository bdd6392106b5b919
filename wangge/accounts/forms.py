"""What people type about accounts."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.accounts.models import Account, Unit
from wangge.common.masking import is_masked, mask_phone

LONGEST_PASSWORD = 1000  # characters: more is no password, and hashing it takes long


class SignInForm(forms.Form):
    """Name and password; whether they fit is the view's question."""

    username = forms.CharField(
        label=_("Account name"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def _rules() -> SafeString:
    texts = password_validation.password_validators_help_texts()
    return format_html_join("", "<div>· {}</div>", ((text,) for text in texts))


class PasswordForm(forms.Form):
    """The present password and a new one, twice; the rules stand beside it before anything goes wrong."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=lazy(_rules, SafeString)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", _("The two new passwords differ."))
        return given


class AccountForm(forms.ModelForm):
    """An account as the system administrator sees it: the phone is masked unless it is typed anew."""

    class Meta:
        model = Account
        fields = ("username", "name", "phone", "unit")
        labels = {"username": _("Account name"), "name": _("Name"), "phone": _("Phone"), "unit": _("Unit")}
        help_texts = {"username": _("Letters, digits, dots and hyphens; it cannot be changed later.")}

    username = forms.RegexField(
        r"^[\w.-]+$",
        label=_("Account name"),
        max_length=60,
        error_messages={"invalid": _("Use letters, digits, dots and hyphens only.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_units = Unit.objects.filter(closed_on=None).order_by("code")
        self.fields["unit"] = forms.ModelChoiceField(
            open_units, label=_("Unit"), required=False, empty_label="—"
        )
        if self.instance.pk:
            del self.fields["username"]
            self.initial["phone"] = mask_phone(self.instance.phone)

    def clean_phone(self) -> str:
        """Take a masked value for what it is: nobody touched it."""
        typed = str(self.cleaned_data["phone"]).strip()
        return mask_phone(self.instance.phone) if self.instance.pk and is_masked(typed) else typed


class UnitForm(forms.ModelForm):
    """A unit: code, names, kind, the unit above it."""

    class Meta:
        model = Unit
        fields = ("code", "name", "name_en", "kind", "parent", "phone")
        labels = {
            "code": _("Code"),
            "name": pgettext_lazy("unit", "Name"),
            "name_en": _("Name in English"),
            "kind": _("Kind"),
            "parent": _("Unit above"),
            "phone": _("Phone"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A closed unit stays selectable where it already stands above.
        others = Unit.objects.exclude(pk=self.instance.pk)
        above = others.filter(Q(closed_on=None) | Q(pk=self.instance.parent_id)).order_by("code")
        self.fields["parent"] = forms.ModelChoiceField(
            above, label=_("Unit above"), required=False, empty_label="—"
        )
