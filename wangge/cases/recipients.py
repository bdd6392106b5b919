"""Who is meant by "the unit", "the dispatchers", "the duty chief" of one matter on one day."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from wangge.accounts.models import Account, Role, Unit
from wangge.audit.models import Event
from wangge.cases.models import Case, Report
from wangge.cases.workflow import UNIT_ROLES
from wangge.territory.forces.absences import present
from wangge.territory.models import Post

Subject = Report | Case


def _posts() -> QuerySet[Post]:
    """The posts in force of whoever is there today; who is away is not told, the stand-in is."""
    today = timezone.localdate()
    in_force = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gt=today))
    return present(Post.objects.filter(in_force), today)


class Staff:
    """Who belongs to a unit and who sits at a desk; each is looked up once while a batch of events is told."""

    def __init__(self) -> None:
        self._units: dict[int, list[Account]] = {}
        self._desks: dict[tuple[str, tuple[Role, ...]], list[Account]] = {}
        self._people: dict[int, Account] = {}

    def same(self, people: Iterable[Account]) -> list[Account]:
        """The people as they were met before, with what is remembered on them."""
        return [self._people.setdefault(person.pk, person) for person in people]

    def of_unit(self, unit_id: int | None) -> list[Account]:
        """The clerks and leads of a unit."""
        if unit_id is None:
            return []
        if unit_id not in self._units:
            posts = _posts().filter(role__in=UNIT_ROLES, account__unit_id=unit_id)
            found = Account.objects.filter(is_active=True, pk__in=posts.values("account_id"))
            self._units[unit_id] = self.same(found)
        return self._units[unit_id]

    def of_units(self, codes: Iterable[str]) -> list[Account]:
        """The clerks and leads of several units."""
        units = Unit.objects.filter(code__in=list(codes)).values_list("pk", flat=True)
        return [person for unit in units for person in self.of_unit(unit)]

    def at_desk(self, subject: Subject, *roles: Role) -> list[Account]:
        """Whoever holds one of these posts at the nearest desk: of the area itself, else of the nearest around it."""
        path = getattr(subject, "held_path", "") or subject.area_path
        if (path, roles) not in self._desks:
            self._desks[path, roles] = self.same(_nearest_desk(path, roles))
        return self._desks[path, roles]


def _nearest_desk(path: str, roles: Sequence[Role]) -> Iterable[Account]:
    around = [int(part) for part in path.strip("/").split("/") if part]
    posts = _posts().filter(role__in=roles, area_id__in=around, account__is_active=True)
    found = list(posts.values_list("account_id", "area__path"))
    nearest = max((len(path) for _account, path in found), default=0)
    return Account.objects.filter(pk__in=[pk for pk, path in found if len(path) == nearest])


def last_unit(event: Event, staff: Staff) -> list[Account]:
    """The people of the unit to which the matter had been dispatched before this event."""
    before = Event.objects.filter(
        subject_id=event.subject_id, seq__lt=event.seq, verb__in=["dispatch", "arbitrate", "forward"]
    )
    last = before.select_related("payload").order_by("-seq").first()
    payload = getattr(last, "payload", None)
    return staff.of_units([str(payload.data.get("unit_code", ""))]) if payload else []


def who_took(event: Event, *verbs: str) -> list[Account]:
    """Whoever took the last of these steps before this event."""
    before = Event.objects.filter(subject_id=event.subject_id, seq__lt=event.seq, verb__in=verbs)
    last = before.select_related("actor").order_by("-seq").first()
    return [last.actor] if last and last.actor else []


def named_handlers(subject: Subject) -> list[Account]:
    """Those whom a confidential matter names."""
    named = getattr(subject, "named_handlers", None)
    return list(Account.objects.filter(pk__in=named.values("account_id"))) if named is not None else []
