"""Steps on a case, from dispatch to closing and reopening."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account, Unit
from wangge.attachments.models import Attachment, Kind, Purpose
from wangge.cases import clocks, levels
from wangge.cases.actions.confidence import become_confidential
from wangge.cases.actions.ending import end_requests, end_work
from wangge.cases.actions.moving import Move, Position, go_on, require, taking
from wangge.cases.actions.reports import relocate
from wangge.cases.actions.requests import granted_limits, granted_to_unit
from wangge.cases.actions.units import add_helpers, demand_named, helps_open
from wangge.cases.conditions import quota, returns_since_filing
from wangge.cases.models import (
    Arbitration,
    Case,
    Clock,
    ClockKind,
    FilingCondition,
    Help,
    Quota,
    Rating,
    Reason,
    Recheck,
    Request,
)
from wangge.cases.returned import demand_words
from wangge.cases.workflow import (
    ACCEPT,
    CLOSE,
    COMMENT,
    CORRECT_CASE,
    DISPATCH,
    FAIL_CHECK,
    FINISH,
    PASS_CHECK,
    RECALL,
    REFUSE_REOPEN,
    REOPEN,
    REQUEST_CHECK,
    SEND_BACK,
    SKIP_CHECK,
    WITH_UNIT,
    Stage,
)
from wangge.common import rows
from wangge.common.refusals import Refused


def handling_limit(case: Case) -> clocks.LimitOf | None:
    """The limit frozen into the case at filing; a case taken over from another system may have none."""
    if case.limit_amount is None:
        return None
    return clocks.LimitOf(case.limit_kind, case.limit_amount)


def dispatch_case(
    case: Case,
    *,
    to: Unit,
    by: Account | None,
    at: datetime | None = None,
    note: str = "",
    why: str = "",
    helpers: Sequence[Unit] = (),
    seen: int | None = None,
) -> None:
    """Send a case to the unit that is to handle it; the handling clock starts now, not when the unit accepts.

    After a send-back the next unit gets the full limit; to whoever sent it back it goes again only with a `note` that
    says why. `why` says which row of the duty list named the unit; `helpers` are units that help the lead unit.
    """
    require(to, _("Choose the unit that is to handle it."), "unit")
    with taking(DISPATCH, case, by=by, at=at, note=note, seen=seen) as move:
        demand_words(move.subject, to, note)
        send_out(move, to, why=why)
        if helpers:
            add_helpers(move, helpers, note)


def send_out(move: Move[Case], to: Unit, *, why: str) -> None:
    """Give a case to a unit: its clocks start; a confidential one goes only where a named handler works."""
    if to.closed_on is not None and to.closed_on <= timezone.localdate(move.at):
        raise Refused(_("%(unit)s no longer exists; choose another unit.") % {"unit": to.name}, field="unit")
    demand_named(move.subject, to)
    limit = handling_limit(move.subject)
    if limit is None:
        raise Refused(
            _("Choose class and filing condition first (“%(step)s”): they set the limit.")
            % {"step": CORRECT_CASE.label}
        )
    rows.delete(Help, case=move.subject.pk, unit=to.pk)  # the lead does not help itself
    move.subject.unit = to
    move.subject.dispatched_at = move.at
    limits = {ClockKind.SIGN_OFF: [clocks.stage_limit(ClockKind.SIGN_OFF)], ClockKind.HANDLE: [limit]}
    _sign_off, handle = clocks.start(move.subject, limits, move.at)
    move.judge_by(handle)
    move.data.update(unit=to.name, unit_code=to.code, why=why)


def recall_case(
    case: Case, *, note: str, by: Account | None, at: datetime | None = None, seen: int | None = None
) -> None:
    """Take a dispatch back before the unit accepts; the time counts to nobody."""
    with taking(RECALL, case, by=by, at=at, note=note, seen=seen) as move:
        move.data["unit"] = move.subject.unit.name if move.subject.unit else ""
        move.subject.ruled_at = None
        _back_to_filed(move)


def accept_case(
    case: Case, *, by: Account | None, at: datetime | None = None, seen: int | None = None
) -> None:
    """The unit signs for the case; no clock starts or stops but the one for signing."""
    with taking(ACCEPT, case, by=by, at=at, seen=seen) as move:
        move.subject.accepted_at = move.at
        move.subject.handler = by


def send_back_case(
    case: Case,
    *,
    reason: Reason,
    note: str,
    by: Account | None,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """The unit says the case is not its own, with a reason and, where the reason asks, the legal basis."""
    require(reason, _("Choose the reason for sending back."), "reason")
    with taking(SEND_BACK, case, by=by, at=at, note=note, seen=seen) as move:
        unit = move.subject.unit
        move.data.update(
            reason=reason.code, unit=unit.name if unit else "", unit_code=unit.code if unit else ""
        )
        if returns_since_filing(move.subject) + 1 >= quota(Quota.Code.RETURNS):
            _open_arbitration(move)
        else:
            _back_to_filed(move)


def _open_arbitration(move: Move[Case]) -> None:
    """Let the desk one level up rule whose case it is, within its own short limit; at the top the same desk rules."""
    case = move.subject
    end_work(move)
    Arbitration.objects.create(case=case, opened_at=move.at, held_path=case.held_path)
    above = levels.centre_above(case.held_path, timezone.localdate(move.at))
    case.held_path = above.path if above else case.held_path
    case.unit = case.handler = case.accepted_at = None
    move.to = Stage.ARBITRATING
    move.judge_by(move.start(ClockKind.ARBITRATE))


def _back_to_filed(move: Move[Case]) -> None:
    end_work(move)
    move.subject.unit = move.subject.handler = move.subject.accepted_at = None
    move.judge_by(move.start(ClockKind.DISPATCH))


def finish_case(
    case: Case, *, result: str, by: Account | None, at: datetime | None = None, seen: int | None = None
) -> None:
    """The unit reports the result; the handling clock stops and a check by another person is asked for."""
    with taking(FINISH, case, by=by, at=at, note=result, seen=seen) as move:
        if move.subject.needs_after_photo and not _has_after_photo(move.subject):
            raise Refused(_("This class needs a photo of the result: please add one."), field="photos")
        if waiting := helps_open(move.subject):
            raise Refused(
                _("%(units)s has not done its part yet; the case is finished when all have.")
                % {"units": "、".join(waiting)}
            )
        end_requests(move, Request.Kind.EXTEND, Request.Kind.SUSPEND)
        move.subject.result = result
        move.subject.finished_at = move.at
        move.subject.handler = by
        if is_drawn(move.subject.pk, move.subject.event_seq + 1, move.subject.check_percent):
            go_on(move, REQUEST_CHECK)
            move.judge_by(move.start(ClockKind.CHECK))
        else:
            go_on(move, SKIP_CHECK)
            move.judge_by(None)
            _close_by_itself(move)


def is_drawn(key: UUID, seq: int, percent: int) -> bool:
    """Draw a sample that nobody can foresee and everybody can recompute: by the case and the place in its chain."""
    draw = int.from_bytes(sha256(f"{key}|{seq}".encode()).digest()[:4], "big")
    return draw * 100 < percent * 2**32


def _close_by_itself(move: Move[Case]) -> None:
    """Close a case whose class allows it; what the unit reported is the answer."""
    if move.subject.auto_close:
        go_on(move, CLOSE, note=move.subject.result)
        _close(move, move.subject.result)


def _has_after_photo(case: Case) -> bool:
    """A rework needs a photo of its own: one added since the unit last accepted or failed a check."""
    return _has_photo(case, Purpose.AFTER, ClockKind.HANDLE)


def _has_check_photo(case: Case) -> bool:
    """Each check needs a photo of its own."""
    return _has_photo(case, Purpose.CHECK, ClockKind.CHECK)


def _has_photo(case: Case, purpose: Purpose, kind: ClockKind) -> bool:
    """Tell whether there is such a photo added since the last clock of a kind started."""
    since = Clock.objects.filter(case=case, kind=kind).order_by("-started_at").first()
    photos = Attachment.objects.filter(
        subject_kind="case", subject_id=case.pk, purpose=purpose, kind=Kind.PHOTO
    )
    return photos.filter(uploaded_at__gte=since.started_at).exists() if since else photos.exists()


def request_check(case: Case, *, by: Account | None, at: datetime | None = None) -> None:
    """Ask for a check on the spot; fieldwork listens and makes the task."""
    with taking(REQUEST_CHECK, case, by=by, at=at) as move:
        move.judge_by(move.start(ClockKind.CHECK))


def pass_check(
    case: Case,
    *,
    by: Account | None,
    at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
    position: Position | None = None,
    device_at: datetime | None = None,
) -> None:
    """Somebody other than the handler saw that it is mended: words, a photo or the device's position say so.

    The position is optional, since a station may check from its desk. Raises Refused (field `note`) without any of the
    three. Photos are attached before, with the purpose `check`.
    """
    with taking(PASS_CHECK, case, by=by, at=at, note=note, seen=seen) as move:
        if not (note.strip() or position or _has_check_photo(move.subject)):
            raise Refused(_("Please say what you found, or add a photo."), field="note")
        move.stood_at(position, device_at)
        _demand_another_person(move)
        move.judge_by(None)
        _close_by_itself(move)


def fail_check(
    case: Case,
    *,
    note: str,
    by: Account | None,
    at: datetime | None = None,
    seen: int | None = None,
    position: Position | None = None,
    device_at: datetime | None = None,
) -> None:
    """It is not mended: back to the unit, with what is left of its limit, at least a quarter.

    Raises Refused without words (field `note`) or without a photo that shows it (field `photos`); photos are attached
    before, with the purpose `check`. The device's position is optional, since a station may check from its desk.
    """
    with taking(FAIL_CHECK, case, by=by, at=at, note=note, seen=seen) as move:
        if not _has_check_photo(move.subject):
            raise Refused(_("Please add a photo that shows what is not mended."), field="photos")
        move.stood_at(position, device_at)
        _demand_another_person(move)
        move.judge_by(_clock_of_rework(move))
        move.data["result"] = move.subject.result
        move.subject.finished_at, move.subject.reworked_at = None, move.at


def _clock_of_rework(move: Move[Case]) -> Clock | None:
    """What is left of the limit; work taken over without a due moment has the whole limit, or none to be judged by."""
    stopped = Clock.objects.filter(case=move.subject, kind=ClockKind.HANDLE).order_by("-started_at").first()
    if stopped is not None:
        return clocks.restart_for_rework(move.subject, stopped, move.at)
    limit = handling_limit(move.subject)
    return move.start(ClockKind.HANDLE, limit) if limit else None


def _demand_another_person(move: Move[Case]) -> None:
    if move.by is not None and move.by.pk == move.subject.handler_id:
        raise Refused(_("You handled this case yourself; somebody else has to check it."))


def close_case(
    case: Case, *, answer: str, by: Account | None, at: datetime | None = None, seen: int | None = None
) -> None:
    """Close a case with the answer its reporters are told; they can rate from now on."""
    with taking(CLOSE, case, by=by, at=at, note=answer, seen=seen) as move:
        _close(move, answer)


def _close(move: Move[Case], answer: str) -> None:
    end_requests(move, *Request.Kind)
    move.subject.answer = answer
    move.subject.closed_at = move.at
    move.judge_by(None)


def reopen_case(
    case: Case, *, note: str, by: Account | None, at: datetime | None = None, seen: int | None = None
) -> None:
    """Open a closed case again: both clocks start anew.

    The whole-case clock of a case without a limit (taken over from another system) waits for its filing condition.
    """
    with taking(REOPEN, case, by=by, at=at, note=note, seen=seen) as move:
        move.subject.closed_at = move.subject.finished_at = move.subject.ruled_at = None
        move.subject.settled = False
        move.subject.urged_at, move.subject.reworked_at = None, move.at
        Recheck.objects.filter(case=move.subject, done_at=None).delete()
        _back_to_filed(move)
        move.subject.whole_due_at = move.subject.whole_amber_at = None
        if limit := handling_limit(move.subject):
            _start_whole(move.subject, limit, move.at)


def _start_whole(case: Case, limit: clocks.LimitOf, at: datetime) -> None:
    [whole] = clocks.start(case, {ClockKind.WHOLE: clocks.whole_limits(limit)}, at)
    case.whole_due_at, case.whole_amber_at = whole.due_at, whole.amber_at


def correct_case(
    case: Case,
    *,
    by: Account | None,
    at: datetime | None = None,
    condition: FilingCondition | None = None,
    point: tuple[float, float] | None = None,
    address: str | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Correct class, condition or place; a new condition's limit counts from filing (or from dispatch)."""
    with taking(CORRECT_CASE, case, by=by, at=at, note=note, seen=seen) as move:
        changes = move.data.setdefault("changes", {})
        if condition is not None and condition.pk != move.subject.condition_id:
            changes["class"] = [move.subject.matter.code, condition.matter.code]
            changes["condition"] = [move.subject.condition_text, condition.text]
            _freeze(move, condition)
        relocate(move.subject, changes, point=point, address=address)
        require(changes, _("Nothing was changed."), "condition")


