"""Forms of what units do among themselves, and of what goes between levels."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Unit
from wangge.cases import actions, levels
from wangge.cases.actions.units import forwards_to
from wangge.cases.forms.base import NoteForm
from wangge.cases.forms.cases import CaseForm, units_around
from wangge.cases.models import Case
from wangge.cases.returned import Returned, returned
from wangge.cases.workflow import ARBITRATE, ASK_HELP, FORWARD, GIVE_HELP, HAND_DOWN, HAND_UP
from wangge.territory.models import Area

PICK = {"data-pick": gettext_lazy("Search units")}


class ChoosesUnit(NoteForm, CaseForm):
    """A step that names one unit."""

    unit_label: ClassVar[Any]
    unit_missing: ClassVar[Any]
    field_order = ("seen", "unit", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"] = forms.ModelChoiceField(
            self.units(),
            label=self.unit_label,
            error_messages={"required": self.unit_missing},
            empty_label=_("Choose a unit"),
            widget=forms.Select(attrs=PICK),
        )
        self.order_fields(self.field_order)

    def units(self) -> QuerySet[Unit]:
        raise NotImplementedError

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data.get("unit_code") == self.cleaned_data["unit"].code


class ForwardForm(ChoosesUnit):
    step = FORWARD
    unit_label = gettext_lazy("Sub-unit or station that handles it")
    unit_missing = gettext_lazy("Choose where to forward it.")
    note_help = gettext_lazy("The handling clock goes on; whoever gets it signs for it anew.")

    def units(self) -> QuerySet[Unit]:
        return forwards_to(self.case, timezone.now())

    def take(self, at: datetime) -> Case:
        actions.forward_case(
            self.case, to=self.cleaned_data["unit"], by=self.by, at=at, note=self.note, seen=self.seen_seq
        )
        return self.case


class AskHelpForm(NoteForm, CaseForm):
    step = ASK_HELP
    note_label = gettext_lazy("What its part is")
    note_help = gettext_lazy("The lead unit stays responsible; the case is finished when every part is done.")
    field_order = ("seen", "units", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        helping = self.case.helps.values("unit_id")
        self.fields["units"] = forms.ModelMultipleChoiceField(
            units_around(self.case).exclude(pk=self.case.unit_id or 0).exclude(pk__in=helping),
            label=_("Units that are to help"),
            error_messages={"required": _("Choose the unit that is to help.")},
            widget=forms.SelectMultiple(attrs={"size": 8, "data-pick": _("Search units")}),
        )
        self.order_fields(self.field_order)

    def take(self, at: datetime) -> Case:
        units = list(self.cleaned_data["units"])
        actions.ask_help(self.case, units=units, words=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case

    def refuse(self, refused: Any) -> None:
        refused.field = "units" if refused.field == "unit" else refused.field
        super().refuse(refused)

    def said(self, data: Mapping[str, Any]) -> bool:
        codes = {unit.code for unit in self.cleaned_data["units"]}
        return super().said(data) and set(data.get("helper_codes", [])) == codes


class GiveHelpForm(NoteForm, CaseForm):
    step = GIVE_HELP
    note_label = gettext_lazy("What your unit did")
    note_help = gettext_lazy("The lead unit reads it and finishes the case.")

    def take(self, at: datetime) -> Case:
        actions.give_help(self.case, result=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class ArbitrateForm(ChoosesUnit):
    """The ruling: what the units said when they sent it back stands above it."""

    step = ARBITRATE
    template = "cases/steps/_ruling.html"
    unit_label = gettext_lazy("Unit that is responsible")
    unit_missing = gettext_lazy("Choose the unit that is responsible.")
    note_label = gettext_lazy("Reason of the ruling")
    note_help = gettext_lazy("Both units read it. The ruling is final: the unit cannot send the case back.")

    def units(self) -> QuerySet[Unit]:
        return units_around(self.case)

    @cached_property
    def sent_back(self) -> Sequence[Returned]:
        """Who sent it back, when, and why."""
        return returned([self.case]).get(self.case.pk, ())

    def take(self, at: datetime) -> Case:
        actions.arbitrate(
            self.case, to=self.cleaned_data["unit"], reason=self.note, by=self.by, at=at, seen=self.seen_seq
        )
        return self.case


class HandUpForm(NoteForm, CaseForm):
    step = HAND_UP
    template = "cases/steps/_handing.html"
    note_label = gettext_lazy("Why it goes up")

    @cached_property
    def goes_to(self) -> Area | None:
        return levels.centre_above(self.case.held_path)

    def take(self, at: datetime) -> Case:
        actions.hand_up(self.case, note=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class HandDownForm(NoteForm, CaseForm):
    step = HAND_DOWN
    template = "cases/steps/_handing.html"
    note_label = gettext_lazy("Why it goes down")

    @cached_property
    def goes_to(self) -> Area | None:
        return levels.centre_below(self.case.held_path, self.case.area_path)

    def take(self, at: datetime) -> Case:
        actions.hand_down(self.case, note=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case
