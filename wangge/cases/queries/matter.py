"""Everything one page about a report or a case shows, in a number of statements that does not grow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404

from wangge.accounts.models import Account
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.queries import attachments_of, attachments_of_case
from wangge.cases import permissions
from wangge.cases.deadlines import Light
from wangge.cases.duty import areas_around
from wangge.cases.models import Case, Report
from wangge.cases.queries import escalations
from wangge.cases.queries.answers import Answer, answers_of
from wangge.cases.queries.beside import Beside, beside, read_beside
from wangge.cases.queries.buttons import Button, buttons_of
from wangge.cases.queries.clocks import ClockLine, clock_lines
from wangge.cases.queries.durations import limit_words
from wangge.cases.queries.lights import light_of
from wangge.cases.queries.ratings import SATISFIED, SOLVED
from wangge.cases.queries.timeline import Entry, timeline
from wangge.cases.undoing import OFFERED, TAKES_BACK, can_undo
from wangge.cases.workflow import COMMENT, CORRECT_CASE, CORRECT_REPORT, SEND_BACK, URGE
from wangge.common import masking
from wangge.registry.addresses.finding import FoundAddress
from wangge.registry.addresses.finding import guess as guess_address
from wangge.territory.models import Area
from wangge.territory.scopes import scope_of

MOST_GUESSES = 3
MOST_REPORTS = 200  # shown on one page; the rest are counted


@dataclass(frozen=True)
class MaskedContact:
    """How a reporter could be reached, as much of it as may stand on a screen."""

    name: str
    phone: str
    email: str

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)


@dataclass(frozen=True)
class Opinion:
    """A reporter's rating in words."""

    solved: str
    result: str
    attitude: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Told:
    """One report as a page shows it; `contact` is None for whoever may not reach the reporter."""

    report: Report
    attachments: Sequence[Attachment]
    contact: MaskedContact | None
    answers: Sequence[Answer]
    rating: Opinion | None  # None too for whoever is not of the desk

    @property
    def first_files(self) -> list[Attachment]:
        """What came with the report; what came later stands in the timeline."""
        return [file for file in self.attachments if file.purpose == Purpose.REPORT]


@dataclass(frozen=True)
class Guess:
    """Where a matter without a point may be, and the address of the form in which a person confirms it."""

    place: FoundAddress
    url: str


@dataclass(frozen=True)
class MatterPage:
    """A report or a case with all that belongs to it."""

    subject: Report | Case
    kind: str
    light: Light | None
    areas: Sequence[Area]
    told: Sequence[Told]
    more_reports: int
    entries: Sequence[Entry]
    clocks: Sequence[ClockLine]
    buttons: Sequence[Button]
    limit: str
    may_publish: bool
    may_comment: bool
    may_undo: bool
    case_attachments: Sequence[Attachment]
    beside: Beside
    escalated: Sequence[escalations.Came]
    guesses: Sequence[Guess]

    @property
    def case(self) -> Case | None:
        return self.subject if isinstance(self.subject, Case) else self.subject.case

    @property
    def sent_back(self) -> int:
        """How often units sent the case back."""
        return sum(entry.verb == SEND_BACK.verb for entry in self.entries)

    @property
    def urgings(self) -> int:
        """How often the reporters urged."""
        return sum(entry.verb == URGE.verb for entry in self.entries)

    @property
    def withdrawn(self) -> bool:
        """Tell whether every reporter has taken the report back."""
        return bool(self.told) and all(told.report.withdrawn_at for told in self.told)

    @property
    def words(self) -> str:
        """What the first reporter said."""
        return self.told[0].report.text if self.told else ""

    @property
    def possible(self) -> list[Button]:
        return [button for button in self.buttons if button.refusal is None]

    @property
    def impossible(self) -> list[Button]:
        return [button for button in self.buttons if button.refusal is not None]


def find(person: Account, kind: str, number: str | int) -> Report | Case:
    """Return the report or case of this number; Http404 whether it does not exist or is not for this person."""
    if kind == "case":
        case = cases().filter(number=number).first()
        if case is not None and permissions.may_see_case(person, case):
            return case
    else:
        report = reports().filter(number=number).first()
        if report is not None and permissions.may_see_report(person, report):
            return report
    raise Http404


def cases() -> QuerySet[Case]:
    """Cases with the names a page shows."""
    names = ("matter", "condition", "unit", "handler", "merged_into", "unit_grid", "grid", "current_grid")
    return Case.objects.select_related(*names).defer(*_shapes())


