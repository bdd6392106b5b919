"""What the system administrator types about calendars."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.accounts.models import Unit
from wangge.cases.calendars.actions import days_between, demand_zone
from wangge.cases.calendars.files.reading import FIRST, LAST, MOST_BYTES
from wangge.cases.calendars.hours import Row, read_seasons, weekday_names
from wangge.cases.calendars.plan import NORMAL, Plan
from wangge.cases.models import Calendar, CalendarDay
from wangge.common.forms import DayInput, refusals_in
from wangge.territory.models import Area, Level

LONGEST_STRETCH = 366  # days
AS_WEEKDAY = "normal"
LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.STREET)  # that keep hours of their own
EMPTY_ROWS, MOST_ROWS = 2, 12


class DaysForm(forms.Form):
    """A day, or a stretch of days, and what it is to be."""

    first = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    last = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("Only for several days in a row."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("It is a"),
        choices=[*CalendarDay.Kind.choices, (AS_WEEKDAY, gettext_lazy("Day like its weekday"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=pgettext_lazy("calendar", "Name"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("The holiday, as the explanation of a deadline will tell it."),
    )
    emergency = forms.BooleanField(label=gettext_lazy("Declared at short notice"), required=False)
    reason = forms.CharField(
        label=pgettext_lazy("calendar", "Reason"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Needed for what is declared at short notice: a typhoon, a power failure."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last") or given.get("first")
        if first and last:
            self._check_stretch(first, last)
        if given.get("emergency") and not given.get("reason"):
            self.add_error("reason", _("Please say why it is declared at short notice."))
        if given.get("emergency") and given.get("kind") == AS_WEEKDAY:
            self.add_error(
                "emergency", _("A day like its weekday is nothing to declare: choose working or rest day.")
            )
        return given

    def _check_stretch(self, first: date, last: date) -> None:
        if last < first:
            self.add_error("last", _("The stretch ends before it begins."))
        elif (last - first).days >= LONGEST_STRETCH:
            self.add_error("last", _("Mark at most a year at once."))
        if not FIRST <= first <= LAST:
            self.add_error("first", _("Choose a day from 1990 to 2100."))

    def plan(self) -> Plan:
        """What was typed, as a plan."""
        told = self.cleaned_data
        kind = NORMAL if told["kind"] == AS_WEEKDAY else told["kind"]
        emergency = told["emergency"]
        return days_between(
            told["first"],
            told["last"] or told["first"],
            kind,
            told["name"] if kind else "",
            emergency=emergency,
            reason=told["reason"] if emergency else "",
        )


class HoursForm(forms.Form):
    """The hours of a calendar: all year, seasons, days of rest in a week, time zone."""

    all_year = forms.CharField(
        label=gettext_lazy("All year"),
        max_length=200,
        help_text=gettext_lazy(
            "Stretches of work, like 09:00-12:00 13:00-18:00. They hold on every working day that no season covers."
        ),
    )
    weekly_rest = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Rests weekly"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    time_zone = forms.CharField(label=gettext_lazy("Time zone"), max_length=40)

    def __init__(self, calendar: Calendar, data: Mapping[str, Any] | None = None) -> None:
        always, *seasons = calendar.shifts or [{"hours": []}]
        initial = {
            "all_year": " ".join(always["hours"]),
            "weekly_rest": calendar.weekly_rest,
            "time_zone": calendar.time_zone,
        }
        super().__init__(data, initial=initial)
        weekly = self.fields["weekly_rest"]
        assert isinstance(weekly, forms.TypedMultipleChoiceField)
        weekly.choices = list(enumerate(weekday_names()))
        self.rows = min(MOST_ROWS, len(seasons) + EMPTY_ROWS)
        for number in range(1, self.rows + 1):
            season = seasons[number - 1] if number <= len(seasons) else {}
            self._add_row(number, season)

    def _add_row(self, number: int, season: Mapping[str, Any]) -> None:
        told = {"first": season.get("from", ""), "last": season.get("to", "")}
        told["hours"] = " ".join(season.get("hours", []))
        labels = {"first": _("From"), "last": _("Until"), "hours": _("Hours")}
        examples = {"first": "06-01", "last": "09-30", "hours": "08:00-12:00 15:00-18:30"}
        for part, label in labels.items():
            widget = forms.TextInput(
                attrs={
                    "placeholder": examples[part],
                    "aria-label": _("Season %(number)d: %(part)s") % {"number": number, "part": label},
                }
            )
            self.fields[f"{part}_{number}"] = forms.CharField(
                label=label, required=False, max_length=200, initial=told[part], widget=widget
            )

    def season_rows(self) -> list[list[BoundField]]:
        """The controls of the seasons, row by row."""
        parts = ("first", "last", "hours")
        return [[self[f"{part}_{number}"] for part in parts] for number in range(1, self.rows + 1)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        rows = [
            Row(
                number,
                *(str(given.get(f"{part}_{number}", "")).strip() for part in ("first", "last", "hours")),
            )
            for number in range(1, self.rows + 1)
        ]
        with refusals_in(self):
            if "all_year" in given:
                given["shifts"] = read_seasons(given["all_year"], rows)
            if "time_zone" in given:
                demand_zone(given["time_zone"])
        return given

    def plan(self) -> Plan:
        """What was typed, as a plan."""
        told = self.cleaned_data
        return Plan(
            shifts=told["shifts"], weekly_rest=sorted(told["weekly_rest"]), time_zone=told["time_zone"]
        )


class FileForm(forms.Form):
    """A file of days, and a year that is final with it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV with the columns date, kind, name (日期, 类型, 名称), or iCalendar (.ics) with whole-day entries."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.ics,text/csv,text/calendar"}),
    )
    publish = forms.IntegerField(
        label=gettext_lazy("Publish a year with it"),
        required=False,
        min_value=FIRST.year,
        max_value=LAST.year,
        help_text=gettext_lazy("Its days are final then; leave it empty if they are not."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB; a calendar is not."))
        return file


class CalendarForm(forms.ModelForm):
    """A calendar: code, name, where or for whom it holds, whose days it follows."""

    class Meta:
        model = Calendar
        fields = ("code", "name", "area", "unit", "base")

    code = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]*$",
        label=pgettext_lazy("calendar", "Code"),
        max_length=40,
        help_text=gettext_lazy("Small letters, digits and hyphens; it is part of the address."),
        error_messages={"invalid": gettext_lazy("Use small letters, digits and hyphens only.")},
    )
    name = forms.CharField(label=pgettext_lazy("calendar", "Name"), max_length=100)
    area = forms.ModelChoiceField(
        Area.objects.none(),
        label=gettext_lazy("Holds in the area"),
        required=False,
        empty_label="—",
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Or for the work of the unit"),
        required=False,
        empty_label="—",
        help_text=gettext_lazy("And of the units below it that have no calendar of their own."),
    )
    base = forms.ModelChoiceField(
        Calendar.objects.none(),
        label=gettext_lazy("Follows the days of"),
        required=False,
        empty_label=gettext_lazy("no other calendar"),
        help_text=gettext_lazy(
            "Rest days, make-up days and published years come from there, unless a day is marked here; hours are its own."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Area.objects.filter(valid_to=None, level__in=LEVELS)
        self._offer("area", areas.order_by("code"))
        self._offer("unit", Unit.objects.filter(closed_on=None).order_by("code"))
        self._offer("base", Calendar.objects.filter(base=None, in_force=True).exclude(pk=self.instance.pk))
        if self.instance.pk:
            del self.fields["code"]
            if self.instance.area_id is None and self.instance.unit_id is None:
                for name in ("area", "unit", "base"):
                    del self.fields[name]  # it holds wherever no other does, and has to

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code == "new":
            raise forms.ValidationError(_("Choose another code."))
        return code

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "area" in self.fields and not self.errors and bool(given.get("area")) == bool(given.get("unit")):
            self.add_error("unit", _("Choose an area or a unit, one of the two."))
        return given
