"""Forms of the steps on a report."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from wangge.attachments.models import Purpose
from wangge.cases import actions
from wangge.cases.forms.base import NoteForm, StepForm, fresh, words
from wangge.cases.forms.choosing import ChoosesCase, ChoosesClass, ChoosesPlace
from wangge.cases.models import Case, Exclusion, Report
from wangge.cases.queries.answers import same_case
from wangge.cases.queries.nearby import Near, open_cases_near
from wangge.cases.queries.timeline import FINDINGS
from wangge.cases.workflow import ANSWER, CORRECT_REPORT, DECLINE, FILE, FIND, JOIN, VERIFY
from wangge.common.words import MOST_WORDS


class ReportForm(StepForm):
    """A step on a report."""

    @property
    def report(self) -> Report:
        assert isinstance(self.subject, Report)
        return self.subject


class VerifyForm(NoteForm, ReportForm):
    step = VERIFY
    note_help = gettext_lazy("What the worker should look at; optional.")

    def take(self, at: datetime) -> Report:
        actions.ask_to_verify(self.report, by=self.by, at=at, note=self.note, seen=self.seen_seq)
        return self.report


class FindForm(NoteForm, ReportForm):
    step = FIND
    photos = Purpose.EVIDENCE
    photos_label = gettext_lazy("Photos from the spot")
    note_label = gettext_lazy("What you found")

    finding = forms.ChoiceField(
        label=gettext_lazy("Is the problem there?"), choices=list(FINDINGS.items()), widget=forms.RadioSelect
    )
    field_order = ("seen", "finding", "note")

    def take(self, at: datetime) -> Report:
        self.keep_photos(at)
        confirmed = self.cleaned_data["finding"] == "confirmed"
        actions.report_finding(
            self.report, confirmed=confirmed, by=self.by, at=at, note=self.note, seen=self.seen_seq
        )
        return self.report

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data["finding"] == self.cleaned_data["finding"]


class AnswerForm(ReportForm):
    step = ANSWER
    answer = words(
        gettext_lazy("Answer"),
        required=True,
        rows=5,
        help_text=gettext_lazy("The reporter and the public read these words. The matter ends with them."),
    )

    def take(self, at: datetime) -> Report:
        actions.answer_report(
            self.report, answer=self.cleaned_data["answer"], by=self.by, at=at, seen=self.seen_seq
        )
        return self.report

    def said(self, data: Mapping[str, Any]) -> bool:
        return bool(data["note"] == self.cleaned_data["answer"])


class DeclineForm(NoteForm, ReportForm):
    step = DECLINE
    template = "cases/steps/_refusal.html"
    note_label = gettext_lazy("Further words to the reporter")
    note_help = gettext_lazy(
        "Only the reporter reads these words; the public reads the ground and whom to turn to."
    )

    reason = forms.ModelChoiceField(
        Exclusion.objects.filter(in_force=True),
        label=gettext_lazy("Ground"),
        to_field_name="code",
        empty_label=None,
    )
    field_order = ("seen", "reason", "note")

    @cached_property
    def grounds(self) -> list[Exclusion]:
        return list(Exclusion.objects.filter(in_force=True))

    def take(self, at: datetime) -> Report:
        reason = self.cleaned_data["reason"]
        actions.decline_report(
            self.report, reason=reason, by=self.by, at=at, note=self.note, seen=self.seen_seq
        )
        return self.report

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data["reason"] == self.cleaned_data["reason"].code


class JoinForm(ChoosesCase, NoteForm, ReportForm):
    step = JOIN

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = same_case(self.report, self.by)
        if known is not None:
            close = any(near.case == known for near in self.candidates)
            self.initial.setdefault("near" if close else "number", known.number)

    @cached_property
    def candidates(self) -> list[Near]:
        """Open cases of the same class close by; of any class while the report has none."""
        if self.report.lon is None or self.report.lat is None:
            return []
        where = (self.report.lon, self.report.lat)
        return list(open_cases_near(self.by, *where, timezone.now(), matter_id=self.report.matter_id))

    def take(self, at: datetime) -> Case:
        case: Case = self.cleaned_data["case"]
        actions.join_report(self.report, case=case, by=self.by, at=at, note=self.note, seen=self.seen_seq)
        return case

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data["case"] == self.cleaned_data["case"].number

    def outcome(self) -> Report | Case:
        return fresh(self.report).case or self.report


class FileForm(ChoosesClass, NoteForm, ReportForm):
    step = FILE
    template = "cases/steps/_filing.html"
    asks_condition = True

    publish = forms.BooleanField(
        label=gettext_lazy("I have read it: the public may read these words"), required=False
    )
    publish_text = words(
        gettext_lazy("Words for the public"),
        most=MOST_WORDS,
        help_text=gettext_lazy("Take out names, telephone numbers and house numbers of private persons."),
    )
    field_order = ("seen", "matter", "condition", "publish", "publish_text", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial.setdefault("publish_text", self.report.public_text or self.report.text)

    def take(self, at: datetime) -> Case:
        cleaned = self.cleaned_data
        return actions.file_report(
            self.report,
            condition=cleaned["condition"],
            by=self.by,
            at=at,
            note=self.note,
            publish_text=cleaned["publish_text"] if cleaned["publish"] else None,
            seen=self.seen_seq,
        )

    def said(self, data: Mapping[str, Any]) -> bool:
        condition, publish = self.cleaned_data["condition"], self.cleaned_data["publish"]
        filed = fresh(self.report)
        same = filed.case is not None and filed.case.condition == condition
        return (
            super().said(data)
            and same
            and (not publish or filed.public_text == self.cleaned_data["publish_text"])
        )

    def outcome(self) -> Report | Case:
        return fresh(self.report).case or self.report


class CorrectReportForm(ChoosesClass, ChoosesPlace, NoteForm, ReportForm):
    step = CORRECT_REPORT
    template = "cases/steps/_correction.html"
    field_order = ("seen", "matter", "address", "lon", "lat", "note")

    def take(self, at: datetime) -> Report:
        actions.correct_report(
            self.report,
            by=self.by,
            at=at,
            matter=self.cleaned_data["matter"],
            point=self.point,
            address=self.cleaned_data["address"],
            note=self.note,
            seen=self.seen_seq,
        )
        return self.report

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and self.cleaned_data["matter"] == fresh(self.report).matter
