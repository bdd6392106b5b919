"""Which event tells whom: a table for colleagues, a table for reporters, and the listeners that read them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import Account, Role
from wangge.audit.models import Event
from wangge.audit.relay import together
from wangge.cases import permissions
from wangge.cases.follow_links import follow_link
from wangge.cases.models import Case, Report, ReporterContact, SupervisionOrder
from wangge.cases.recipients import Staff, last_unit, named_handlers, who_took
from wangge.notifications import actions as notifications
from wangge.notifications import channels
from wangge.notifications.actions import About, Many, Outsider, Word
from wangge.notifications.wordings import all_wordings

# What an import or a long standstill of the relay brings is no news.
FRESH = timedelta(days=2)
URGENT_LIMIT = "urgent_hours"


@dataclass(frozen=True)
class News:
    """One event with the matter it happened to, as it stands now, and the event's words."""

    event: Event
    subject: Report | Case
    data: Mapping[str, Any]
    staff: Staff

    @property
    def case(self) -> Case | None:
        """The case worked on: the matter itself, or the one a report was filed under."""
        return self.subject if isinstance(self.subject, Case) else self.subject.case


Whom = Callable[[News], Iterable[Account]]


@dataclass(frozen=True)
class Rule:
    """Tell these people this. `leaving`: they can no longer open the matter, so the notice leads nowhere.

    `many`: how several within a quarter of an hour are told as one, and the page that lists them.
    """

    wording: str
    whom: Whom
    leaving: bool = False
    many: tuple[str, str] | None = None


# -- Whom ---------------------------------------------------------------------------------------------------


def _unit(news: News) -> Iterable[Account]:
    return news.staff.of_unit(news.case.unit_id) if news.case else []


def _last_unit(news: News) -> Iterable[Account]:
    return last_unit(news.event, news.staff)


def _helpers(news: News) -> Iterable[Account]:
    return news.staff.of_units(news.data.get("helper_codes", []))


def _dispatchers(news: News) -> Iterable[Account]:
    return news.staff.at_desk(news.subject, Role.DISPATCHER)


def _chiefs(news: News) -> Iterable[Account]:
    return news.staff.at_desk(news.subject, Role.DUTY_CHIEF)


def _who_closes(news: News) -> Iterable[Account]:
    """The duty chiefs, unless the case closes by itself."""
    return [] if news.case is not None and news.case.auto_close else _chiefs(news)


def _whole_desk(news: News) -> Iterable[Account]:
    return news.staff.at_desk(news.subject, Role.DUTY_CHIEF, Role.DISPATCHER)


def _unit_or_dispatchers(news: News) -> Iterable[Account]:
    """Whoever has the matter in hand: the unit, else the dispatchers, before filing the duty chief."""
    if news.case is None:
        return _chiefs(news)
    return list(_unit(news)) or _dispatchers(news)


def _asked_to_verify(news: News) -> Iterable[Account]:
    return who_took(news.event, "verify")


def _asked_to_void(news: News) -> Iterable[Account]:
    return who_took(news.event, "ask_void")


def _overseer(news: News) -> Iterable[Account]:
    """Whoever gave the very order that is replied to."""
    return Account.objects.filter(pk__in=_order_givers(news))


def _order_givers(news: News) -> Iterable[int]:
    orders = SupervisionOrder.objects.filter(pk=news.data.get("order") or 0)
    return list(orders.values_list("given_by", flat=True))


def _reached(news: News) -> Iterable[Account]:
    """Whom the rung brought it to; what reached nobody is on a list of its own."""
    return Account.objects.filter(pk__in=news.data.get("to", []))


def _named(news: News) -> Iterable[Account]:
    return named_handlers(news.subject)


# -- The tables ---------------------------------------------------------------------------------------------

