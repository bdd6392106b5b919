"""Who is told: whom a rung brings a matter to, and who is reminded of a clock."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from wangge.accounts.models import Account, Role
from wangge.cases import permissions
from wangge.cases.duty import areas_around
from wangge.cases.models import Case, Clock, ClockKind, Report, Rung
from wangge.cases.queries.roster import on_duty_around
from wangge.cases.workflow import DESK_ROLES, GRID_ROLES, UNIT_ROLES
from wangge.territory.forces.absences import present
from wangge.territory.models import Post
from wangge.territory.queries import in_force

Subject = Report | Case


@dataclass(frozen=True)
class Came:
    """Whom a matter comes to: the holders of a post, the people of a unit, or one person; nobody when `people` is empty."""

    people: Sequence[Account] = ()
    role: str = ""
    level: str = ""
    unit_id: int | None = None
    account_id: int | None = None
    passed_on: bool = False  # not by the rung itself: nobody held its post


NOBODY = Came()


def came_to(subject: Subject, rung: Rung, ladder: Sequence[Rung], at: datetime) -> Came:
    """Find whom a rung brings the matter to.

    Nobody there: the rung's named fallback, then the rungs above in their order, at last any fallback of the ladder.
    """
    for one in (rung, *(above for above in ladder if above.ordinal > rung.ordinal)):
        for found in (_of_post(subject, one, at), _of_fallback(subject, one)):
            if found.people:
                own = one.ordinal == rung.ordinal and found.account_id is None
                return found if own else _passed_on(found)
    for below in reversed([below for below in ladder if below.ordinal < rung.ordinal]):
        if (found := _of_fallback(subject, below)).people:
            return _passed_on(found)
    return NOBODY


def _passed_on(found: Came) -> Came:
    return Came(found.people, found.role, found.level, found.unit_id, found.account_id, passed_on=True)


def _of_fallback(subject: Subject, rung: Rung) -> Came:
    person = rung.fallback_account
    if person is None or not person.is_active or _is_shut_out(person, subject):
        return NOBODY
    return Came([person], account_id=person.pk)


def _of_post(subject: Subject, rung: Rung, at: datetime) -> Came:
    if rung.unit_id is not None:
        return Came(_let_in(_of_unit(rung.unit_id, list(Role), at), subject), unit_id=rung.unit_id)
    if not rung.role:
        return NOBODY
    if rung.role in UNIT_ROLES:
        return _of_the_unit(subject, Role(rung.role), at)
    return _of_an_area(subject, Role(rung.role), rung.level, at)


def _of_the_unit(subject: Subject, role: Role, at: datetime) -> Came:
    """The holders of a post in the unit the case was dispatched to."""
    if not isinstance(subject, Case) or subject.unit_id is None:
        return NOBODY
    people = _let_in(_of_unit(subject.unit_id, [role], at), subject)
    return Came(people, role=role, unit_id=subject.unit_id)


def _of_an_area(subject: Subject, role: Role, level: str, at: datetime) -> Came:
    """The holders of a post in the area of a level around the matter, or in the nearest one that has any."""
    by_level: dict[str, list[Account]] = {}
    for post in _posts_around(subject, [role], at):
        by_level.setdefault(post.area.level, []).append(post.account)
    for found, people in by_level.items():
        if level in ("", found) and (let_in := _let_in(people, subject)):
            return Came(let_in, role=role, level=found)
    return NOBODY


def _posts_around(subject: Subject, roles: Iterable[Role], at: datetime) -> list[Post]:
    """Posts in force around the matter, the nearest first; a case's desk is where it is held."""
    wanted = set(roles)
    path = subject.area_path
    if isinstance(subject, Case) and wanted <= DESK_ROLES:
        path = subject.held_path or path
    around = areas_around(path)
    posts = (
        _in_force(at)
        .filter(role__in=wanted, area_id__in=around)
        .select_related("account", "area")
        .defer("area__boundary")
    )
    return sorted(posts, key=lambda post: (-around.index(post.area_id), post.account_id))


def _in_force(at: datetime) -> QuerySet[Post]:
    day = timezone.localdate(at)
    return present(Post.objects.filter(in_force(day), account__is_active=True), day)


def _of_unit(unit_id: int, roles: Iterable[Role], at: datetime) -> list[Account]:
    posts = _in_force(at).filter(role__in=list(roles), account__unit_id=unit_id)
    return list(Account.objects.filter(pk__in=posts.values("account_id")).order_by("pk"))


def _let_in(people: Iterable[Account], subject: Subject) -> list[Account]:
    return [person for person in people if not _is_shut_out(person, subject)]


def _is_shut_out(person: Account, subject: Subject) -> bool:
    """A confidential matter comes to nobody who is not let in."""
    return subject.confidential and not permissions.is_let_in(person, subject)


# -- Reminders ---------------------------------------------------------------------------------------------------

# Who is reminded of a clock; a unit's clocks are its own people's.
REMINDED: dict[str, frozenset[Role]] = {
    ClockKind.ACCEPT: frozenset({Role.ACCEPTOR}),
    ClockKind.VERIFY: GRID_ROLES,
    ClockKind.FILE: frozenset({Role.DUTY_CHIEF}),
    ClockKind.DISPATCH: frozenset({Role.DISPATCHER}),
    ClockKind.CHECK: GRID_ROLES,
    ClockKind.ARBITRATE: frozenset({Role.DUTY_CHIEF, Role.DISPATCHER}),
    ClockKind.WHOLE: frozenset({Role.DUTY_CHIEF}),
}
OF_THE_UNIT = frozenset({ClockKind.SIGN_OFF, ClockKind.HANDLE})


def reminded(subject: Subject, clock: Clock, at: datetime, *, round_the_clock: bool) -> list[Account]:
    """Whoever has the matter in hand; for a limit that runs round the clock also whoever is on duty at the desk."""
    people = {person.pk: person for person in _in_hand(subject, clock, at)}
    if round_the_clock:
        held = subject.held_path if isinstance(subject, Case) else subject.area_path
        people |= {shift.account_id: shift.account for shift in on_duty_around(held, at)}
    if not people:
        people = {person.pk: person for person in _nearest(subject, DESK_ROLES, at)}
    return _let_in(people.values(), subject)


def _in_hand(subject: Subject, clock: Clock, at: datetime) -> Iterator[Account]:
    if clock.kind not in OF_THE_UNIT:
        yield from _nearest(subject, REMINDED.get(clock.kind, frozenset()), at)
    elif isinstance(subject, Case) and subject.handler is not None and subject.handler.is_active:
        yield subject.handler
    elif isinstance(subject, Case) and subject.unit_id is not None:
        yield from _of_unit(subject.unit_id, UNIT_ROLES, at)


def _nearest(subject: Subject, roles: frozenset[Role], at: datetime) -> list[Account]:
    posts = _posts_around(subject, roles, at)
    return [post.account for post in posts if post.area_id == posts[0].area_id]
