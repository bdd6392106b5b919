"""Forms of the second look at what was settled on the spot, and of what the desk makes of “not solved”."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from wangge.attachments.models import Purpose
from wangge.cases import actions
from wangge.cases.forms.base import NoteForm
from wangge.cases.forms.cases import CaseForm
from wangge.cases.models import Case
from wangge.cases.workflow import ASK_RECHECK, FAIL_RECHECK, PASS_RECHECK, REFUSE_REOPEN


class AskRecheckForm(CaseForm):
    step = ASK_RECHECK

    def take(self, at: datetime) -> Case:
        actions.ask_recheck(self.case, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class PassRecheckForm(NoteForm, CaseForm):
    step = PASS_RECHECK
    photos = Purpose.CHECK
    photos_label = gettext_lazy("Photos from the spot")
    note_label = gettext_lazy("What you found")

    def take(self, at: datetime) -> Case:
        self.keep_photos(at)
        actions.do_recheck(self.case, passed=True, note=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class FailRecheckForm(NoteForm, CaseForm):
    step = FAIL_RECHECK
    photos = Purpose.CHECK
    photos_label = gettext_lazy("Photos from the spot")
    note_label = gettext_lazy("What is not settled")
    note_help = gettext_lazy("The duty chief reads it and decides whether the case is opened again.")

    def take(self, at: datetime) -> Case:
        self.keep_photos(at)
        actions.do_recheck(self.case, passed=False, note=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case


class RefuseReopenForm(NoteForm, CaseForm):
    step = REFUSE_REOPEN
    note_label = gettext_lazy("Why it stays closed")
    note_help = gettext_lazy(
        "Whoever rated “not solved” reads exactly these words on the page of the report."
    )

    def take(self, at: datetime) -> Case:
        actions.refuse_reopening(self.case, note=self.note, by=self.by, at=at, seen=self.seen_seq)
        return self.case
