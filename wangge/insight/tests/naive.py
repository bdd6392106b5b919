"""Facts told again the slow way, event by event: what the statements must agree with."""

from collections import Counter
from datetime import datetime
from typing import Any

from wangge.accounts.models import Unit
from wangge.audit.models import Event
from wangge.cases.models import Case, Clock, Rating, Report
from wangge.insight.facts import ends
from wangge.insight.models import FactKind, StageFact
from wangge.territory.models import Area, UnitArea

Told = dict[str, Any]
FIELDS = tuple(field.attname for field in StageFact._meta.concrete_fields if field.attname != "id")
NOTHING: Told = {
    **dict.fromkeys(FIELDS),
    "outcome": "", "channel": "", "confirmed": False, "level": "",
    **dict.fromkeys(
        ("reworks", "returns", "extensions", "suspensions", "urgings", "supervisions", "escalations"), 0
    ),
}  # fmt: skip
COUNTED = {
    "fail_check": "reworks", "send_back": "returns", "extend": "extensions", "suspend": "suspensions",
    "supervise": "supervisions", "escalate": "escalations",
}  # fmt: skip


def stored() -> list[Told]:
    """What is in the table, without its keys, in an order of its own."""
    return _sorted(StageFact.objects.values(*FIELDS))


def retold() -> list[Told]:
    """What the events and clocks of everything say."""
    facts: list[Told] = []
    for case in Case.objects.all():
        facts += [*_clocks(case), *_whole_case(case)]
    for report in Report.objects.all():
        facts += [*_clocks(report), *_whole_report(report)]
    return _sorted(facts)


def _sorted(facts: Any) -> list[Told]:
    return sorted(
        facts, key=lambda fact: (str(fact["case_id"] or fact["report_id"]), fact["kind"], fact["ordinal"])
    )


def _path(subject: Report | Case) -> str:
    return subject.grid.path if subject.grid else subject.area_path


def _line(subject: Report | Case) -> list[Event]:
    return list(Event.objects.filter(subject_id=subject.pk).select_related("payload").order_by("seq"))


def _last_unit(line: list[Event], before: int, default: int | None) -> int | None:
    """Whose the case was before the place `before` in its chain."""
    unit = default
    for event in line:
        if event.seq >= before:
            break
        if event.verb in ends.TAKES_FROM_UNIT:
            unit = None
        elif event.verb in ends.GIVES_TO_UNIT:
            code = event.payload.data.get("unit_code")
            unit = Unit.objects.get(code=code).pk if code else default
    return unit


def _clocks(subject: Report | Case) -> list[Told]:
    line, of_case = _line(subject), isinstance(subject, Case)
    mine = {"case_id": subject.pk} if of_case else {"report_id": subject.pk}
    seen: Counter[str] = Counter()
    facts = []
    for clock in Clock.objects.filter(**mine).order_by("started_at", "pk"):
        if of_case and clock.kind == "whole":
            continue
        seen[clock.kind] += 1
        then = [event for event in line if event.at == clock.stopped_at]
        well = [event for event in then if event.verb in ends.DONE[FactKind(clock.kind)]]
        end = next(iter(well or then), None)
        fact = {
            **NOTHING, **mine, "kind": clock.kind, "ordinal": seen[clock.kind], "area_path": _path(subject),
            "ended_by_id": end.actor_id if end else None, "started_at": clock.started_at, "due_at": clock.due_at,
            "ended_at": clock.stopped_at, "outcome": end.verb if end else "",
            "in_time": clock.stopped_at <= clock.due_at if clock.stopped_at else None,
        }  # fmt: skip
        if isinstance(subject, Case):
            fact |= _of_case_clock(subject, clock, line, end)
        else:
            fact |= {"channel": subject.channel, "confirmed": subject.finding == "confirmed"}
        facts.append(fact)
    return facts


def _of_case_clock(case: Case, clock: Clock, line: list[Event], end: Event | None) -> Told:
    more: Told = {}
    if clock.kind in ("sign_off", "handle", "check"):
        more["unit_id"] = _last_unit(line, end.seq if end else 10**6, case.unit_id)
    elif clock.kind not in ("dispatch", "arbitrate"):
        more["unit_id"] = case.unit_id
    if clock.kind == "dispatch" and end and end.verb == "dispatch":
        stops = {"finish", "dispatch", *ends.TAKES_FROM_UNIT, *ends.ENDS_CASE}
        after = [event.verb for event in line if event.seq > end.seq and event.verb in stops]
        more["returns"] = int(after[:1] == ["send_back"])
    if clock.kind == "handle":
        until = clock.stopped_at or datetime.max.replace(tzinfo=clock.started_at.tzinfo)
        more["extensions"] = sum(e.verb == "extend" and clock.started_at <= e.at <= until for e in line)
    return more


