"""What happened to a matter, in order: one sentence an event, with the words, changes and photos that belong to it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.accounts.models import Account, Unit
from wangge.attachments.models import Attachment
from wangge.audit.chain import BLANKED
from wangge.audit.models import Event
from wangge.cases.calendars.words import told_words
from wangge.cases.models import Case, ClockKind, Exclusion, FilingCondition, MatterClass, Reason, Report
from wangge.cases.queries import escalations
from wangge.cases.queries.durations import limit_words
from wangge.cases.queries.ratings import SATISFIED, SOLVED
from wangge.cases.workflow import BY_VERB, ESCALATE, ESCALATE_REPORT, FILE, RATE, SETTLE, Stage
from wangge.common.languages import reads_chinese, rule_in_reader_language

CHANGED: dict[str, Promise] = {
    "class": gettext_lazy("Class"),
    "condition": gettext_lazy("Filing condition"),
    "address": pgettext_lazy("place", "Address"),
    "place": gettext_lazy("Point on the map"),
    "grid": gettext_lazy("Grid"),
}
DUE = "due_"  # with the kind of clock behind it: a due moment that was computed anew
REPLY = "reply_"  # with the supervision order behind it: the same of its reply
TOLD: dict[str, Promise] = {
    "unit": pgettext_lazy("timeline", "Unit"),
    "from_unit": pgettext_lazy("timeline", "Before"),
    "helpers": pgettext_lazy("timeline", "Helping"),
    "until": pgettext_lazy("timeline", "Until"),
    "due": pgettext_lazy("timeline", "Reply by"),
    "area": pgettext_lazy("timeline", "Goes to"),
    "reports": pgettext_lazy("timeline", "Reports"),
    "why": pgettext_lazy("timeline", "Why this unit"),
    "reason": pgettext_lazy("timeline", "Reason"),
    "case": pgettext_lazy("timeline", "Case"),
    "condition": pgettext_lazy("timeline", "Filing condition"),
    "finding": pgettext_lazy("timeline", "Finding"),
    "result": pgettext_lazy("timeline", "Earlier result"),
    "publication": pgettext_lazy("timeline", "For the public"),
    "calendar": pgettext_lazy("timeline", "Calendar"),
    "calendar_change": pgettext_lazy("timeline", "What changed in it"),
}
TWICE = (FILE.verb, SETTLE.verb)  # what makes a case is written on both chains
# What happens without anybody's step.
OF_ITSELF: dict[str, Promise] = {
    "erased": gettext_lazy("What was said was erased for good"),
    BLANKED: gettext_lazy("Words that named a person were erased at their wish"),
    "moved": gettext_lazy("Its case was merged into another one"),
    "merged": gettext_lazy("Another case was merged into this one"),
    "recompute": gettext_lazy("The due time was computed anew: the calendar changed"),
    "relocate": gettext_lazy("It was located in the new grids: the territory changed"),
}
FINDINGS: dict[str, Promise] = {
    "confirmed": pgettext_lazy("finding", "The problem is there"),
    "refuted": pgettext_lazy("finding", "The problem is not there"),
}

PUBLICATIONS: dict[str, Promise] = {
    "words_published": gettext_lazy("words published"),
    "words_withheld": gettext_lazy("words withheld"),
    "photo_published": gettext_lazy("photo published"),
    "photo_withheld": gettext_lazy("photo withheld"),
    "photo_blurred": gettext_lazy("photo made unrecognisable in parts"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    seq: int
    verb: str
    at: datetime
    who: str
    sentence: str
    stage: str  # the stage reached, "" where it stayed
    note: str
    told: Sequence[tuple[str, str]]
    changes: Sequence[tuple[str, str, str]]  # what, old, new
    report: int | None  # number of the report it happened to, None for the case itself
    photos: list[Attachment] = field(default_factory=list)


def timeline(
    subject: Report | Case, reports: Sequence[Report], attachments: dict[UUID, list[Attachment]]
) -> list[Entry]:
    """Merge the events of a case and of its reports (or of one report), oldest first; what made the case is told once."""
    numbers = {report.pk: report.number for report in reports}
    of_case = isinstance(subject, Case)
    events = list(
        Event.objects.filter(subject_id__in=[subject.pk, *numbers])
        .select_related("actor", "payload")
        .order_by("at", "id")
    )
    shown = [e for e in events if not (of_case and e.verb in TWICE and e.subject_kind == "report")]
    shown = _blanked_once(shown)
    names = _Names(shown, subject)
    entries = {e.pk: _entry(e, names, numbers.get(e.subject_id) if of_case else None) for e in shown}
    for event_id, photo in _owners(shown, attachments):
        entries[event_id].photos.append(photo)
    return list(entries.values())


def _blanked_once(events: Sequence[Event]) -> list[Event]:
    """Blanking one text after the other is one thing that happened; the last of its events tells it."""
    last = {(event.subject_id, event.at): event for event in events if event.verb == BLANKED}
    return [e for e in events if e.verb != BLANKED or last[e.subject_id, e.at] is e]


def since(entries: Sequence[Entry], seq: int, *, of_case: bool) -> list[Entry]:
    """What happened to the matter itself after a page was drawn with this sequence number."""
    return [e for e in entries if e.seq > seq and (e.report is None or not of_case)]


class _Names:
    """The words behind the codes in events, looked up once and only where codes occur."""

    def __init__(self, events: Sequence[Event], subject: Report | Case) -> None:
        data = [_data(event) for event in events]
        classes = {code for d in data for code in d.get("changes", {}).get("class", [])}
        reasons = {d["reason"] for d in data if d.get("reason")}
        people, units = escalations.ids_in(data)
        self.people = dict(Account.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
        self.units = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name")) if units else {}
        self.classes = self._labels(MatterClass.objects.filter(code__in=classes)) if classes else {}
        self.rules = {} if reads_chinese() else self._in_english(data, subject)
        self.reasons: dict[str, str] = {}
        if reasons:
            self.reasons |= self._labels(Exclusion.objects.filter(code__in=reasons))
            self.reasons |= self._labels(Reason.objects.filter(code__in=reasons))

    @staticmethod
    def _in_english(data: Sequence[dict[str, Any]], subject: Report | Case) -> dict[str, str]:
        """The English wordings of the filing conditions that events keep in Chinese, where the lists have one."""
        texts = {
            text
            for d in data
            for text in (d.get("condition"), *d.get("changes", {}).get("condition", ()))
            if text
        }
        known = FilingCondition.objects.filter(text__in=texts).exclude(text_en="") if texts else ()
        frozen = {subject.condition_text: subject.condition_text_en} if isinstance(subject, Case) else {}
        return frozen | {condition.text: condition.text_en for condition in known}

    def rule(self, text: str) -> str:
        """A filing condition in the reader's language; one that was worded otherwise since stays as it was, and says so."""
        return rule_in_reader_language(text, self.rules.get(text, "")) if text else ""

    @staticmethod
    def _labels(rows: Iterable[Any]) -> dict[str, str]:
        return {row.code: str(row) for row in rows}

    def told(self, key: str, value: Any) -> str:
        if key == "finding":
            return str(FINDINGS.get(value, value))
        if key == "condition":
            return self.rule(value)
        if key == "calendar_change":
            return told_words(value)
        if key == "publication":
            return str(PUBLICATIONS.get(value, value))
        if key in ("until", "due"):
            return _moment(value)
        if isinstance(value, list):
            return "、".join(map(str, value))
        return self.reasons.get(value, value) if key == "reason" else str(value)

    def changed(self, key: str, value: Any) -> str:
        if key == "class":
            return f"{value} {self.classes.get(value, '')}".strip()
        if key.startswith((DUE, REPLY)):
            return _moment(value)
        if key == "condition":
            return self.rule(value)
        if key == "place":
            return ", ".join(f"{number:.5f}" for number in value if number is not None)
        return str(value)


