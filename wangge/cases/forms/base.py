"""What the forms of all steps share: the page they were drawn from, the words, the photos, and how an act is refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Account
from wangge.attachments import actions as attachments
from wangge.attachments.models import Purpose
from wangge.attachments.receiving import Received, receive
from wangge.audit.models import Event
from wangge.cases.models import Case, Report
from wangge.cases.workflow import Step
from wangge.common.forms import CleanText
from wangge.common.refusals import Refused

Subject = TypeVar("Subject", Report, Case)


def words(
    label: Any, *, required: bool = False, rows: int = 3, help_text: Any = "", most: int = 2000
) -> forms.CharField:
    """A field for several lines of words; where it begins with what stands elsewhere it takes as many as that."""
    return CleanText(
        label=label,
        required=required,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def fresh(subject: Subject) -> Subject:
    """The matter as it is now: the page's own may be older than the first of two clicks."""
    return type(subject)._default_manager.get(pk=subject.pk)


class StepForm(forms.Form):
    """The questions of one step about one matter; `take` takes it."""

    step: ClassVar[Step]
    template: ClassVar[str] = "cases/steps/_plain.html"
    photos: ClassVar[Purpose | None] = None
    photos_label: ClassVar[Any] = ""

    # The sequence number of the last event the person saw.
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, Any] | None" = None,
        *,
        subject: Report | Case,
        by: Account,
        given: QueryDict | None = None,
    ) -> None:
        """`given` is what was already typed or chosen in an address (GET)."""
        self.subject, self.by, self.given = subject, by, given or QueryDict()
        self.received = Received((), ())
        super().__init__(
            data, files, auto_id="step_%s", initial={"seen": subject.event_seq, **self.given.dict()}
        )
        self.initial["seen"] = subject.event_seq

    def chosen(self, name: str) -> str:
        """What stands in a field now, before any check."""
        return str((self.data if self.is_bound else self.given).get(name) or "").strip()

    @property
    def seen_seq(self) -> int:
        return int(self.cleaned_data["seen"])

    def prepare(self) -> None:
        """Do what takes time and needs no lock: clean the photos."""
        if self.photos is not None and isinstance(self.files, MultiValueDict):
            self.received = receive(self.files.getlist("photos"))

    def keep_photos(self, at: datetime) -> None:
        """Attach what `prepare` received; the caller's transaction decides whether it stays."""
        assert self.photos is not None
        attachments.record(
            self.received,
            subject_kind="case" if isinstance(self.subject, Case) else "report",
            subject_id=self.subject.pk,
            purpose=self.photos,
            by=self.by,
            at=at,
        )

    def take(self, at: datetime) -> Report | Case:
        """Take the step and return the matter to show next; raises Refused, or Stale when somebody was faster."""
        raise NotImplementedError

    def locked_with(self) -> list[UUID]:
        """The keys of the matters of this kind that the step changes."""
        return [self.subject.pk]

    def lock(self) -> None:
        """Lock them in the order of their keys: two who merge two cases both ways do not wait for each other for ever."""
        matters = type(self.subject)._default_manager.select_for_update(of=("self",))
        list(matters.filter(pk__in=self.locked_with()).order_by("pk"))

    def outcome(self) -> Report | Case:
        """The matter to show when the step was taken already."""
        return self.subject

    def was_taken(self) -> bool:
        """Tell whether this very person took this step with these very answers from this very page: a second click."""
        next_one = Event.objects.filter(
            subject_id=self.subject.pk, seq=self.seen_seq + 1, actor=self.by, verb=self.step.verb
        )
        event = next_one.select_related("payload").first()
        payload = getattr(event, "payload", None)  # words may have been deleted; the event stays
        return payload is not None and self.said(payload.data)

    def said(self, data: Mapping[str, Any]) -> bool:
        """Tell whether an event of this step says what this form says."""
        return True

    def refuse(self, refused: Refused) -> None:
        """Show a refusal at the field it concerns."""
        field = refused.field if refused.field in self.fields else None
        self.add_error(field, str(refused))

    def draw_again(self, subject: Report | Case) -> None:
        """Keep what was typed, but look at the matter as it is now."""
        self.subject = subject
        assert isinstance(self.data, QueryDict)
        typed = self.data.copy()
        typed["seen"] = str(subject.event_seq)
        self.data = typed

    @property
    def kept_words(self) -> Sequence[tuple[str, str]]:
        """What was typed into the fields for words, for a step that can no longer be taken."""
        return [
            (str(field.label), str(field.value()))
            for field in self
            if isinstance(field.field, forms.CharField) and not field.is_hidden and field.value()
        ]


class NoteForm(StepForm):
    """A step that asks for a note, or offers one."""

    note_label: ClassVar[Any] = gettext_lazy("Note")
    note_help: ClassVar[Any] = gettext_lazy("For colleagues; the reporter does not see it.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["note"] = words(self.note_label, help_text=self.note_help)
        if self.step.needs_note:
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = _(
                "“%(step)s” needs a note: please say why or what."
            ) % {"step": self.step.label}

    @property
    def note(self) -> str:
        return str(self.cleaned_data["note"])

    def said(self, data: Mapping[str, Any]) -> bool:
        return super().said(data) and data.get("note", "") == self.note
