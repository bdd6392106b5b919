"""What handlers wrote about a person, found by its content and blanked where somebody so decides."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from hashlib import sha256
from operator import or_
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole
from wangge.attachments.models import Attachment
from wangge.audit.actions import blank_words, note_blanking, record_access
from wangge.audit.models import Event
from wangge.cases.actions.tracing import addresses_of, cases_of, others_of
from wangge.cases.models import Arbitration, Case, Handover, Help, Report, Request, SupervisionOrder
from wangge.cases.naming import Person
from wangge.cases.workflow import BY_VERB
from wangge.common import rows
from wangge.common.refusals import Refused
from wangge.common.words import demand_short

BLANK = "〔应本人要求删除〕"  # stands where the text stood, in the language of what surrounds it
LOOKED = "texts_searched"
MOST_REASON = 200  # characters; what the access log keeps of a purpose

# Where handlers' words stand besides in the log: the rows of a case, and what such a field is called.
FIELDS: tuple[tuple[type[Any], str, Promise], ...] = (
    (Request, "reason", gettext_lazy("Reason of a request")),
    (Request, "answer", gettext_lazy("Answer to a request")),
    (Help, "words", gettext_lazy("Words to a helping unit")),
    (Help, "result", gettext_lazy("Result of a helping unit")),
    (Arbitration, "reason", gettext_lazy("Reason of a ruling")),
    (SupervisionOrder, "words", gettext_lazy("Words of a supervision order")),
    (SupervisionOrder, "reply", gettext_lazy("Reply to a supervision order")),
)
# Where people write in what an event keeps; all else in it the program wrote, and reads again.
WRITTEN = frozenset({"note", "why", "result"})
# Of a handover of the desk; who took over wrote the remark.
HANDED_OVER: tuple[tuple[str, Promise], ...] = (
    ("watch", gettext_lazy("Handover of a shift: what to watch")),
    ("words", gettext_lazy("Handover of a shift: what happened")),
    ("remark", gettext_lazy("Handover of a shift: remark")),
)
FILE_NAME = gettext_lazy("Name of a file")
OWN: tuple[tuple[str, Promise], ...] = (
    ("result", pgettext_lazy("case", "Result")),
    ("answer", pgettext_lazy("case", "Answer")),
)


@dataclass(frozen=True)
class Place:
    """One place where a text stands: which matter, what it is there, when and by whom, and how it is blanked."""

    matter: Report | Case
    label: str
    blank: Callable[["Hand"], None] = field(compare=False)
    at: datetime | None = None
    who: str = ""


@dataclass(frozen=True)
class Text:
    """A text that names the person; the same words in several places are one."""

    words: str
    places: Sequence[Place]

    @property
    def key(self) -> str:
        """By which somebody chooses it; it stays the same whatever is written meanwhile."""
        return sha256(f"{self.places[0].matter.number}|{self.words}".encode()).hexdigest()[:6]


@dataclass(frozen=True)
class Hand:
    """Who blanks, why and when; and the matter, locked."""

    by: Account
    why: str
    at: datetime
    matter: Report | Case
    key: str

    @property
    def kind(self) -> str:
        return "case" if isinstance(self.matter, Case) else "report"


def demand_reason(why: str) -> None:
    """Raise Refused without a reason, and for one that the access log cannot keep whole."""
    if not why.strip():
        raise Refused(_("Please say why: who asked for it, and when."), field="why")
    demand_short(why.strip(), "why", MOST_REASON)


@transaction.atomic
def look_for_texts(
    report: Report, *, by: Account, why: str, at: datetime, words: Iterable[str] = ()
) -> list[Text]:
    """The texts of handlers that name whoever sent a report; the look is written down. Raises Refused."""
    demand_role(by, AdminRole.SECURITY)
    demand_reason(why)
    record_access(LOOKED, by=by, at=at, subject_kind="report", subject_id=report.pk, purpose=why.strip())
    alone = [case.address for case in cases_of(report) if not others_of(case, report).exists()]
    addresses = [*addresses_of(report), *alone]
    return texts_naming(Person.of(report, words, addresses), report)


def texts_naming(person: Person, report: Report) -> list[Text]:
    """The texts about a report and its case in which a person is named, the oldest first."""
    places: dict[str, list[Place]] = {}
    for words, place in _all_texts(report):
        if words != BLANK and person.is_named_in(words):
            places.setdefault(words, []).append(place)
    return [Text(words, found) for words, found in places.items()]


@transaction.atomic
def blank_texts(texts: Iterable[Text], *, by: Account, why: str, at: datetime) -> None:
    """Blank these texts wherever they stand, each with an entry of its own in the access log, and in the chain."""
    demand_role(by, AdminRole.SECURITY)
    demand_reason(why)
    for text in texts:
        for place in sorted(text.places, key=lambda place: str(place.matter.pk)):
            matter: Report | Case = rows.lock(type(place.matter), place.matter.pk)
            place.blank(Hand(by, why.strip(), at, matter, text.key))
            matter.updated_at = max(at, matter.updated_at)
            rows.store(matter)


def _all_texts(report: Report) -> Iterator[tuple[str, Place]]:
    cases = cases_of(report)
    yield from _of_events({case.pk: case for case in cases})
    yield report.answer, Place(report, str(pgettext_lazy("case", "Answer")), _field_of_matter("answer"))
    for case in cases:
        for name, label in OWN:
            yield getattr(case, name), Place(case, str(label), _field_of_matter(name))
        for model, name, label in FIELDS:
            for row in model.objects.filter(case=case).order_by("pk"):
                yield getattr(row, name), Place(case, str(label), _field_beside(row, name))
        yield from _of_files(case)
    yield from _of_handovers(report, cases)


def _of_events(cases: Mapping[UUID, Case]) -> Iterator[tuple[str, Place]]:
    """The texts in the log of the cases, those included that the system copied; a report's own log goes with it."""
    events = Event.objects.filter(subject_id__in=list(cases), payload__isnull=False)
    for event in events.select_related("payload", "actor").order_by("at", "id"):
        step = BY_VERB.get(event.verb)
        label, who = str(step.past if step else event.verb), event.actor.name if event.actor else ""
        for words in dict.fromkeys(_strings(event.payload.data)):
            place = Place(cases[event.subject_id], label, _in_event(event.pk, words), event.at, who)
            yield words, place


