"""Forms that point reports at other cases: merging and splitting, and declaring a report void."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy

from wangge.cases import actions
from wangge.cases.forms.base import NoteForm, fresh
from wangge.cases.forms.cases import CaseForm
from wangge.cases.forms.choosing import ChoosesCase
from wangge.cases.forms.reports import ReportForm
from wangge.cases.models import Case, Report
from wangge.cases.queries.nearby import Near, open_cases_near
from wangge.cases.workflow import MERGE, SPLIT, VOID_REPORT


class MergeForm(ChoosesCase, NoteForm, CaseForm):
    step = MERGE
    note_help = gettext_lazy(
        "Every report goes to the other case; this one becomes void and says where it went."
    )

    @cached_property
    def candidates(self) -> list[Near]:
        """Open cases close by, of any class: what was filed twice may have been classed twice."""
        if self.case.lon is None or self.case.lat is None:
            return []
        near = open_cases_near(self.by, self.case.lon, self.case.lat, timezone.now())
        return [one for one in near if one.case != self.case]

    def take(self, at: datetime) -> Case:
        into: Case = self.cleaned_data["case"]
        actions.merge_case(self.case, into=into, by=self.by, at=at, note=self.note, seen=self.seen_seq)
        return into

    def locked_with(self) -> list[UUID]:
        return [self.case.pk, self.cleaned_data["case"].pk]

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data["case"] == self.cleaned_data["case"].number

    def outcome(self) -> Report | Case:
        return fresh(self.case).merged_into or self.case


class SplitForm(NoteForm, ReportForm):
    step = SPLIT
    note_label = gettext_lazy("Why it is something else")
    note_help = gettext_lazy(
        "The report goes back to the desk and is decided anew; the case keeps the others."
    )

    def lock(self) -> None:
        """The case before its report, as whoever merges that case locks them."""
        if self.report.case_id is not None:
            list(Case.objects.select_for_update(of=("self",)).filter(pk=self.report.case_id))
        super().lock()

    def take(self, at: datetime) -> Report:
        actions.split_report(self.report, note=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.report


class VoidReportForm(NoteForm, ReportForm):
    step = VOID_REPORT
    note_label = gettext_lazy("Why it is no report")
    note_help = gettext_lazy("A test, a slip, abuse. The reporter reads these words.")

    def take(self, at: datetime) -> Report:
        actions.void_report(self.report, reason=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.report