MANY_ESCALATED = ("escalated_many", "cases:escalations")
COLLEAGUES: dict[str, tuple[Rule, ...]] = {
    "find": (Rule("found", _asked_to_verify),),
    "dispatch": (Rule("dispatched", _unit), Rule("help_wanted", _helpers)),
    "arbitrate": (Rule("dispatched", _unit),),
    "recall": (Rule("recalled", _last_unit, leaving=True),),
    "forward": (Rule("forwarded", _unit),),
    "ask_help": (Rule("help_wanted", _helpers),),
    "give_help": (Rule("help_given", _unit),),
    "send_back": (Rule("sent_back", _dispatchers),),
    "open_arbitration": (Rule("to_arbitrate", _whole_desk),),
    "ask_extension": (Rule("extension_wanted", _dispatchers),),
    "extend": (Rule("extended", _unit),),
    "refuse_extension": (Rule("extension_refused", _unit),),
    "ask_suspension": (Rule("suspension_wanted", _chiefs),),
    "suspend": (Rule("suspended", _unit),),
    "refuse_suspension": (Rule("suspension_refused", _unit),),
    "resume": (Rule("resumed", _unit),),
    "ask_void": (Rule("void_wanted", _chiefs),),
    "void": (Rule("voided", _last_unit, leaving=True),),
    "merge": (Rule("voided", _last_unit, leaving=True),),
    "refuse_void": (Rule("void_refused", _asked_to_void),),
    "fail_check": (Rule("rework", _unit),),
    "pass_check": (Rule("passed", _who_closes),),
    "fail_recheck": (Rule("not_settled", _chiefs),),
    "reopen": (Rule("reopened", _dispatchers),),
    "correct": (Rule("corrected", _unit),),
    "rate": (Rule("not_solved", _chiefs),),
    "urge": (Rule("urged", _unit_or_dispatchers),),
    "add": (Rule("added", _unit),),
    "withdraw": (Rule("withdrawn", _chiefs),),
    "hand_up": (Rule("handed", _whole_desk),),
    "hand_down": (Rule("handed", _whole_desk),),
    "supervise": (Rule("supervised", _unit), Rule("supervised", _chiefs)),
    "reply_supervision": (Rule("supervision_replied", _overseer),),
    "end_supervision": (Rule("supervision_ended", _unit),),
    "escalate": (Rule("escalated", _reached, many=MANY_ESCALATED),),
    "escalate_report": (Rule("escalated", _reached, many=MANY_ESCALATED),),
    "hide_case": (Rule("named", _named),),
    "hide_report": (Rule("named", _named),),
    "name_handlers": (Rule("named", _named),),
}
# A filing is an event of the report and of the case; its reporter hears of it once.
REPORTERS = {
    "file": ("report", "reporter_filed"),
    "join": ("report", "reporter_filed"),
    "answer": ("report", "reporter_answered"),
    "decline": ("report", "reporter_declined"),
    "dispatch": ("case", "reporter_dispatched"),
    "extend": ("case", "reporter_extended"),
    "close": ("case", "reporter_closed"),
    "reopen": ("case", "reporter_reopened"),
    "void": ("case", "reporter_closed"),
    "void_report": ("report", "reporter_answered"),
}
# After the last three a matter is confidential only if its class is.
HIDING = ("hide_case", "hide_report", "file", "correct_report", "correct")


# -- Listeners ----------------------------------------------------------------------------------------------


@together
def tell(events: Sequence[Event]) -> None:
    """Tell colleagues and reporters what these events mean for them."""
    tell_all(events, timezone.now())


def tell_at(event: Event, at: datetime) -> None:
    """Tell of one event at a moment of one's choice."""
    tell_all([event], at)


def tell_all(events: Sequence[Event], at: datetime) -> None:
    """Tell of events at a moment of one's choice; what happened long before it is no news and tells nobody."""
    outside = _reaches_reporters()
    heard = [event for event in events if event.verb in COLLEAGUES or (outside and _is_for_reporters(event))]
    told = _news([event for event in heard if at - event.at <= FRESH])
    notifications.pass_on(
        [word for news in told for rule in _rules(news) for word in _for_colleagues(news, rule)], at=at
    )
    for news in told:
        if outside and _is_for_reporters(news.event):
            _tell_reporters(news, REPORTERS[news.event.verb][1], at)


def _is_for_reporters(event: Event) -> bool:
    return REPORTERS.get(event.verb, ("",))[0] == event.subject_kind


@together
def hush(events: Sequence[Event]) -> None:
    """Take the facts of matters that have become confidential out of what was told about them and their reports."""
    for model, keys in _subjects_of(events):
        for hidden in model._default_manager.filter(pk__in=keys, confidential=True).values_list(
            "pk", flat=True
        ):
            notifications.hush(subject_id=hidden)
            for report in Report.objects.filter(case=hidden).values_list("pk", flat=True):
                notifications.hush(subject_id=report)


def _subjects_of(events: Iterable[Event]) -> Iterator[tuple[type[Report] | type[Case], list[UUID]]]:
    models: tuple[tuple[str, type[Report] | type[Case]], ...] = (("report", Report), ("case", Case))
    for kind, model in models:
        keys = [event.subject_id for event in events if event.subject_kind == kind]
        if keys:
            yield model, keys


