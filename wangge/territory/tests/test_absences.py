"""Absences: the stand-in has exactly the posts of whoever is away, for exactly these days."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wangge.accounts.models import Account, AdminRole, Role
from wangge.accounts.tests.people import administrator
from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.notifications.models import Notice
from wangge.territory.actions import assign_post, end_post
from wangge.territory.forces.absences import end_absence, record_absence
from wangge.territory.models import Absence, Post
from wangge.territory.scopes import scope_of


def day(number: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=number)


def reach(account: Account, on: date) -> set[tuple[str, int]]:
    return {(one.role.value, one.area_id) for one in scope_of(Account.objects.get(pk=account.pk), on).reaches}


@pytest.fixture
def security(cast: Cast) -> Account:
    return administrator(AdminRole.SECURITY, "he", "安全管理员")


@pytest.fixture
def lead(cast: Cast) -> Account:
    return cast.person("lead", "网格长老何", Role.GRID_LEAD, cast.place.community)


@pytest.fixture
def away(cast: Cast, lead: Account) -> Callable[..., Absence]:
    """Grid A's worker is away from tomorrow for three days; the neighbour stands in, the grid lead says so."""

    def record(account: Account | None = None, **more: object) -> Absence:
        usual = {
            "stand_in": cast.neighbour,
            "starts_on": day(1),
            "ends_on": day(4),
            "by": lead,
            "at": timezone.now(),
        }
        return record_absence(account or cast.grid_worker, **{**usual, **more})  # type: ignore[arg-type]

    return record


def test_the_stand_in_has_the_posts_on_these_days_and_no_others(away, cast: Cast):
    away()
    own, theirs = ("grid_worker", cast.place.grid_b.pk), ("grid_worker", cast.place.grid_a.pk)
    assert reach(cast.neighbour, day(0)) == {own}
    assert reach(cast.neighbour, day(1)) == reach(cast.neighbour, day(3)) == {own, theirs}
    assert reach(cast.neighbour, day(4)) == {own}
    assert reach(cast.grid_worker, day(2)) == {theirs}


def test_it_is_written_down_and_the_stand_in_is_told(away, lead: Account, cast: Cast):
    away()
    entry = AccessEntry.objects.get(act="absence_recorded")
    assert (entry.account, entry.subject_id) == (lead, str(cast.grid_worker.pk))
    assert entry.detail["stand_in"] == cast.neighbour.pk
    assert entry.detail["posts"] == ["grid_worker 990101001001001"]
    assert Notice.objects.get().recipient == cast.neighbour


def test_coming_back_earlier_ends_the_rights_that_day(away, lead: Account, cast: Cast):
    absence = away(starts_on=day(0))
    end_absence(absence, on=day(1), by=lead, at=timezone.now())
    assert ("grid_worker", cast.place.grid_a.pk) in reach(cast.neighbour, day(0))
    assert reach(cast.neighbour, day(1)) == {("grid_worker", cast.place.grid_b.pk)}
    with pytest.raises(Refused):
        end_absence(absence, on=day(3), by=lead, at=timezone.now())


def test_an_absence_called_off_before_it_began_leaves_no_post(away, lead: Account, cast: Cast):
    absence = away()
    end_absence(absence, on=day(0), by=lead, at=timezone.now())
    assert not absence.posts.exists()
    assert away().posts.count() == 1  # and the days are free again


def test_posts_given_and_ended_meanwhile_go_along(away, security: Account, cast: Cast):
    away()
    at = timezone.now()
    assign_post(
        cast.grid_worker, role=Role.DEPUTY, area=cast.place.grid_c, starts_on=day(2), by=security, at=at
    )
    assert ("deputy", cast.place.grid_c.pk) not in reach(cast.neighbour, day(1))
    assert ("deputy", cast.place.grid_c.pk) in reach(cast.neighbour, day(2))
    end_post(cast.grid_worker.posts.get(role="grid_worker"), on=day(3), by=security, at=at)
    assert ("grid_worker", cast.place.grid_a.pk) in reach(cast.neighbour, day(2))
    assert ("grid_worker", cast.place.grid_a.pk) not in reach(cast.neighbour, day(3))


def test_a_post_held_for_another_is_ended_by_ending_the_absence_only(away, security: Account):
    post = away(starts_on=day(0)).posts.get()
    with pytest.raises(Refused):
        end_post(post, on=day(0), by=security, at=timezone.now())


