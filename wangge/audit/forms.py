"""Filters of the access log."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Account
from wangge.audit.acts import ACTS
from wangge.common.forms import DaysFilter


class LogFilter(DaysFilter):
    """Who did what when; empty fields ask nothing."""

    act = forms.ChoiceField(
        label=_("Act"), required=False, choices=lambda: [("", _("All acts")), *sorted(ACTS.items())]
    )
    who = forms.CharField(label=_("By or about whom"), required=False, max_length=60)
    field_order = ("act", "who", "since", "until")

    def condition(self) -> Q:
        """Return what the filters ask for; a field that makes no sense is shown as wrong and asks nothing."""
        self.is_valid()
        given: dict[str, Any] = self.cleaned_data
        asked = self.within("at")
        if act := given.get("act"):
            asked &= Q(act=act)
        return asked & self._about(given["who"]) if given.get("who") else asked

    def _about(self, who: str) -> Q:
        meant = Account.objects.filter(Q(username=who) | Q(name=who)).values_list("pk", flat=True)
        ids = [str(pk) for pk in meant]
        return Q(account_id__in=meant) | Q(subject_kind="account", subject_id__in=ids)
