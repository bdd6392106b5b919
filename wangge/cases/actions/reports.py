"""Steps on a report, from the desk's first look to the case it is filed under."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.audit.actions import record
from wangge.cases import clocks, levels
from wangge.cases.actions.confidence import become_confidential, hand_over_names
from wangge.cases.actions.moving import Position, require, taking
from wangge.cases.actions.publishing import let_public_read
from wangge.cases.models import (
    Case,
    ClockKind,
    Exclusion,
    FilingCondition,
    MatterClass,
    Rating,
    Report,
)
from wangge.cases.workflow import (
    ANSWER,
    CORRECT_REPORT,
    DECLINE,
    FILE,
    FIND,
    JOIN,
    OPEN_CASE,
    RATE,
    VERIFY,
    VOID_REPORT,
    Stage,
)
from wangge.common import rows
from wangge.common.refusals import Refused
from wangge.common.statements import prepared
from wangge.common.words import demand_short
from wangge.territory import lookup
from wangge.territory.cells import cell

RATING_DAYS = 14


def ask_to_verify(
    report: Report, *, by: Account | None, at: datetime | None = None, note: str = "", seen: int | None = None
) -> None:
    """Ask the grid's worker to look on the spot before filing."""
    with taking(VERIFY, report, by=by, at=at, note=note, seen=seen) as move:
        move.judge_by(move.start(ClockKind.VERIFY))


def report_finding(
    report: Report,
    *,
    confirmed: bool,
    by: Account | None,
    at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
    position: Position | None = None,
    device_at: datetime | None = None,
) -> None:
    """Say what was found on the spot; the desk decides what follows. Raises Refused when refuted without a word why."""
    with taking(FIND, report, by=by, at=at, note=note, seen=seen) as move:
        if not confirmed and not note.strip():
            raise Refused(
                _("Please say what you found instead; the desk will tell the reporter."), field="note"
            )
        move.stood_at(position, device_at)
        move.subject.finding = "confirmed" if confirmed else "refuted"
        move.data["finding"] = move.subject.finding
        move.judge_by(move.start(ClockKind.FILE))


def answer_report(
    report: Report, *, answer: str, by: Account | None, at: datetime | None = None, seen: int | None = None
) -> None:
    """Answer a question at once, without a case."""
    with taking(ANSWER, report, by=by, at=at, note=answer, seen=seen) as move:
        move.subject.answer = answer
        move.subject.ended_at = move.at


