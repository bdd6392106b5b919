"""Who is meant by "the unit", "the dispatchers", "the duty chief" of one matter on one day."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from wangge.accounts.models import Account, Role, Unit
from wangge.audit.models import Event
from wangge.cases.models import Case, Report
from wangge.cases.workflow import UNIT_ROLES
from wangge.territory.models import Post

Subject = Report | Case


def _in_force() -> Q:
    today = timezone.localdate()
    return Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gt=today))


def people_of_unit(unit_id: int | None) -> list[Account]:
    """The clerks and leads of a unit."""
    if unit_id is None:
        return []
    posts = Post.objects.filter(_in_force(), role__in=UNIT_ROLES, account__unit_id=unit_id)
    return list(Account.objects.filter(is_active=True, pk__in=posts.values("account_id")))


def people_of_units(codes: Iterable[str]) -> list[Account]:
    """The clerks and leads of several units."""
    units = Unit.objects.filter(code__in=list(codes)).values_list("pk", flat=True)
    return [person for unit in units for person in people_of_unit(unit)]


def desk(subject: Subject, *roles: Role) -> list[Account]:
    """Whoever holds one of these posts at the nearest desk: of the area itself, else of the nearest one around it."""
    path = getattr(subject, "held_path", "") or subject.area_path
    around = [int(part) for part in path.strip("/").split("/") if part]
    posts = Post.objects.filter(_in_force(), role__in=roles, area_id__in=around, account__is_active=True)
    found = list(posts.values_list("account_id", "area__path"))
    nearest = max((len(path) for _account, path in found), default=0)
    return list(Account.objects.filter(pk__in=[pk for pk, path in found if len(path) == nearest]))


def last_unit(event: Event) -> list[Account]:
    """The people of the unit to which the matter had been dispatched before this event."""
    before = Event.objects.filter(
        subject_id=event.subject_id, seq__lt=event.seq, verb__in=["dispatch", "arbitrate", "forward"]
    )
    last = before.select_related("payload").order_by("-seq").first()
    payload = getattr(last, "payload", None)
    return people_of_units([str(payload.data.get("unit_code", ""))]) if payload else []


def who_took(event: Event, *verbs: str) -> list[Account]:
    """Whoever took the last of these steps before this event."""
    before = Event.objects.filter(subject_id=event.subject_id, seq__lt=event.seq, verb__in=verbs)
    last = before.select_related("actor").order_by("-seq").first()
    return [last.actor] if last and last.actor else []


def named_handlers(subject: Subject) -> list[Account]:
    """Those whom a confidential matter names."""
    named = getattr(subject, "named_handlers", None)
    return list(Account.objects.filter(pk__in=named.values("account_id"))) if named is not None else []