def reports() -> QuerySet[Report]:
    """Reports with the names a page shows."""
    names = (
        "matter",
        "case",
        "case__unit",
        "contact",
        "rating",
        "unit_grid",
        "grid",
        "current_grid",
        "received_by",
    )
    return Report.objects.select_related(*names).defer(*_shapes())


def _shapes() -> tuple[str, ...]:
    """Boundaries are kilobytes each and no page of a matter draws them."""
    return ("unit_grid__boundary", "grid__boundary", "current_grid__boundary")


def page_of(subject: Report | Case, person: Account, now: datetime) -> MatterPage:
    """Gather the page of a report or case that this person may see."""
    of_case = isinstance(subject, Case)
    if isinstance(subject, Case):
        read_beside(subject)
    joined, more = _joined(subject) if isinstance(subject, Case) else ([subject], 0)
    keys = [report.pk for report in joined]
    files = attachments_of_case(subject.pk, keys) if of_case else attachments_of("report", keys)
    entries = timeline(subject, joined, files)
    buttons = buttons_of(subject, person)
    return MatterPage(
        subject=subject,
        kind="case" if of_case else "report",
        light=light_of(subject, now),
        areas=areas_of(subject),
        told=[_told(report, files[report.pk], person) for report in joined],
        more_reports=more,
        entries=entries,
        clocks=clock_lines(subject, now),
        buttons=buttons,
        limit=_limit(subject),
        may_publish=permissions.may_publish(person, subject),
        may_comment=of_case and permissions.refusal(COMMENT, subject, person) is None,
        may_undo=isinstance(subject, Case) and _just_taken(entries, now) and can_undo(subject, person, now),
        case_attachments=files[subject.pk] if of_case else [],
        beside=beside(subject, now),
        escalated=escalations.of_matter(subject),
        guesses=_guesses(subject, joined, buttons),
    )


def _guesses(subject: Report | Case, reports: Sequence[Report], buttons: Sequence[Button]) -> list[Guess]:
    """Where the words say it is, for whoever may correct the place; a matter is never moved by a guess alone."""
    correction = next(
        (b for b in buttons if b.step in (CORRECT_REPORT, CORRECT_CASE) and b.refusal is None), None
    )
    if subject.lon is not None or correction is None:
        return []
    found = guess_address(subject.address) if subject.address else []
    found = found or [one for report in reports[:1] for one in guess_address(report.text)]
    return [
        Guess(one, f"{correction.url}?{urlencode({'lon': f'{one.lon:.6f}', 'lat': f'{one.lat:.6f}'})}")
        for one in found[:MOST_GUESSES]
    ]


def _just_taken(entries: Sequence[Entry], now: datetime) -> bool:
    """Tell whether the last step is one that may be taken back; spares most pages a question to the log."""
    return bool(entries) and entries[-1].verb in TAKES_BACK and now - entries[-1].at <= OFFERED


def _limit(subject: Report | Case) -> str:
    if isinstance(subject, Report) or subject.limit_amount is None:
        return ""
    return limit_words(subject.limit_kind, subject.limit_amount)


def _joined(case: Case) -> tuple[list[Report], int]:
    first = list(reports().filter(case=case).order_by("number")[: MOST_REPORTS + 1])
    if len(first) <= MOST_REPORTS:
        for report in first:
            report.case = case
        return first, 0
    return first[:MOST_REPORTS], Report.objects.filter(case=case).count() - MOST_REPORTS


def areas_of(subject: Report | Case) -> list[Area]:
    """The areas around the place, from the county down."""
    around = Area.objects.filter(pk__in=areas_around(subject.area_path)).defer("boundary")
    upper = ("province", "city")
    named = sorted(around, key=lambda area: len(area.path))
    return [area for area in named if area.level not in upper] or named


def _told(report: Report, files: Sequence[Attachment], person: Account) -> Told:
    contact = getattr(report, "contact", None)
    masked = None
    if contact is not None and permissions.may_see_contact(person, report):
        masked = MaskedContact(
            masking.mask_name(contact.name),
            masking.mask_phone(contact.phone),
            masking.mask_email(contact.email),
        )
    return Told(report, files, masked, answers_of(report, person), _rating(report, person))


def _rating(report: Report, person: Account) -> Opinion | None:
    rating = getattr(report, "rating", None)
    if rating is None or not scope_of(person).covers(report.area_path, permissions.AREA_ROLES):
        return None
    return Opinion(
        str(SOLVED[rating.solved]),
        str(SATISFIED[rating.result]),
        str(SATISFIED[rating.attitude]),
        rating.words,
        rating.at,
    )
