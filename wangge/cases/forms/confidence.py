"""Forms of confidential matters: who works on them is chosen among the colleagues who work around there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Account
from wangge.cases import actions
from wangge.cases.forms.base import NoteForm, StepForm
from wangge.cases.forms.cases import CaseForm
from wangge.cases.forms.reports import ReportForm
from wangge.cases.models import Case, Report
from wangge.cases.queries.colleagues import Colleague, colleagues_around, named_handlers
from wangge.cases.workflow import HIDE_CASE, HIDE_REPORT, NAME_HANDLERS

WHO_SEES = gettext_lazy(
    "From now on only they see it: whoever is not named no longer finds it, you too. The unit that is to handle it needs somebody here."
)


class NamesHandlers(StepForm):
    """At least one colleague; those who are named already are chosen."""

    template = "cases/steps/_handlers.html"
    searching = gettext_lazy("Search by name, unit or post")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["handlers"] = forms.ModelMultipleChoiceField(
            colleagues_around(self.subject),
            label=_("Named handlers"),
            help_text=WHO_SEES,
            error_messages={"required": _("Name at least one handler, or nobody would work on it.")},
        )
        self.fields["q"] = forms.CharField(required=False, max_length=60)

    @cached_property
    def chosen_keys(self) -> set[str]:
        """Who is ticked now: by the person at the page, else by what holds."""
        source = self.data if self.is_bound else self.given
        ticked = source.getlist("handlers") if hasattr(source, "getlist") else []
        if ticked or self.is_bound:
            return set(ticked)
        return {str(account.pk) for account in named_handlers(self.subject)}

    @property
    def searched(self) -> str:
        return self.chosen("q")

    @cached_property
    def colleagues(self) -> Sequence[Colleague]:
        """Those ticked, then those the words find."""
        return Colleague.list(self.subject, self.searched, self.chosen_keys)

    @property
    def handlers(self) -> Sequence[Account]:
        return list(self.cleaned_data["handlers"])

    def said(self, data: Mapping[str, Any]) -> bool:
        now = {account.pk for account in named_handlers(self.subject)}
        return super().said(data) and now == {account.pk for account in self.handlers}


class HideReportForm(NamesHandlers, NoteForm, ReportForm):
    step = HIDE_REPORT
    note_label = gettext_lazy("Why it is confidential")

    def take(self, at: datetime) -> Report:
        actions.hide_report(
            self.report, handlers=self.handlers, note=self.note, by=self.by, at=at, seen=self.seen_seq
        )
        return self.report


class HideCaseForm(NamesHandlers, NoteForm, CaseForm):
    step = HIDE_CASE
    note_label = gettext_lazy("Why it is confidential")

    def take(self, at: datetime) -> Case:
        actions.hide_case(
            self.case, handlers=self.handlers, note=self.note, by=self.by, at=at, seen=self.seen_seq
        )
        return self.case


class NameHandlersForm(NamesHandlers, CaseForm):
    step = NAME_HANDLERS

    def take(self, at: datetime) -> Case:
        actions.name_handlers(self.case, handlers=self.handlers, by=self.by, at=at, seen=self.seen_seq)
        return self.case
