"""What a duty chief types about the roster and the handover of a shift."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Account
from wangge.cases.forms.base import words
from wangge.cases.models import Case, DeskShift, Report
from wangge.cases.queries.handover import find_matter
from wangge.cases.queries.roster import people_for
from wangge.common.forms import DayInput
from wangge.territory.forces.reading import absences_of
from wangge.territory.models import Absence, Area

MOST_PINS = 40


class TimeInput(forms.TimeInput):
    """The browser's own clock; hours and minutes."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ShiftForm(forms.Form):
    """Who is on duty, as what, on which day, from when to when; an end before the beginning is the next morning."""

    duty = forms.ChoiceField(label=gettext_lazy("Person and post"))
    day = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    starts = forms.TimeField(label=gettext_lazy("From"), widget=TimeInput())
    ends = forms.TimeField(
        label=gettext_lazy("To"),
        widget=TimeInput(),
        help_text=gettext_lazy("A time before the beginning means the next day."),
    )

    def __init__(self, *args: Any, area: Area, shift: DeskShift | None = None, **more: Any) -> None:
        self.people = people_for(area, timezone.localdate())
        if shift is not None:
            more["initial"] = _initial(shift)
        super().__init__(*args, **more)
        roles = dict(DeskShift.Duty.choices)
        away = absences_of({person.pk for person, _role in self.people}, timezone.localdate())
        choices = [
            (f"{person.pk}/{role}", f"{roles[role]} · {person.name}{_away(away.get(person.pk))}")
            for person, role in self.people
        ]
        self.fields["duty"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]

    def answers(self) -> dict[str, Any]:
        """What the actions ask for."""
        key, role = self.cleaned_data["duty"].split("/")
        day, starts, ends = (self.cleaned_data[name] for name in ("day", "starts", "ends"))
        account = next(person for person, _role in self.people if str(person.pk) == key)
        return {
            "role": role,
            "account": account,
            "starts_at": _moment(day, starts),
            "ends_at": _moment(day + timedelta(days=ends <= starts), ends),
        }


def _away(absence: Absence | None) -> str:
    """What whoever plans should know of a person who is away, now or soon."""
    if absence is None:
        return ""
    said = {"first": absence.starts_on, "back": absence.ends_on}
    return _(" (away from %(first)s, back on %(back)s)") % said


def _moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def _initial(shift: DeskShift) -> dict[str, Any]:
    starts, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    return {
        "duty": f"{shift.account_id}/{shift.role}",
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
    }


class HandoverForm(forms.Form):
    """What the next shift must know; the numbers are counted by the program."""

    watch = words(gettext_lazy("What to watch"), rows=3)
    words = words(gettext_lazy("What happened"), rows=4)
    more = forms.CharField(
        label=gettext_lazy("Further matters to pin"),
        required=False,
        max_length=600,
        help_text=gettext_lazy("Numbers of cases or reports, separated by spaces."),
    )

    def __init__(self, *args: Any, by: Account, **more: Any) -> None:
        self.by = by
        self.pinned: Sequence[Report | Case] = ()
        super().__init__(*args, **more)

    @property
    def ticked(self) -> list[str]:
        """The numbers of the proposed matters that were ticked."""
        return list(self.data.getlist("pin")) if hasattr(self.data, "getlist") else []

    def clean(self) -> dict[str, Any]:
        """Look the numbers up; one that is not there, or not for this person, is named."""
        typed = str(self.cleaned_data.get("more", "")).replace("，", " ").replace(",", " ").replace("、", " ")
        numbers = list(dict.fromkeys([*self.ticked, *typed.split()]))
        if len(numbers) > MOST_PINS:
            self.add_error("more", _("Pin at most %(number)d matters.") % {"number": MOST_PINS})
            return self.cleaned_data
        found = {number: find_matter(number, self.by) for number in numbers}
        if unknown := [number for number, subject in found.items() if subject is None]:
            self.add_error(
                "more", _("There is no matter with the number %(number)s.") % {"number": unknown[0]}
            )
        self.pinned = [subject for subject in found.values() if subject is not None]
        return self.cleaned_data


class ConfirmForm(forms.Form):
    """Taking a shift over; a remark says what was found otherwise."""

    remark = words(
        gettext_lazy("Remark"), rows=2, help_text=gettext_lazy("Only if something is otherwise than written.")
    )
