"""What a person says about their notices, and what an administrator asks of the log."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wangge.common.forms import DaysFilter
from wangge.notifications.channels import KINDS, label_of
from wangge.notifications.models import Preference, State


class ClockInput(forms.TimeInput):
    """The browser's own clock; it reads and sends ISO times whatever the language."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class HabitsForm(forms.Form):
    """When not to be disturbed."""

    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=ClockInput())
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False, widget=ClockInput())
    digest_at = forms.TimeField(
        label=_("Only one summary a day, at"),
        required=False,
        widget=ClockInput(),
        help_text=_("Empty: each notice by itself. Urgent ones always come at once."),
    )

    @classmethod
    def of(cls, preference: Preference) -> "HabitsForm":
        """The form as the person left it."""
        names = ("quiet_from", "quiet_until", "digest_at")
        return cls(initial={name: getattr(preference, name) for name in names})


class AddressForm(forms.Form):
    """Where to be reached by one channel."""

    channel = forms.ChoiceField(choices=[(code, code) for code in KINDS if code != "push"])
    value = forms.CharField(max_length=254)


class DeliveryFilter(DaysFilter):
    """Which deliveries to show; empty fields ask nothing."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        choices=lambda: [("", _("All channels")), *((code, label_of(code)) for code in KINDS)],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=lambda: [("", _("All states")), *State.choices]
    )
    who = forms.CharField(label=_("To the colleague"), required=False, max_length=60)
    field_order = ("channel", "state", "who", "since", "until")

    def condition(self) -> Q:
        """Return what the filters ask for; a field that makes no sense is shown as wrong and asks nothing."""
        self.is_valid()
        given: dict[str, Any] = self.cleaned_data
        asked = self.within("made_at")
        for name in ("channel", "state"):
            if value := given.get(name):
                asked &= Q(**{name: value})
        if who := given.get("who"):
            asked &= Q(account__username=who) | Q(account__name=who)
        return asked
