"""Supervision orders (督办): somebody above wants to know by a moment what is being done; several may run."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.cases import clocks
from wangge.cases.actions.moving import taking
from wangge.cases.models import Case, SupervisionOrder
from wangge.cases.workflow import END_SUPERVISION, REPLY_SUPERVISION, SUPERVISE
from wangge.common.refusals import Refused
from wangge.territory.scopes import scope_of

LONGEST_REPLY = timedelta(days=366)
REPLY = "reply"  # the stage limit of replies


def supervise(
    case: Case,
    *,
    words: str,
    by: Account,
    at: datetime | None = None,
    reply_due_at: datetime | None = None,
    seen: int | None = None,
) -> SupervisionOrder:
    """Give a supervision order; without a moment of its own the reply is due by the centre's limit. No clock moves."""
    with taking(SUPERVISE, case, by=by, at=at, note=words, seen=seen) as move:
        limit = clocks.stage_limit(REPLY)
        computed = _computed(move.subject, move.at)
        due = reply_due_at or computed.due_at
        if not move.at < due <= move.at + LONGEST_REPLY:
            raise Refused(_("The reply must be due in the future, within a year."), field="reply_due_at")
        order = SupervisionOrder.objects.create(
            case=move.subject,
            given_at=move.at,
            given_by=by,
            words=words,
            reply_due_at=due,
            # A moment that the supervisor named stays whatever becomes of the calendar.
            calendar_id=None if reply_due_at else computed.calendar_id,
            limits=[] if reply_due_at else [[limit.kind, str(limit.amount)]],
        )
        move.data.update(order=order.pk, due=due.isoformat())
    return order


def default_reply_due(case: Case, at: datetime) -> datetime:
    """When a reply is due unless the order says otherwise: by the centre's limit, in working time."""
    return _computed(case, at).due_at


def _computed(case: Case, at: datetime) -> clocks.Moments:
    calendar = clocks.calendar_for(case.area_path)
    return clocks.compute(calendar, [clocks.stage_limit(REPLY)], at)


def reply_to_order(
    case: Case,
    *,
    order: SupervisionOrder,
    reply: str,
    by: Account,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """Answer a supervision order; in time or late is what its moments say."""
    with taking(REPLY_SUPERVISION, case, by=by, at=at, note=reply, seen=seen) as move:
        own = _open(move.subject, order)
        if own.replied_at is not None:
            raise Refused(_("This order has been replied to already."), field="order")
        own.replied_at, own.replied_by, own.reply = move.at, by, reply
        own.save(update_fields=["replied_at", "replied_by", "reply"])
        move.data["order"] = own.pk


def end_order(
    case: Case,
    *,
    order: SupervisionOrder,
    by: Account,
    at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """End a supervision order: whoever gave it, or somebody with the same post, is satisfied."""
    with taking(END_SUPERVISION, case, by=by, at=at, note=note, seen=seen) as move:
        own = _open(move.subject, order)
        if not _stands_beside(by, own):
            raise Refused(_("Whoever gave this order, or somebody above, ends it."), field="order")
        own.ended_at, own.ended_by = move.at, by
        own.save(update_fields=["ended_at", "ended_by"])
        move.data["order"] = own.pk


def _stands_beside(by: Account, order: SupervisionOrder) -> bool:
    """Tell whether somebody gave an order, or supervises from the same level or above."""
    path = order.case.area_path
    giver, own = (
        [r.path for r in scope_of(one).reaches if r.role in SUPERVISE.roles and path.startswith(r.path)]
        for one in (order.given_by, by)
    )
    return by == order.given_by or min(map(len, own), default=999) <= min(map(len, giver), default=999)


def _open(case: Case, order: SupervisionOrder) -> SupervisionOrder:
    own = SupervisionOrder.objects.select_for_update().filter(case=case, pk=order.pk).first()
    if own is None:
        raise Refused(_("There is no such order for this case."), field="order")
    if own.ended_at is not None:
        raise Refused(_("This order has been ended."), field="order")
    return own