def decline_report(
    report: Report,
    *,
    reason: Exclusion,
    by: Account | None,
    at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Decline a report on a ground of the exclusion list; everybody may read the ground and whom to turn to.

    The note is for the reporter alone and stays in the event.
    """
    with taking(DECLINE, report, by=by, at=at, note=note, seen=seen) as move:
        move.subject.answer = "\n".join(filter(None, [reason.text, reason.advice]))
        move.subject.ended_at = move.at
        move.data["reason"] = reason.code


def join_report(
    report: Report,
    *,
    case: Case,
    by: Account | None,
    at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Point a report at a case that already works on the same matter; nothing is merged away."""
    with taking(JOIN, report, by=by, at=at, note=note, seen=seen) as move:
        fresh = rows.lock(Case, case.pk)  # after the report: nobody locks them the other way round
        if fresh.confidential != move.subject.confidential:
            raise Refused(_("A confidential report is joined only to a confidential case."), "case")
        if fresh.stage not in OPEN_CASE:
            raise Refused(
                _("Case %(number)s is closed; file this report anew.") % {"number": case.number}, "case"
            )
        move.subject.case = fresh
        move.data["case"] = fresh.number


def file_report(
    report: Report,
    *,
    condition: FilingCondition,
    by: Account | None,
    at: datetime | None = None,
    note: str = "",
    publish_text: str | None = None,
    seen: int | None = None,
) -> Case:
    """File a report: make the case, freeze the filing condition into it, start the whole-case clock.

    `publish_text` is what the public may read of the description, after a person has looked at it; empty: nothing.
    """
    require(condition, _("Choose a filing condition: it sets the limit and the unit."), "condition")
    demand_short(publish_text or "", "publish_text")
    with taking(FILE, report, by=by, at=at, note=note, seen=seen) as move:
        if condition.matter.confidential:
            become_confidential(move.subject)
        case = new_case(move.subject, condition, move.at, by=by)
        handling = clocks.LimitOf(condition.limit_kind, condition.limit_amount)
        limits = {
            ClockKind.DISPATCH: [clocks.stage_limit(ClockKind.DISPATCH)],
            ClockKind.WHOLE: clocks.whole_limits(handling),
        }
        dispatch_clock, whole = clocks.start(case, limits, move.at)
        case.due_at, case.amber_at = dispatch_clock.due_at, dispatch_clock.amber_at
        case.whole_due_at, case.whole_amber_at = whole.due_at, whole.amber_at
        data = {"report": move.subject.number, "class": condition.matter.code, "condition": condition.text}
        record(
            case,
            kind="case",
            verb=FILE.verb,
            at=move.at,
            by=by,
            to_stage=Stage.FILED,
            data={**data, "note": note},
        )
        rows.insert(case)  # once, with its clocks and its first event; foreign keys are asked at the end
        if case.confidential:
            hand_over_names(move.subject, case)
        move.subject.case = case
        move.subject.matter = condition.matter
        move.data.update(data, case=case.number)
        if publish_text is not None and not case.confidential:
            let_public_read(move, publish_text.strip())
    return case


def new_case(report: Report, condition: FilingCondition, at: datetime, *, by: Account | None) -> Case:
    """A case of this report with the filing condition frozen into it, not yet stored."""
    number, config_version = _next_number(at)
    return Case(
        number=number,
        config_version=config_version,
        matter=condition.matter,
        condition=condition,
        condition_text=condition.text,
        condition_text_en=condition.text_en,
        closing_text=condition.closing,
        closing_text_en=condition.closing_en,
        limit_kind=condition.limit_kind,
        limit_amount=condition.limit_amount,
        needs_after_photo=condition.after_photo,
        auto_close=condition.auto_close,
        check_percent=condition.check_percent,
        confidential=report.confidential,
        held_path=levels.holding_path(report.area_path, by),
        lon=report.lon,
        lat=report.lat,
        cell=report.cell,
        address=report.address,
        grid_id=report.grid_id,
        unit_grid_id=report.unit_grid_id,
        current_grid_id=report.current_grid_id,
        area_path=report.area_path,
        filed_at=at,
        updated_at=at,
    )


def _next_number(at: datetime) -> tuple[str, int | None]:
    """Take the next readable number (year of filing, running number; gaps are fine) and the configuration's version."""
    with prepared() as cursor:
        cursor.execute("SELECT nextval('case_number'), (SELECT max(number) FROM cases_configversion)")
        running, version = cursor.fetchone()
    return f"{timezone.localtime(at).year}-{running:07d}", version


def void_report(
    report: Report, *, reason: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> None:
    """Declare a report void that is none: a test, a slip, abuse."""
    with taking(VOID_REPORT, report, by=by, at=at, note=reason, seen=seen) as move:
        move.subject.answer = reason
        move.subject.ended_at = move.at


def correct_report(
    report: Report,
    *,
    by: Account | None,
    at: datetime | None = None,
    matter: MatterClass | None = None,
    point: tuple[float, float] | None = None,
    address: str | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Correct class or place; old and new are kept in the event. Point: (lon, lat), WGS84 degrees."""
    with taking(CORRECT_REPORT, report, by=by, at=at, note=note, seen=seen) as move:
        changes = move.data.setdefault("changes", {})
        if matter is not None and matter.pk != move.subject.matter_id:
            old = move.subject.matter.code if move.subject.matter else ""
            changes["class"] = [old, matter.code]
            move.subject.matter = matter
            if matter.confidential:
                become_confidential(move.subject)
        relocate(move.subject, changes, point=point, address=address)
        require(changes, _("Nothing was changed."), "matter")


def relocate(
    subject: Report | Case,
    changes: dict[str, list[object]],
    *,
    point: tuple[float, float] | None,
    address: str | None,
) -> None:
    """Move a report or case to another place and note old and new in `changes`."""
    if address is not None and address != subject.address:
        changes["address"] = [subject.address, address]
        subject.address = address
    if point is None or point == (subject.lon, subject.lat):
        return
    located = lookup.place(*point)
    changes["place"] = [[subject.lon, subject.lat], list(point)]
    subject.lon, subject.lat = point
    subject.cell = cell(*point)
    subject.grid_id, subject.unit_grid_id = located.grid_id, located.unit_grid_id
    subject.current_grid_id, subject.area_path = located.area_id, located.path
    if isinstance(subject, Report):
        subject.locating = located.how
    elif not subject.area_path.startswith(subject.held_path):
        subject.held_path = subject.area_path  # moved out of the holder's area: any desk around it may go on


def rate_report(
    report: Report,
    *,
    solved: bool,
    result: int,
    attitude: int,
    words: str = "",
    at: datetime | None = None,
) -> None:
    """Take the reporter's rating of the result: within 14 days, once; of a new result once more, and the last one counts."""
    moment = at or timezone.now()
    demand_short(words, "words")
    with taking(RATE, report, by=None, at=moment) as move:
        ended = move.subject.case.closed_at if move.subject.case else move.subject.ended_at
        if ended is None:
            raise Refused(_("You can rate when the matter is closed; we will show you here."))
        if moment > ended + timedelta(days=RATING_DAYS):
            raise Refused(
                _("The time for rating has passed: it is open for %(days)d days.") % {"days": RATING_DAYS}
            )
        if Rating.objects.filter(report=move.subject, at__gte=ended).exists():
            raise Refused(_("You have rated this matter already. Thank you."))
        said = {"solved": solved, "result": result, "attitude": attitude, "words": words, "at": moment}
        Rating.objects.update_or_create(report=move.subject, defaults={**said, "reviewed_at": None})
        move.data.update(solved=solved, result=result, attitude=attitude)