def _of_files(case: Case) -> Iterator[tuple[str, Place]]:
    """The names that handlers' files came with; those of a report go with their files."""
    files = Attachment.objects.filter(subject_kind="case", subject_id=case.pk).select_related("uploaded_by")
    for file in files.order_by("uploaded_at", "pk"):
        who = file.uploaded_by.name if file.uploaded_by else ""
        yield file.name, Place(case, str(FILE_NAME), _field_beside(file, "name"), file.uploaded_at, who)


def _of_handovers(report: Report, cases: Sequence[Case]) -> Iterator[tuple[str, Place]]:
    """The lines of handovers that the desks around a matter wrote or confirmed while it moved."""
    last = max([report.updated_at, *(case.updated_at for case in cases)])
    paths = [report.area_path, *(case.area_path for case in cases)]
    around = [
        Q(pk__in=Handover.objects.alias(path=Value(path)).filter(path__startswith=F("area__path")))
        for path in dict.fromkeys(paths)
    ]
    alive = Q(written_at__lte=last) & (Q(confirmed_at=None) | Q(confirmed_at__gte=report.received_at))
    found = Handover.objects.filter(alive, reduce(or_, around)).select_related("written_by", "confirmed_by")
    for handover in found.order_by("written_at", "pk"):
        for name, label in HANDED_OVER:
            by, at = handover.written_by, handover.written_at
            if name == "remark" and handover.confirmed_by and handover.confirmed_at:
                by, at = handover.confirmed_by, handover.confirmed_at
            for line in dict.fromkeys(getattr(handover, name).splitlines()):
                yield line, Place(report, str(label), _line_of(handover.pk, name, line), at, by.name)


def _strings(data: Mapping[str, Any]) -> Iterator[str]:
    """Every text that somebody wrote in what an event keeps: words, and an address that was corrected."""
    yield from (value for name, value in data.items() if name in WRITTEN and isinstance(value, str))
    yield from (address for address in data.get("changes", {}).get("address", ()) if address)


def _without(data: Mapping[str, Any], words: str) -> dict[str, Any]:
    """The same with this very text blanked."""
    kept = {name: BLANK if name in WRITTEN and value == words else value for name, value in data.items()}
    if "address" in data.get("changes", {}):
        addresses = [BLANK if address == words else address for address in data["changes"]["address"]]
        kept["changes"] = {**data["changes"], "address": addresses}
    return kept


def _in_event(event_id: int, words: str) -> Callable[[Hand], None]:
    def blank(hand: Hand) -> None:
        event = Event.objects.select_related("payload").get(pk=event_id)
        kept = _without(event.payload.data, words)
        if kept == event.payload.data:
            return  # an address that went with the place already
        blank_words(
            hand.matter,
            event,
            kept=kept,
            kind=hand.kind,
            by=hand.by,
            at=hand.at,
            purpose=hand.why,
            text=hand.key,
        )

    return blank


def _field_of_matter(name: str) -> Callable[[Hand], None]:
    def blank(hand: Hand) -> None:
        setattr(hand.matter, name, BLANK)
        _note(hand, name)

    return blank


def _field_beside(row: Any, name: str) -> Callable[[Hand], None]:
    def blank(hand: Hand) -> None:
        type(row).objects.filter(pk=row.pk).update(**{name: BLANK})
        _note(hand, f"{row._meta.model_name} {name}")

    return blank


def _line_of(pk: int, name: str, line: str) -> Callable[[Hand], None]:
    """A handover tells of many matters: of its words the one line goes."""

    def blank(hand: Hand) -> None:
        handover = Handover.objects.select_for_update(of=("self",)).get(pk=pk)
        lines = [BLANK if one == line else one for one in getattr(handover, name).splitlines()]
        Handover.objects.filter(pk=pk).update(**{name: "\n".join(lines)})
        _note(hand, f"handover {name}")

    return blank


def _note(hand: Hand, where: str) -> None:
    note_blanking(
        hand.matter, where=where, kind=hand.kind, by=hand.by, at=hand.at, purpose=hand.why, text=hand.key
    )