def _news(events: Sequence[Event]) -> list[News]:
    """The events with their matters as they stand now; one whose matter is gone is no news."""
    subjects: dict[UUID, Report | Case] = {}
    for model, keys in _subjects_of(events):
        related = ("matter", "current_grid", "case" if model is Report else "unit")
        known = model._default_manager.select_related(*related).defer("current_grid__boundary")
        subjects |= {subject.pk: subject for subject in known.filter(pk__in=keys)}
    staff = Staff()
    return [
        News(event, subjects[event.subject_id], payload.data if payload else {}, staff)
        for event in events
        for payload in [getattr(event, "payload", None)]
        if event.subject_id in subjects
    ]


def _rules(news: News) -> tuple[Rule, ...]:
    if news.event.verb == "rate" and news.data.get("solved", True):
        return ()
    if news.event.verb == "send_back" and news.event.to_stage == "arbitrating":
        return COLLEAGUES["open_arbitration"]
    return COLLEAGUES.get(news.event.verb, ())


def _for_colleagues(news: News, rule: Rule) -> Iterator[Word]:
    secret = _is_confidential(news)
    people = [person for person in news.staff.same(rule.whom(news)) if person.pk != news.event.actor_id]
    if rule.leaving:
        people = [] if secret else people
    else:
        people = [person for person in people if _may_open(person, news)]
    if people:
        yield Word(
            people,
            wording=rule.wording,
            words=facts(rule.wording, news),
            about=About(
                news.event.subject_kind, news.subject.pk, "" if rule.leaving else link_of(news.subject)
            ),
            source=f"event:{news.event.pk}",
            urgent=news.case is not None and news.case.limit_kind == URGENT_LIMIT,
            confidential=secret,
            many=Many(rule.many[0], reverse(rule.many[1])) if rule.many else None,
        )


def _may_open(person: Account, news: News) -> bool:
    if isinstance(news.subject, Case):
        return permissions.may_see_case(person, news.subject)
    return permissions.may_see_report(person, news.subject)


def _is_confidential(news: News) -> bool:
    return getattr(news.subject, "confidential", False) or getattr(news.case, "confidential", False)


def link_of(subject: Report | Case) -> str:
    """The path of the page of a matter, for colleagues."""
    kind = "case" if isinstance(subject, Case) else "report"
    return reverse(f"cases:{kind}", args=[subject.number])


def facts(wording: str, news: News) -> dict[str, Any]:
    """What the gaps of a wording hold for this matter; names in both languages, moments as ISO text."""
    return {gap: _fact(gap, news) for gap in all_wordings()[wording].gaps}


def _fact(gap: str, news: News) -> Any:
    subject = news.subject
    if gap == "number":
        return str(subject.number)
    if gap == "kind":
        return both_languages(subject)
    if gap == "place":
        return subject.current_grid.name
    if gap == "unit":
        unit = news.case.unit if news.case else None
        return str(news.data.get("unit") or (unit.name if unit else "–"))
    due = subject.due_at
    return due.isoformat() if due else ""


def both_languages(subject: Report | Case) -> dict[str, str]:
    """What kind of matter it is, for readers of either language."""
    matter = subject.matter
    return {"zh": matter.name, "en": matter.name_en} if matter else _both(_("Matter without a class"))


def _both(words: Promise) -> dict[str, str]:
    said = {}
    for short, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            said[short] = str(words)
    return said


# -- Reporters ----------------------------------------------------------------------------------------------


def outsider_of(contact: ReporterContact) -> Outsider:
    """A reporter as the channels know them."""
    return outsider_named(contact.report_id, sms=contact.phone, email=contact.email)


def outsider_named(report_id: UUID, **addresses: str) -> Outsider:
    """A reporter by the name that the channels know, whatever addresses are left."""
    return Outsider(f"report:{report_id}", addresses)


def _reaches_reporters() -> bool:
    """Tell whether a channel is in use by which people outside are reached; nothing is read for them while none is."""
    return not channels.usable().keys().isdisjoint({"sms", "email"})


def _tell_reporters(news: News, wording: str, at: datetime) -> None:
    """Each reporter by the contact they left, with a link of their own."""
    for contact in _contacts(news):
        told = (
            "reporter_news"
            if _is_confidential(news) or getattr(contact.report, "confidential", False)
            else wording
        )
        gaps = all_wordings()[told].gaps
        notifications.tell_outside(
            outsider_of(contact),
            wording=told,
            words={gap: contact.report.number if gap == "number" else _fact(gap, news) for gap in gaps},
            link=follow_link(contact.report_id, at=at),
            subject_id=contact.report_id,
            source=f"event:{news.event.pk}",
            at=at,
        )


def _contacts(news: News) -> Iterable[ReporterContact]:
    known = ReporterContact.objects.select_related("report")
    if isinstance(news.subject, Report):
        return known.filter(report=news.subject)
    return known.filter(report__case=news.subject)