def test_nobody_is_left_without(away, security: Account, cast: Cast):
    away()
    with pytest.raises(Refused):  # away already
        away(starts_on=day(3), ends_on=day(6), by=security)
    with pytest.raises(Refused) as refused:  # the stand-in leaves
        away(cast.neighbour, stand_in=cast.far_worker, by=security)
    assert "网格员小赵" in str(refused.value)
    with pytest.raises(Refused) as refused:  # who is away stands in for nobody
        away(cast.far_worker, stand_in=cast.grid_worker, by=security)
    assert refused.value.field == "stand_in"
    away(cast.neighbour, stand_in=cast.far_worker, starts_on=day(4), ends_on=day(6), by=security)


@pytest.mark.parametrize(("first", "back"), [(-1, 3), (2, 2), (3, 1), (0, 400)])
def test_wrong_days_are_refused(away, first: int, back: int):
    with pytest.raises(Refused) as refused:
        away(starts_on=day(first), ends_on=day(back))
    assert refused.value.field in ("starts_on", "ends_on")


def test_who_may_not_stand_in(away, security: Account, cast: Cast):
    for other in (cast.grid_worker, security, cast.stranger):
        with pytest.raises(Refused):
            away(stand_in=other)
    Account.objects.filter(pk=cast.neighbour.pk).update(is_active=False)
    with pytest.raises(Refused):
        away()


def test_a_clerks_stand_in_is_of_the_same_unit(away, security: Account, cast: Cast):
    with pytest.raises(Refused) as refused:
        away(cast.clerk, stand_in=cast.other_clerk, by=security)
    assert refused.value.field == "stand_in"
    colleague = cast.person("colleague", "路灯所小钱", Role.CLERK, cast.place.street, cast.lamps)
    away(cast.clerk, stand_in=colleague, by=security)
    assert ("clerk", cast.place.county.pk) in reach(colleague, day(1))


def test_who_may_record_an_absence(away, security: Account, cast: Cast):
    for person in cast.everyone.values():
        if person != cast.duty_chief:
            with pytest.raises(Refused):
                away(by=person)
    with pytest.raises(Refused):  # a desk is not the street
        away(cast.acceptor, stand_in=cast.dispatcher, by=cast.duty_chief)
    away(cast.acceptor, stand_in=cast.dispatcher, by=security)
    away(by=cast.duty_chief)


def test_the_lead_of_another_community_arranges_nothing_here(away, cast: Cast):
    other = cast.person("other_lead", "别社区网格长", Role.GRID_LEAD, cast.place.grid_c.parent)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        away(by=other)


DAYS = st.integers(0, 9)
STRETCH = st.tuples(DAYS, st.integers(1, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    posts=st.lists(st.tuples(STRETCH, st.sampled_from(["a", "b", "c"])), max_size=3),
    absences=st.lists(STRETCH, max_size=3),
    ends=st.lists(st.tuples(st.integers(0, 2), DAYS), max_size=3),
)
def test_on_every_day_the_stand_in_reaches_what_the_absent_person_holds(
    posts, absences, ends, cast, security
):
    with transaction.atomic():
        one = Account.objects.create(username="one", name="甲", password="!")
        other = Account.objects.create(username="other", name="乙", password="!")
        at = timezone.now()
        made = []
        for number in range(max(len(posts), len(absences), len(ends))):
            for (first, last), grid in posts[number : number + 1]:
                given = {
                    "role": Role.DEPUTY,
                    "area": getattr(cast.place, f"grid_{grid}"),
                    **stretch(first, last),
                }
                try_to(partial(assign_post, one, **given, by=security, at=at))
            for first, last in absences[number : number + 1]:
                made += try_to(
                    partial(record_absence, one, stand_in=other, **stretch(first, last), by=security, at=at)
                )
            for which, on in ends[number : number + 1]:
                for post in list(one.posts.order_by("pk"))[which : which + 1]:
                    try_to(partial(end_post, post, on=day(on), by=security, at=at))
                for absence in made[which : which + 1]:
                    try_to(partial(end_absence, absence, on=day(on), by=security, at=at))
        for number in range(17):
            is_away = any(absence.holds(day(number)) for absence in Absence.objects.filter(account=one))
            assert reach(other, day(number)) == (reach(one, day(number)) if is_away else set())
        transaction.set_rollback(True)


def stretch(first: int, last: int) -> dict[str, Any]:
    return {"starts_on": day(first), "ends_on": day(last)}


def try_to(act: Callable[[], object]) -> list:
    """What the act made; nothing where it was refused."""
    try:
        with transaction.atomic():
            return [act()]
    except Refused:
        return []


def test_the_database_keeps_stand_in_posts_whole(cast: Cast, away):
    absence = away()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(account=cast.neighbour, role="deputy", area=cast.place.grid_a, absence=absence)
