"""Forms of what is asked of the desk, and of its decision, which says beforehand what it does to the clocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.cases import actions, clocks
from wangge.cases.conditions import open_request, quota
from wangge.cases.forms.base import NoteForm
from wangge.cases.forms.cases import CaseForm
from wangge.cases.models import Case, Clock, ClockKind, Quota, Request
from wangge.cases.models.classes import LIMIT_KINDS
from wangge.cases.queries.durations import limit_words
from wangge.cases.workflow import (
    ASK_EXTENSION,
    ASK_SUSPENSION,
    ASK_VOID,
    EXTEND,
    REFUSE_EXTENSION,
    REFUSE_SUSPENSION,
    REFUSE_VOID,
    RESUME,
    SUSPEND,
    VOID,
)
from wangge.common.days import midnight
from wangge.common.forms import DayInput


@dataclass(frozen=True)
class Effect:
    """What granting would do to one clock."""

    label: str
    now: datetime
    then: datetime


class AskExtensionForm(NoteForm, CaseForm):
    step = ASK_EXTENSION
    note_label = gettext_lazy("Why it takes longer")
    note_help = gettext_lazy("The dispatcher decides. The reporter is told when it is granted.")

    amount = forms.DecimalField(
        label=gettext_lazy("How much more"), min_value=0, max_value=1000, decimal_places=2,
        error_messages={"max_value": gettext_lazy("No more than 1000 can be asked for.")},
    )  # fmt: skip
    limit_kind = forms.ChoiceField(label=gettext_lazy("counted in"), choices=LIMIT_KINDS)
    field_order = ("seen", "amount", "limit_kind", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial.setdefault("limit_kind", self.case.limit_kind or "working_days")

    def take(self, at: datetime) -> Case:
        limit = clocks.LimitOf(self.cleaned_data["limit_kind"], self.cleaned_data["amount"])
        actions.ask_extension(self.case, limit=limit, reason=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case

    def refuse(self, refused: Any) -> None:
        refused.field = "amount" if refused.field == "limit_amount" else refused.field
        super().refuse(refused)

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data["limit_amount"] == str(self.cleaned_data["amount"])


class AskSuspensionForm(NoteForm, CaseForm):
    step = ASK_SUSPENSION
    note_label = gettext_lazy("What the work waits for")
    note_help = gettext_lazy("The duty chief decides. While it is suspended both clocks stand still.")

    until = forms.DateField(label=gettext_lazy("Day on which the work goes on"), widget=DayInput())
    field_order = ("seen", "until", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        most = quota(Quota.Code.SUSPENSION_DAYS)
        self.fields["until"].help_text = _("At most %(days)d days from now.") % {"days": most}

    def take(self, at: datetime) -> Case:
        until = midnight(self.cleaned_data["until"])
        actions.ask_suspension(
            self.case, until=until, reason=self.note, by=self.by, at=at, seen=self.seen_seq
        )
        return self.case

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data["until"] == midnight(self.cleaned_data["until"]).isoformat()


class AskVoidForm(NoteForm, CaseForm):
    step = ASK_VOID
    note_label = gettext_lazy("Why it is to be void")
    note_help = gettext_lazy("The duty chief decides.")

    def take(self, at: datetime) -> Case:
        actions.ask_void(self.case, reason=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class DecisionForm(NoteForm, CaseForm):
    """A decision on what was asked: who asked, why, and what it would do to the clocks stand above it."""

    template = "cases/steps/_decision.html"
    kind: ClassVar[str]

    @cached_property
    def request(self) -> Request | None:
        return open_request(self.case, self.kind)

    @property
    def wanted(self) -> str:
        """What was asked for, in words."""
        if self.request is None or self.request.limit_amount is None:
            return ""
        return limit_words(self.request.limit_kind, self.request.limit_amount)

    @cached_property
    def effects(self) -> Sequence[Effect]:
        """What granting it now would do to the clocks."""
        return []

    def effects_of(self, then: Any) -> list[Effect]:
        running = clocks.running(self.case)
        found = [running[kind] for kind in (ClockKind.HANDLE, ClockKind.WHOLE) if kind in running]
        return [Effect(str(ClockKind(one.kind).label), one.due_at, then(one)) for one in found]


class ExtendForm(DecisionForm):
    step = EXTEND
    kind = Request.Kind.EXTEND
    note_help = gettext_lazy("The unit reads it; optional.")

    @cached_property
    def effects(self) -> Sequence[Effect]:
        asked = self.request
        if asked is None or asked.limit_amount is None:
            return []
        limit = clocks.LimitOf(asked.limit_kind, asked.limit_amount)
        return self.effects_of(lambda clock: clocks.due_if_extended(clock, limit))

    def take(self, at: datetime) -> Case:
        actions.extend_case(self.case, by=self.by, at=at, note=self.note, seen=self.seen_seq)
        return self.case


class SuspendForm(DecisionForm):
    step = SUSPEND
    kind = Request.Kind.SUSPEND
    note_help = gettext_lazy("The unit reads it; optional.")

    until = forms.DateField(label=gettext_lazy("Day on which the work goes on"), widget=DayInput())
    field_order = ("seen", "until", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.request is not None and self.request.until is not None:
            self.initial.setdefault("until", timezone.localdate(self.request.until))

    @cached_property
    def effects(self) -> Sequence[Effect]:
        asked, now = self.request, timezone.now()
        if asked is None or asked.until is None or asked.until <= now:
            return []
        until = asked.until

        def then(clock: Clock) -> datetime:
            return clocks.due_if_paused(clock, now, until)

        return self.effects_of(then)

    def take(self, at: datetime) -> Case:
        until = midnight(self.cleaned_data["until"])
        actions.suspend_case(self.case, by=self.by, at=at, until=until, note=self.note, seen=self.seen_seq)
        return self.case

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data["until"] == midnight(self.cleaned_data["until"]).isoformat()


class ResumeForm(NoteForm, CaseForm):
    step = RESUME
    note_help = gettext_lazy("The clocks go on from now; optional.")

    def take(self, at: datetime) -> Case:
        actions.resume_case(self.case, by=self.by, at=at, note=self.note, seen=self.seen_seq)
        return self.case


class VoidForm(DecisionForm):
    step = VOID
    kind = Request.Kind.VOID
    note_label = gettext_lazy("Why it is void")
    note_help = gettext_lazy("Every reporter of this case and the public read exactly these words.")

    def take(self, at: datetime) -> Case:
        actions.void_case(self.case, reason=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class RefusalForm(DecisionForm):
    note_label = gettext_lazy("Why not")
    note_help = gettext_lazy("Whoever asked reads it. Nothing changes about the clocks.")

    def take(self, at: datetime) -> Case:
        actions.refuse_request(
            self.case, kind=self.kind, note=self.note, by=self.by, at=at, seen=self.seen_seq
        )
        return self.case


class RefuseExtensionForm(RefusalForm):
    step = REFUSE_EXTENSION
    kind = Request.Kind.EXTEND


class RefuseSuspensionForm(RefusalForm):
    step = REFUSE_SUSPENSION
    kind = Request.Kind.SUSPEND


class RefuseVoidForm(RefusalForm):
    step = REFUSE_VOID
    kind = Request.Kind.VOID
