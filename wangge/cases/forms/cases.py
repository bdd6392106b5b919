"""Forms of the steps on a case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Unit
from wangge.attachments.models import Purpose
from wangge.audit.models import Event
from wangge.cases import actions
from wangge.cases.duty import Proposal, areas_around, propose_unit
from wangge.cases.forms.base import NoteForm, StepForm, fresh, words
from wangge.cases.forms.choosing import ChoosesClass, ChoosesPlace
from wangge.cases.models import Case, DutyRow, Reason
from wangge.cases.returned import Returned, returned
from wangge.cases.workflow import (
    ACCEPT,
    CLOSE,
    COMMENT,
    CORRECT_CASE,
    DISPATCH,
    FAIL_CHECK,
    FINISH,
    PASS_CHECK,
    RECALL,
    REOPEN,
    REQUEST_CHECK,
    SEND_BACK,
)
from wangge.common.words import MOST_WORDS


class CaseForm(StepForm):
    """A step on a case."""

    @property
    def case(self) -> Case:
        assert isinstance(self.subject, Case)
        return self.subject


def units_around(case: Case) -> QuerySet[Unit]:
    """Units in force, those that the duty list names around here first."""
    here = DutyRow.objects.filter(unit=OuterRef("pk"), area__in=areas_around(case.area_path))
    return Unit.objects.filter(closed_on=None).order_by(Exists(here).desc(), "name")


class DispatchForm(NoteForm, CaseForm):
    step = DISPATCH
    template = "cases/steps/_dispatch.html"
    note_label = gettext_lazy("Words to the unit")
    note_help = ""
    field_order = ("seen", "unit", "helpers", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"] = forms.ModelChoiceField(
            units_around(self.case),
            label=_("Unit that is to handle it"),
            error_messages={"required": _("Choose the unit that is to handle it.")},
            empty_label=None if self._proposes else "",
            widget=forms.Select(attrs={"data-pick": _("Search units")}),
        )
        self.fields["helpers"] = forms.ModelMultipleChoiceField(
            units_around(self.case),
            label=_("Units that help"),
            required=False,
            help_text=_("Each does its part; the lead unit stays responsible. Several: hold Ctrl."),
            widget=forms.SelectMultiple(attrs={"size": 5, "data-pick": _("Search units")}),
        )
        self.order_fields(self.field_order)
        if self.proposal and self._proposes:
            self.initial.setdefault("unit", self.proposal.unit.pk)

    @cached_property
    def sent_back(self) -> Sequence[Returned]:
        return returned([self.case]).get(self.case.pk, ())

    @cached_property
    def proposal(self) -> Proposal | None:
        return propose_unit(self.case, sent_back=self.sent_back)

    @property
    def _proposes(self) -> bool:
        """Whoever sends a case back to the unit that sent it back chooses so; it is not chosen already."""
        return self.proposal is not None and not self.proposal.again

    def take(self, at: datetime) -> Case:
        unit = self.cleaned_data["unit"]
        why = self.proposal.why if self.proposal and self.proposal.unit == unit else ""
        actions.dispatch_case(
            self.case,
            to=unit,
            by=self.by,
            at=at,
            note=self.note,
            why=why,
            helpers=list(self.cleaned_data["helpers"]),
            seen=self.seen_seq,
        )
        return self.case

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data["unit_code"] == self.cleaned_data["unit"].code


class RecallForm(NoteForm, CaseForm):
    step = RECALL
    note_label = gettext_lazy("Why it is recalled")

    def take(self, at: datetime) -> Case:
        actions.recall_case(self.case, note=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class AcceptForm(CaseForm):
    step = ACCEPT

    def take(self, at: datetime) -> Case:
        actions.accept_case(self.case, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class SendBackForm(NoteForm, CaseForm):
    step = SEND_BACK
    template = "cases/steps/_return.html"
    note_label = gettext_lazy("Explanation")
    note_help = gettext_lazy("Who is responsible instead, if you know. The time used stays on record.")

    reason = forms.ModelChoiceField(
        Reason.objects.filter(verb="send_back", in_force=True),
        label=gettext_lazy("Reason"),
        to_field_name="code",
        error_messages={"required": gettext_lazy("Choose the reason for sending back.")},
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("The rule that says so, such as the duty list or a law with its article."),
    )
    field_order = ("seen", "reason", "legal_basis", "note")

    @cached_property
    def reasons(self) -> list[Reason]:
        return list(Reason.objects.filter(verb="send_back", in_force=True))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        reason = cleaned.get("reason")
        if reason is not None and reason.needs_legal_basis and not cleaned.get("legal_basis"):
            self.add_error("legal_basis", _("This reason needs its legal basis: please name the rule."))
        return cleaned

    @property
    def note(self) -> str:
        words, basis = super().note, self.cleaned_data["legal_basis"]
        return _("%(note)s\nLegal basis: %(basis)s") % {"note": words, "basis": basis} if basis else words

    def take(self, at: datetime) -> Case:
        reason = self.cleaned_data["reason"]
        actions.send_back_case(
            self.case, reason=reason, note=self.note, by=self.by, at=at, seen=self.seen_seq
        )
        return self.case

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data["reason"] == self.cleaned_data["reason"].code


class FinishForm(CaseForm):
    step = FINISH
    template = "cases/steps/_result.html"
    photos = Purpose.AFTER
    photos_label = gettext_lazy("Photos of the result")

    result = words(
        gettext_lazy("What was done"),
        required=True,
        rows=4,
        help_text=gettext_lazy("The check and the answer to the reporter build on it."),
    )

    def take(self, at: datetime) -> Case:
        self.keep_photos(at)
        actions.finish_case(
            self.case, result=self.cleaned_data["result"], by=self.by, at=at, seen=self.seen_seq
        )
        return self.case

    def said(self, data: Mapping[str, Any]) -> bool:
        return bool(data["note"] == self.cleaned_data["result"])


class RequestCheckForm(CaseForm):
    step = REQUEST_CHECK

    def take(self, at: datetime) -> Case:
        actions.request_check(self.case, by=self.by, at=at)
        return self.case


class PassForm(NoteForm, CaseForm):
    step = PASS_CHECK
    photos = Purpose.CHECK
    photos_label = gettext_lazy("Photos from the spot")
    note_label = gettext_lazy("What you found")

    def take(self, at: datetime) -> Case:
        self.keep_photos(at)
        actions.pass_check(self.case, by=self.by, at=at, note=self.note, seen=self.seen_seq)
        return self.case


class FailForm(NoteForm, CaseForm):
    step = FAIL_CHECK
    photos = Purpose.CHECK
    photos_label = gettext_lazy("Photos from the spot")
    note_label = gettext_lazy("What is not mended")
    note_help = gettext_lazy("The unit reads it; it gets what is left of its time, at least a quarter.")

    def take(self, at: datetime) -> Case:
        self.keep_photos(at)
        actions.fail_check(self.case, note=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class CloseForm(CaseForm):
    step = CLOSE
    answer = words(
        gettext_lazy("Answer"),
        required=True,
        rows=5,
        most=MOST_WORDS,
        help_text=gettext_lazy("Every reporter of this case and the public read exactly these words."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial.setdefault("answer", self.case.answer or self.case.result)

    def take(self, at: datetime) -> Case:
        actions.close_case(
            self.case, answer=self.cleaned_data["answer"], by=self.by, at=at, seen=self.seen_seq
        )
        return self.case

    def said(self, data: Mapping[str, Any]) -> bool:
        return bool(data["note"] == self.cleaned_data["answer"])


class ReopenForm(NoteForm, CaseForm):
    step = REOPEN
    note_label = gettext_lazy("Why it is reopened")
    note_help = gettext_lazy("Both clocks begin anew, and it is counted.")

    def take(self, at: datetime) -> Case:
        actions.reopen_case(self.case, note=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class CorrectCaseForm(ChoosesClass, ChoosesPlace, NoteForm, CaseForm):
    step = CORRECT_CASE
    template = "cases/steps/_correction.html"
    asks_condition = True
    field_order = ("seen", "matter", "condition", "address", "lon", "lat", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial.setdefault("condition", self.case.condition_id)
        # An imported case may have none; its place can still be corrected.
        self.fields["condition"].required = self.case.condition_id is not None

    def take(self, at: datetime) -> Case:
        cleaned = self.cleaned_data
        actions.correct_case(
            self.case,
            by=self.by,
            at=at,
            condition=cleaned["condition"],
            point=self.point,
            address=cleaned["address"],
            note=self.note,
            seen=self.seen_seq,
        )
        return self.case

    def said(self, data: Mapping[str, Any]) -> bool:
        condition = self.cleaned_data["condition"]
        return super().said(data) and condition in (None, fresh(self.case).condition)


class CommentForm(NoteForm, CaseForm):
    step: ClassVar[Any] = COMMENT
    note_label = gettext_lazy("Comment")
    note_help = gettext_lazy("For colleagues; it moves no clock.")

    def was_taken(self) -> bool:
        """Words said twice from one page are one comment; other words are another one."""
        same = Event.objects.filter(
            subject_id=self.case.pk, seq__gt=self.seen_seq, actor=self.by, verb=self.step.verb
        )
        return same.filter(payload__data__note=self.note).exists()

    def take(self, at: datetime) -> Case:
        actions.comment_case(self.case, note=self.note, by=self.by, at=at)
        return self.case
