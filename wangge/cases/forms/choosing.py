"""Choosing a class and its filing condition, and choosing a place: parts of several forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.accounts.models import Unit
from wangge.cases import clocks
from wangge.cases.duty import propose_unit, role_label
from wangge.cases.forms.base import StepForm
from wangge.cases.models import Case, ClockKind, FilingCondition, MatterClass
from wangge.cases.permissions import visible_cases
from wangge.cases.queries.classes import find_classes
from wangge.cases.queries.durations import limit_words
from wangge.cases.queries.filters import CASE_NUMBER, case_numbers
from wangge.cases.queries.nearby import Near
from wangge.common.digits import whole_number


@dataclass(frozen=True)
class ConditionOption:
    """A filing condition with what choosing it would mean if it were filed and dispatched now."""

    condition: FilingCondition
    limit: str
    handle_due_at: datetime
    whole_due_at: datetime
    provisional: bool
    role: str
    unit: Unit | None


class ChoosesClass(StepForm):
    """A class found by its words and, where the step needs one, the filing condition under it."""

    asks_condition: ClassVar[bool] = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["matter"] = forms.ModelChoiceField(
            MatterClass.objects.filter(in_force=True), label=_("Class"), required=not self.asks_condition
        )
        if self.subject.matter_id:
            self.initial.setdefault("matter", self.subject.matter_id)
        if self.asks_condition:
            self.fields["condition"] = forms.ModelChoiceField(
                FilingCondition.objects.filter(matter=self.chosen_class, in_force=True),
                label=_("Filing condition"),
                error_messages={"required": _("Choose a filing condition: it sets the limit and the unit.")},
            )

    @cached_property
    def chosen_class(self) -> MatterClass | None:
        """The class that is chosen now."""
        wanted = self.chosen("matter") or str(self.subject.matter_id or "")
        number = whole_number(wanted)
        return None if number is None else MatterClass.objects.filter(pk=number).first()

    @property
    def chosen_id(self) -> str:
        return str(self.chosen_class.pk) if self.chosen_class else ""

    @property
    def searched(self) -> str:
        return self.chosen("q")

    @cached_property
    def classes(self) -> Sequence[MatterClass]:
        """Classes to choose from: what was searched, else what the reporter's words and the chosen class suggest."""
        said = self.searched or getattr(self.subject, "text", "")
        found = [row for row in find_classes(said) if row != self.chosen_class]
        return [self.chosen_class, *found] if self.chosen_class else found

    @cached_property
    def options(self) -> Sequence[ConditionOption]:
        if self.chosen_class is None:
            return []
        now = timezone.now()
        return [
            self._option(condition, now) for condition in self.chosen_class.conditions.filter(in_force=True)
        ]

    def _option(self, condition: FilingCondition, now: datetime) -> ConditionOption:
        working = clocks.calendar_for(self.subject.area_path)
        limit = clocks.LimitOf(condition.limit_kind, condition.limit_amount)
        whole = clocks.compute(working, clocks.whole_limits(limit), now)
        tried = Case(matter=self.chosen_class, condition=condition, area_path=self.subject.area_path)
        proposal = propose_unit(tried)
        tried.unit = proposal.unit if proposal else None
        handle = clocks.compute(clocks.calendar_of(tried, ClockKind.HANDLE), [limit], now)
        return ConditionOption(
            condition=condition,
            limit=limit_words(condition.limit_kind, condition.limit_amount),
            handle_due_at=handle.due_at,
            whole_due_at=whole.due_at,
            provisional=handle.provisional or whole.provisional,
            role=role_label(condition.unit_role),
            unit=proposal.unit if proposal else None,
        )


class ChoosesPlace(StepForm):
    """An address and a point, prefilled with what is known."""

    address = forms.CharField(label=pgettext_lazy("place", "Address"), required=False, max_length=256)
    lon = forms.FloatField(
        label=gettext_lazy("Longitude"), required=False, min_value=-180, max_value=180,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    lat = forms.FloatField(
        label=gettext_lazy("Latitude"), required=False, min_value=-85, max_value=85,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("address", "lon", "lat"):
            self.initial.setdefault(name, getattr(self.subject, name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("lon") is None) != (cleaned.get("lat") is None):
            self.add_error("lon", _("A point needs both numbers: longitude and latitude."))
        return cleaned

    def said(self, data: Mapping[str, Any]) -> bool:
        now = type(self.subject)._default_manager.get(pk=self.subject.pk)
        same = self.point in (None, (now.lon, now.lat)) and self.cleaned_data["address"] == now.address
        return super().said(data) and same

    @property
    def point(self) -> tuple[float, float] | None:
        lon, lat = self.cleaned_data["lon"], self.cleaned_data["lat"]
        return (lon, lat) if lon is not None and lat is not None else None


class ChoosesCase(StepForm):
    """An open case close by, or any other by its number."""

    template = "cases/steps/_joining.html"
    near = forms.CharField(label=gettext_lazy("Open cases close by"), required=False, max_length=60)
    number = forms.CharField(
        label=gettext_lazy("Another case"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Its number, such as 2026-0000123 or 123."),
    )
    field_order = ("seen", "near", "number", "note")

    @cached_property
    def candidates(self) -> list[Near]:
        """Open cases close by, nearest first."""
        return []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wanted = cleaned.get("number") or cleaned.get("near") or ""
        numbers = case_numbers(wanted, timezone.localdate().year)
        case = Case.objects.filter(visible_cases(self.by), number__in=numbers).order_by("-number").first()
        if case is None:
            raise ValidationError({"number": _missing(wanted)})
        cleaned["case"] = case
        return cleaned

    def refuse(self, refused: Any) -> None:
        refused.field = "number" if refused.field == "case" else refused.field
        super().refuse(refused)


def _missing(wanted: str) -> str:
    if not wanted:
        return _("Choose a case, or type its number.")
    if not CASE_NUMBER.fullmatch(wanted) and not wanted.isdigit():
        return _("A case number looks like 2026-0000123.")
    return _("There is no case %(number)s that you can see.") % {"number": wanted}
