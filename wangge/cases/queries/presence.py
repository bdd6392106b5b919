"""Who is looking at what now, and what moved since a page was drawn: cheap questions that open pages ask again and again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.cases import permissions
from wangge.cases.actions.presence import SILENT
from wangge.cases.models import Case, Presence, Report
from wangge.cases.queries.timeline import Entry, since, timeline
from wangge.common.digits import whole_number

MOST_NEWS = 4  # steps named when somebody moved a matter; the timeline has the rest


@dataclass(frozen=True)
class News:
    """What happened after a page was drawn: one sentence a step, and the stage reached."""

    lines: Sequence[str]
    stage: str


def seen_by(person: Account, kind: str, number: str) -> Report | Case | None:
    """Return a report or case without the names around it; None when there is none or it is not for this person."""
    if kind == "case":
        case = Case.objects.filter(number=number).first()
        return case if case and permissions.may_see_case(person, case) else None
    whole = whole_number(number)
    report = None if whole is None else Report.objects.select_related("case").filter(number=whole).first()
    return report if report and permissions.may_see_report(person, report) else None


def others_at(subject: Report | Case, person: Account, at: datetime) -> list[str]:
    """Names of the colleagues who have the same report or case open."""
    here = _present(at).filter(subject_id=subject.pk).exclude(account=person)
    return list(here.order_by("account__name", "pk").values_list("account__name", flat=True))


def _present(at: datetime) -> QuerySet[Presence]:
    return Presence.objects.filter(seen_at__gt=at - SILENT)


def at_rows(person: Account, at: datetime) -> Mapping[str, Sequence[str]]:
    """Who else has which matter open, of those this person may see: names by ``case/2026-0000123``."""
    names: dict[UUID, list[str]] = defaultdict(list)
    here = _present(at).exclude(account=person).order_by("account__name", "pk")
    for subject_id, name in here.values_list("subject_id", "account__name"):
        names[subject_id].append(name)
    if not names:
        return {}
    open_ones = Q(pk__in=list(names))
    cases = Case.objects.filter(open_ones, permissions.visible_cases(person)).values_list("pk", "number")
    reports = Report.objects.filter(open_ones, permissions.visible_reports(person)).values_list(
        "pk", "number"
    )
    return {f"case/{number}": names[pk] for pk, number in cases} | {
        f"report/{number}": names[pk] for pk, number in reports
    }


def looking(names: Sequence[str]) -> str:
    """Say who else is here."""
    if not names:
        return ""
    return _("%(names)s is looking at this now") % {"names": "、".join(names)}


def news_of(subject: Report | Case, seen: int) -> News | None:
    """Tell what somebody did to a report or case after the page with this sequence number was drawn."""
    if seen >= subject.event_seq:
        return None
    reports = [subject] if isinstance(subject, Report) else []
    entries = since(timeline(subject, reports, {}), seen, of_case=isinstance(subject, Case))
    return News([_line(entry) for entry in entries[-MOST_NEWS:]], str(subject.get_stage_display()))


def _line(entry: Entry) -> str:
    moment = timezone.localtime(entry.at).strftime("%m-%d %H:%M")
    return f"{moment} {entry.who} {entry.sentence}"