def _whole_case(case: Case) -> list[Told]:
    line = _line(case)
    begins = [number for number, event in enumerate(line) if event.verb in ends.OPENS_CASE]
    reports = list(Report.objects.filter(case=case).order_by("received_at", "pk"))
    opener = next((e for e in line if e.verb in ends.BEGINS_CASE), None)
    number = opener.payload.data.get("report") if opener else None
    reports = [*Report.objects.filter(number=number or 0), *reports]
    urged = [e.at for report in case.reports.all() for e in _line(report) if e.verb == "urge"]
    facts = []
    for ordinal, (start, upto) in enumerate(zip(begins, [*begins[1:], len(line)], strict=True), 1):
        run, first = line[start:upto], line[start]
        until = line[upto].at if upto < len(line) else None
        end = next((event for event in run if event.verb in ends.ENDS_CASE), None)
        clocks = [
            c for c in Clock.objects.filter(case=case, kind="whole").order_by("started_at")
            if c.started_at >= first.at and (until is None or c.started_at < until)
        ]  # fmt: skip
        due = clocks[-1].due_at if clocks else None
        unit = _last_unit(line, line[upto].seq if until else 10**6, case.unit_id)
        counted = Counter(COUNTED[event.verb] for event in run if event.verb in COUNTED)
        facts.append(
            {
                **NOTHING, **counted, "case_id": case.pk, "kind": "whole", "ordinal": ordinal, "unit_id": unit,
                "area_path": _path(case), "opened_by_id": first.actor_id, "ended_by_id": end.actor_id if end else None,
                "started_at": first.at, "due_at": due, "ended_at": end.at if end else None,
                "outcome": end.verb if end else "", "in_time": _in_time(end, due),
                "channel": reports[0].channel if reports else "",
                "confirmed": bool(reports) and reports[0].finding == "confirmed",
                "level": _level(case, line, end, unit),
                "urgings": sum(at >= first.at and (until is None or at < until) for at in urged),
            }
        )  # fmt: skip
    return facts


def _in_time(end: Event | None, due: datetime | None) -> bool | None:
    if end is None:
        return None
    if end.verb == "settle":
        return True
    return None if due is None else end.at <= due


def _level(case: Case, line: list[Event], end: Event | None, unit_id: int | None) -> str:
    if end is None or end.verb not in ends.DONE[FactKind.WHOLE]:
        return ""
    if end.verb == "settle":
        return "grid"
    unit = Unit.objects.filter(pk=unit_id).first() if unit_id else None
    if unit and unit.kind in ("station", "committee"):
        return "community"
    handed = [e for e in line if e.verb in ("hand_up", "hand_down") and e.seq < end.seq]
    if handed:
        return str(handed[-1].payload.data["to_level"])
    later = [e for e in line if e.verb in ("hand_up", "hand_down") and e.seq > end.seq]
    if later and later[0].payload.data["from_level"] not in ("", "grid", "micro"):
        return str(later[0].payload.data["from_level"])
    held = Area.objects.filter(path=case.held_path).exclude(level__in=["grid", "micro"]).first()
    if held:
        return held.level
    centres = Area.objects.filter(pk__in=UnitArea.objects.filter(unit__kind="centre").values("area_id"))
    around = [area for area in centres if case.area_path.startswith(area.path)]
    return max(around, key=lambda area: len(area.path)).level if around else ""


def _whole_report(report: Report) -> list[Told]:
    decided = None
    for event in _line(report):
        if event.verb in ends.UNDOES_DECISION:
            decided = None
        elif event.verb in ends.DECIDES_REPORT:
            decided = decided or event
    told = decided
    if report.case is not None:
        last = [e for e in _line(report.case) if e.verb in ("reopen", *ends.ENDS_CASE)][-1:]
        told = last[0] if last and last[0].verb != "reopen" else None
    looked = Clock.objects.filter(report=report, kind="accept").order_by("started_at", "pk").first()
    rating = Rating.objects.filter(report=report).first()
    common = {
        **NOTHING, "report_id": report.pk, "ordinal": 1, "unit_id": report.case.unit_id if report.case else None,
        "area_path": _path(report), "opened_by_id": report.received_by_id, "started_at": report.received_at,
        "channel": report.channel, "confirmed": report.finding == "confirmed",
        "urgings": sum(e.verb == "urge" for e in _line(report)),
    }  # fmt: skip
    return [
        common | {"kind": "report"} | _end(decided),
        common | {"kind": "reply"} | _end(told) | {
            "in_time": looked.stopped_at <= looked.due_at if looked and looked.stopped_at else None,
            "solved": rating.solved if rating else None,
            "result": rating.result if rating else None,
            "attitude": rating.attitude if rating else None,
        },
    ]  # fmt: skip


def _end(event: Event | None) -> Told:
    if event is None:
        return {"ended_at": None, "outcome": "", "ended_by_id": None}
    return {"ended_at": event.at, "outcome": event.verb, "ended_by_id": event.actor_id}
