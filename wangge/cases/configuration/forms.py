"""The form of one row, made from the table's columns; what was typed stays, wrong or not."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wangge.cases.configuration.cells import Cell
from wangge.cases.configuration.drafts import read_row
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.table import Column, Row, Table
from wangge.common.forms import DayInput, MomentInput
from wangge.common.refusals import Refused

MOST_OFFERED = 500
MOST_TYPED = 20_000  # characters of any cell; each says itself how many it takes


class RowForm(forms.Form):
    """A row as texts; `row` is what it says once the form is valid."""

    def __init__(
        self, table: Table, facts: Facts, shown: Mapping[str, str], data: Any = None, *, new: bool = False
    ) -> None:
        super().__init__(data)
        self.table, self.facts, self.new = table, facts, new
        self.row: Row = {}
        for column in table.columns:
            self.fields[column.name] = self._field(column, shown.get(column.name, ""))

    def _field(self, column: Column, shown: str) -> forms.Field:
        """Every field takes text: the cell reads it, here and in a sheet. What tells a row apart stays as it is."""
        common: dict[str, Any] = {
            "label": column.label,
            "help_text": column.help,
            "initial": shown,
            "required": False,
        }
        if column.required:
            common["label"] = f"{column.label} *"
        if column.cell.widget == "flag":
            return forms.BooleanField(**{**common, "initial": column.cell.read(shown, self.facts)})
        field = forms.CharField(**common, max_length=MOST_TYPED, widget=self._widget(column, shown))
        if column.name in self.table.key and not self.new:
            field.widget.attrs["readonly"] = True
        return field

    def _widget(self, column: Column, shown: str) -> forms.Widget:
        cell = column.cell
        if cell.widget == "long":
            return forms.Textarea(attrs={"rows": 3})
        if cell.widget == "day":
            return DayInput()
        if cell.widget == "choice":
            labels = [cell.write(value, self.facts) for value, _label in cell.choices(self.facts)]
            extra = [shown] if shown and shown not in labels else []
            return forms.Select(choices=[("", "—"), *((label, label) for label in [*extra, *labels])])
        if cell.widget == "named":
            return forms.TextInput(attrs={"list": f"known-{column.name}", "autocomplete": "off"})
        return forms.TextInput(attrs={"inputmode": "numeric"} if cell.widget == "number" else {})

    def offered(self) -> list[tuple[str, list[str]]]:
        """What the browser offers while somebody types the name of a unit, area or person."""
        named = [column for column in self.table.columns if column.cell.widget == "named"]
        return [(f"known-{column.name}", self._names(column.cell)) for column in named]

    def _names(self, cell: Cell) -> list[str]:
        return [value for value, _label in cell.choices(self.facts)][:MOST_OFFERED]

    def clean(self) -> dict[str, Any]:
        said = {name: self._text(name) for name in self.fields}
        self.row, faults = read_row(self.table, said, self.facts)
        if not faults:
            try:
                self.table.check(self.row)
            except Refused as refusal:
                faults[refusal.field or self.table.key[0]] = str(refusal)
        for name, fault in faults.items():
            self.add_error(name, fault)
        return self.cleaned_data

    def _text(self, name: str) -> str:
        value = self.cleaned_data.get(name, "")
        return ("yes" if value else "no") if isinstance(value, bool) else str(value or "")


class DraftForm(forms.Form):
    """What a new draft is for."""

    title = forms.CharField(label=_("What is the draft for?"), max_length=100)


class PublicationForm(forms.Form):
    """Why it is published, and from when on."""

    note = forms.CharField(
        label=_("Why it is published"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_at = forms.DateTimeField(
        label=_("In force from"),
        required=False,
        help_text=_("Leave it empty and it is in force at once."),
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=MomentInput(),
    )


class UploadForm(forms.Form):
    """A spreadsheet."""

    file = forms.FileField(
        label=_("Spreadsheet"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("XLSX or CSV: one exported here, or the sheet of the standards (大类代码 … 主管部门)."),
    )  # fmt: skip
