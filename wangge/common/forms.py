"""What forms of several domains share: controls, and refusals that stand where they belong."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wangge.common.days import midnight
from wangge.common.refusals import Refused


def put_refusal(form: forms.BaseForm, refused: Refused, otherwise: str | None = None) -> None:
    """Let a refusal stand in the form: beside its field, else beside `otherwise` or above them all."""
    form.add_error(refused.field if refused.field in form.fields else otherwise, str(refused))


@contextmanager
def refusals_in(form: forms.BaseForm, otherwise: str | None = None) -> Iterator[None]:
    """Let a refusal of what is done inside stand in the form, and go on after it."""
    try:
        yield
    except Refused as refused:
        put_refusal(form, refused, otherwise)


class CleanText(forms.CharField):
    """A text whose line breaks count as one sign each, as browsers count them; emoji and rare Han characters stay."""

    def to_python(self, value: Any) -> str:
        return super().to_python(one_break("" if value is None else str(value))) or ""


def one_break(text: str) -> str:
    """The same with one kind of line break; browsers send two signs for each."""
    return text.replace("\r\n", "\n")


class DayInput(forms.DateInput):
    """The browser's own calendar; it reads and sends ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The same with a time of the day."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class DaysFilter(forms.Form):
    """From one day to another, both included; an empty field asks nothing."""

    since = forms.DateField(label=_("From day"), required=False, widget=DayInput())
    until = forms.DateField(label=_("Until day"), required=False, widget=DayInput())

    def within(self, moment: str) -> Q:
        """Return what the days ask of the field with the moment, once the form was looked through."""
        asked = Q()
        if since := self.cleaned_data.get("since"):
            asked &= Q(**{f"{moment}__gte": midnight(since)})
        if (
            until := self.cleaned_data.get("until")
        ) and until < date.max:  # nothing is later than the last day there is
            asked &= Q(**{f"{moment}__lt": midnight(until + timedelta(days=1))})
        return asked
