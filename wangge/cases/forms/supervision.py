"""Forms of supervision orders."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.cases import actions
from wangge.cases.actions.supervision import default_reply_due
from wangge.cases.forms.base import NoteForm
from wangge.cases.forms.cases import CaseForm
from wangge.cases.models import Case, SupervisionOrder
from wangge.cases.workflow import END_SUPERVISION, REPLY_SUPERVISION, SUPERVISE
from wangge.common.forms import MomentInput


class SuperviseForm(NoteForm, CaseForm):
    step = SUPERVISE
    note_label = gettext_lazy("What is expected")
    note_help = gettext_lazy("The unit and the desk read it. The case's own clocks stay as they are.")

    reply_due_at = forms.DateTimeField(
        label=gettext_lazy("Reply by"), widget=MomentInput(), show_hidden_initial=True
    )
    field_order = ("seen", "reply_due_at", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial.setdefault("reply_due_at", default_reply_due(self.case, timezone.now()))

    def take(self, at: datetime) -> Case:
        # Left as it was drawn, it is the centre's limit and follows its calendar.
        due = self.cleaned_data["reply_due_at"] if "reply_due_at" in self.changed_data else None
        actions.supervise(self.case, words=self.note, by=self.by, at=at, reply_due_at=due, seen=self.seen_seq)
        return self.case


class _AboutOrder(NoteForm, CaseForm):
    """A step about one of the open orders; where there is one only, it is chosen."""

    template = "cases/steps/_order.html"
    ends_orders = False  # then what was replied is what one decides by, and its lack is told
    field_order = ("seen", "order", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["order"] = forms.ModelChoiceField(
            self.orders_to_choose(),
            label=_("Supervision order"),
            empty_label=None,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose the order.")},
        )
        self.order_fields(self.field_order)
        if self.orders:
            self.initial.setdefault("order", self.orders[0].pk)

    def orders_to_choose(self) -> Any:
        return SupervisionOrder.objects.filter(case=self.case, ended_at=None).select_related(
            "given_by", "replied_by"
        )

    @cached_property
    def orders(self) -> list[SupervisionOrder]:
        return list(self.orders_to_choose())

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data["order"] == self.cleaned_data["order"].pk


class ReplyForm(_AboutOrder):
    step = REPLY_SUPERVISION
    note_label = gettext_lazy("Reply")
    note_help = gettext_lazy("Whoever gave the order reads it.")

    def orders_to_choose(self) -> Any:
        return super().orders_to_choose().filter(replied_at=None)

    def take(self, at: datetime) -> Case:
        order = self.cleaned_data["order"]
        actions.reply_to_order(self.case, order=order, reply=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class EndForm(_AboutOrder):
    step = END_SUPERVISION
    ends_orders = True

    def take(self, at: datetime) -> Case:
        order = self.cleaned_data["order"]
        actions.end_order(self.case, order=order, by=self.by, at=at, note=self.note, seen=self.seen_seq)
        return self.case