def _freeze(move: Move[Case], condition: FilingCondition) -> None:
    case = move.subject
    case.matter, case.condition = condition.matter, condition
    if condition.matter.confidential:
        become_confidential(case)
    case.condition_text, case.condition_text_en = condition.text, condition.text_en
    case.closing_text, case.closing_text_en = condition.closing, condition.closing_en
    case.limit_kind, case.limit_amount = condition.limit_kind, condition.limit_amount
    case.needs_after_photo = condition.after_photo
    case.auto_close, case.check_percent = condition.auto_close, condition.check_percent
    limit = clocks.LimitOf(condition.limit_kind, condition.limit_amount)
    running = clocks.running(case)
    if handle := running.get(ClockKind.HANDLE):
        clocks.replace_limits(handle, [limit, *granted_to_unit(case)])
        if case.stage in WITH_UNIT:
            move.judge_by(handle)
    if whole := running.get(ClockKind.WHOLE):
        clocks.replace_limits(whole, [*clocks.whole_limits(limit), *granted_limits(case)])
        case.whole_due_at, case.whole_amber_at = whole.due_at, whole.amber_at
    elif dispatch := running.get(ClockKind.DISPATCH):
        _start_whole(case, limit, dispatch.started_at)  # it had no limit when it was filed again


def refuse_reopening(
    case: Case, *, note: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> None:
    """Say that a person has looked at “not solved” and the case stays closed; the reporter reads why."""
    with taking(REFUSE_REOPEN, case, by=by, at=at, note=note, seen=seen) as move:
        Rating.objects.filter(report__case=move.subject, solved=False).update(reviewed_at=move.at)
        Recheck.objects.filter(case=move.subject, passed=False).update(reviewed_at=move.at)


def comment_case(case: Case, *, note: str, by: Account | None, at: datetime | None = None) -> None:
    """Add words to the timeline; a comment never moves a clock."""
    with taking(COMMENT, case, by=by, at=at, note=note):
        pass