def _moment(value: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"


def _data(event: Event) -> dict[str, Any]:
    payload = getattr(event, "payload", None)  # words may have been deleted; the event stays
    return payload.data if payload else {}


def _entry(event: Event, names: _Names, report: int | None) -> Entry:
    data, step = _data(event), BY_VERB.get(event.verb)
    return Entry(
        seq=event.seq,
        verb=event.verb,
        at=event.at,
        who=_who(event, data),
        sentence=str(step.past if step else OF_ITSELF[event.verb])
        if step or event.verb in OF_ITSELF
        else event.verb,
        stage=str(Stage(event.to_stage).label)
        if event.to_stage and event.to_stage != event.from_stage
        else "",
        note=data.get("note", ""),
        told=_told(event.verb, data, names),
        changes=[
            (_what(key), names.changed(key, old) or "–", names.changed(key, new) or "–")
            for key, (old, new) in data.get("changes", {}).items()
        ],
        report=report,
    )


def _told(verb: str, data: dict[str, Any], names: _Names) -> list[tuple[str, str]]:
    if verb == RATE.verb:
        return _rated(data)
    if verb in (ESCALATE.verb, ESCALATE_REPORT.verb) and data:
        return escalations.told(data, names.people, names.units)
    told = [(str(label), names.told(key, data[key])) for key, label in TOLD.items() if data.get(key)]
    return [*_more_time(data), *told]


def _what(key: str) -> str:
    """What a change is of; a clock's due moment is told with the clock's name."""
    if key.startswith(DUE):
        return _("Due: %(clock)s") % {"clock": ClockKind(key.removeprefix(DUE)).label}
    if key.startswith(REPLY):
        return _("Due: %(clock)s") % {"clock": _("Reply to a supervision order")}
    return str(CHANGED.get(key, key))


def _more_time(data: dict[str, Any]) -> list[tuple[str, str]]:
    if "limit_amount" not in data:
        return []
    return [(_("More time"), limit_words(data["limit_kind"], Decimal(data["limit_amount"])))]


def _rated(data: dict[str, Any]) -> list[tuple[str, str]]:
    if "solved" not in data:
        return []
    return [
        (str(SOLVED[data["solved"]]), ""),
        (_("With the result"), str(SATISFIED[data["result"]])),
        (_("With the manner"), str(SATISFIED[data["attitude"]])),
    ]


def _who(event: Event, data: dict[str, Any]) -> str:
    if event.actor:
        return event.actor.name
    step = BY_VERB.get(event.verb)
    if event.verb == "receive":
        channel = data.get("channel", "")
        label = dict(Report.Channel.choices).get(channel, channel)
        return _("the reporter (%(channel)s)") % {"channel": label} if label else _("the reporter")
    return _("the reporter") if step and step.reporter else _("the system")


def _owners(
    events: Sequence[Event], attachments: dict[UUID, list[Attachment]]
) -> Iterator[tuple[int, Attachment]]:
    """Pair each file with the event it came with: by its name, else by the moment, else by who was there before."""
    for subject_id, files in attachments.items():
        own = [e for e in events if e.subject_id == subject_id]
        known = {e.pk for e in own}
        for file in files:
            if file.event_id in known and file.event_id is not None:
                yield file.event_id, file
                continue
            at_once = [e for e in own if e.at == file.uploaded_at]
            before = at_once[:1] or [e for e in own if e.at <= file.uploaded_at][-1:] or own[:1]
            if before:
                yield before[0].pk, file
