"""Who is on duty at the desk: planned by its duty chief, nobody twice at a time, and what has passed stays."""

from datetime import date, datetime, timedelta

import pytest

from wangge.accounts.models import Account, Role
from wangge.audit.models import AccessEntry
from wangge.cases import actions
from wangge.cases.models import DeskShift
from wangge.cases.queries.roster import doubled, joined, on_duty_around, on_duty_for, week_of, without
from wangge.cases.tests.cast import NOON, SHANGHAI, Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.common.refusals import Refused
from wangge.territory.models import Post

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 6, 8)  # the week of NOON, a Wednesday


def clock(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of June 2026."""
    return datetime(2026, 6, day, hour, minute, tzinfo=SHANGHAI)


def put(
    cast: Cast, who: Account, role: str, start: datetime, end: datetime, at: datetime = NOON
) -> DeskShift:
    return actions.add_shift(
        cast.place.county, role=role, account=who, starts_at=start, ends_at=end, by=cast.duty_chief, at=at
    )


def second_chief(cast: Cast) -> Account:
    return cast.person("chief2", "值班长老孙", Role.DUTY_CHIEF, cast.place.county, cast.centre)


# -- Planning ------------------------------------------------------------------------------------------------


def test_the_duty_chief_puts_people_on_duty_and_it_is_written_down(cast: Cast) -> None:
    put(cast, cast.acceptor, "acceptor", clock(11, 8), clock(11, 16))

    assert [s.account for s in on_duty_around(cast.place.grid_a.path, clock(11, 12))] == [cast.acceptor]
    assert on_duty_around(cast.place.grid_a.path, clock(11, 16)) == []
    entry = AccessEntry.objects.get(act="roster_changed")
    assert (entry.account, entry.detail["act"], entry.detail["who"]) == (cast.duty_chief, "add", "acceptor")


@pytest.mark.parametrize("who", ["acceptor", "dispatcher", "overseer", "stranger", "clerk"])
def test_nobody_else_plans_the_roster(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="值班长"):
        actions.add_shift(
            cast.place.county, role="acceptor", account=cast.acceptor, starts_at=clock(11, 8),
            ends_at=clock(11, 16), by=getattr(cast, who), at=NOON,
        )  # fmt: skip
    assert not DeskShift.objects.exists()


def test_whoever_holds_no_such_post_there_cannot_be_put_on_duty(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        put(cast, cast.acceptor, "dispatcher", clock(11, 8), clock(11, 16))
    assert refused.value.field == "account"
    with pytest.raises(Refused):
        put(cast, cast.stranger, "duty_chief", clock(11, 8), clock(11, 16))


def test_a_post_that_ends_before_the_shift_does_not_count(cast: Cast) -> None:
    Post.objects.filter(account=cast.acceptor).update(ends_on=date(2026, 6, 11))
    put(cast, cast.acceptor, "acceptor", clock(10, 18), clock(10, 20))
    with pytest.raises(Refused):
        put(cast, cast.acceptor, "acceptor", clock(11, 8), clock(11, 16))


def test_nobody_is_on_duty_twice_at_a_time(cast: Cast) -> None:
    put(cast, cast.acceptor, "acceptor", clock(11, 8), clock(11, 16))
    with pytest.raises(Refused, match="受理员小李"):
        put(cast, cast.acceptor, "acceptor", clock(11, 15), clock(11, 20))

    put(cast, cast.acceptor, "acceptor", clock(11, 16), clock(11, 20))
    assert DeskShift.objects.count() == 2


@pytest.mark.parametrize(
    ("start", "end"),
    [(clock(11, 16), clock(11, 8)), (clock(11, 8), clock(12, 9)), (clock(9, 8), clock(9, 16))],
)
def test_a_shift_has_an_order_an_end_and_lies_ahead(cast: Cast, start: datetime, end: datetime) -> None:
    with pytest.raises(Refused):
        put(cast, cast.acceptor, "acceptor", start, end)


def test_a_shift_that_has_begun_can_only_end_otherwise(cast: Cast) -> None:
    shift = put(cast, cast.acceptor, "acceptor", clock(11, 8), clock(11, 16))
    later: dict[str, object] = {
        "role": "acceptor",
        "account": cast.acceptor,
        "by": cast.duty_chief,
        "at": clock(11, 10),
    }
    with pytest.raises(Refused):
        actions.change_shift(shift, starts_at=clock(11, 9), ends_at=clock(11, 16), **later)  # type: ignore[arg-type]

    actions.change_shift(shift, starts_at=clock(11, 8), ends_at=clock(11, 12), **later)  # type: ignore[arg-type]
    assert DeskShift.objects.get().ends_at == clock(11, 12)
    with pytest.raises(Refused):
        actions.remove_shift(shift, by=cast.duty_chief, at=clock(11, 10))


def test_what_is_over_stays_as_it_was(cast: Cast) -> None:
    shift = put(cast, cast.acceptor, "acceptor", clock(11, 8), clock(11, 16))
    with pytest.raises(Refused):
        actions.change_shift(
            shift, role="acceptor", account=cast.acceptor, starts_at=clock(11, 8), ends_at=clock(11, 20),
            by=cast.duty_chief, at=clock(12, 9),
        )  # fmt: skip


def test_last_week_is_copied_and_what_is_not_possible_is_said(cast: Cast) -> None:
    put(cast, cast.acceptor, "acceptor", clock(11, 8), clock(11, 16))
    put(cast, cast.dispatcher, "dispatcher", clock(12, 22), clock(13, 6))
    Post.objects.filter(account=cast.acceptor).update(ends_on=date(2026, 6, 15))

    done = actions.copy_week(cast.place.county, to=date(2026, 6, 15), by=cast.duty_chief, at=clock(14, 9))

    assert done.shifts == 1
    assert len(done.left_out) == 1
    assert "受理员小李" in done.left_out[0]
    copied = DeskShift.objects.get(starts_at__gte=clock(15, 0))
    assert (copied.account, copied.starts_at, copied.ends_at) == (
        cast.dispatcher,
        clock(19, 22),
        clock(20, 6),
    )


def test_copying_twice_doubles_nothing(cast: Cast) -> None:
    put(cast, cast.acceptor, "acceptor", clock(11, 8), clock(11, 16))
    for _ in range(2):
        actions.copy_week(cast.place.county, to=date(2026, 6, 15), by=cast.duty_chief, at=clock(14, 9))

    assert DeskShift.objects.count() == 2


# -- A week at a look -----------------------------------------------------------------------------------------


def test_a_week_shows_where_nobody_is_on_duty_where_no_chief_and_where_two(cast: Cast) -> None:
    put(cast, cast.duty_chief, "duty_chief", clock(11, 8), clock(11, 16))
    put(cast, second_chief(cast), "duty_chief", clock(11, 15, 30), clock(12, 0))
    put(cast, cast.acceptor, "acceptor", clock(11, 6), clock(11, 14))

    thursday = week_of(cast.place.county, MONDAY)[3]

    assert thursday.nobody == [(clock(11, 0), clock(11, 6))]
    assert thursday.no_chief == [(clock(11, 6), clock(11, 8))]
    assert thursday.two_chiefs == [(clock(11, 15, 30), clock(11, 16))]
    assert len(thursday.shifts) == 3


def test_a_night_shift_stands_on_both_days(cast: Cast) -> None:
    put(cast, cast.duty_chief, "duty_chief", clock(11, 20), clock(12, 8))
    days = week_of(cast.place.county, MONDAY)

    assert [len(day.shifts) for day in days] == [0, 0, 0, 1, 1, 0, 0]
    assert days[4].nobody == [(clock(12, 8), clock(13, 0))]


def test_stretches_are_joined_taken_out_and_doubled() -> None:
    def at(*hours: int) -> list[tuple[datetime, datetime]]:
        return [(clock(1, start), clock(1, end)) for start, end in zip(hours[::2], hours[1::2], strict=True)]

    assert joined(at(3, 5, 1, 4, 7, 8)) == at(1, 5, 7, 8)
    assert without(at(0, 10), at(2, 4, 6, 8)) == at(0, 2, 4, 6, 8, 10)
    assert without(at(0, 4), at(0, 5)) == []
    assert doubled(at(1, 5, 2, 3, 4, 6)) == at(2, 3, 4, 5)


def test_on_duty_now_is_the_nearest_desk_that_has_anybody(cast: Cast) -> None:
    street_chief = cast.person("street", "街道值班长", Role.DUTY_CHIEF, cast.place.street, cast.centre)
    put(cast, cast.acceptor, "acceptor", clock(11, 8), clock(11, 16))
    actions.add_shift(
        cast.place.street, role="duty_chief", account=street_chief, starts_at=clock(11, 8),
        ends_at=clock(11, 12), by=street_chief, at=NOON,
    )  # fmt: skip

    assert [s.account for s in on_duty_around(cast.place.grid_a.path, clock(11, 9))] == [street_chief]
    assert [s.account for s in on_duty_around(cast.place.grid_a.path, clock(11, 13))] == [cast.acceptor]
    assert [s.account for s in on_duty_for(cast.dispatcher, clock(11, 9))] == [cast.acceptor]


# -- Pages ----------------------------------------------------------------------------------------------------


def tomorrow() -> str:
    from django.utils import timezone

    return (timezone.localdate() + timedelta(days=1)).isoformat()


def test_the_chief_plans_on_the_page(cast: Cast) -> None:
    browser, county = at_desk(cast.duty_chief), cast.place.county
    cast.acceptor  # noqa: B018
    answers = {"duty": f"{cast.acceptor.pk}/acceptor", "day": tomorrow(), "starts": "22:00", "ends": "06:00"}
    sent = browser.post(f"/desk/roster/shifts/new/?area={county.pk}", answers)

    assert sent.status_code == 302
    shift = DeskShift.objects.get()
    assert shift.ends_at - shift.starts_at == timedelta(hours=8)
    assert "受理员小李" in words_of(browser.get(sent["Location"]))
    assert browser.get(f"/desk/roster/shifts/{shift.pk}/").status_code == 200
    browser.post(f"/desk/roster/shifts/{shift.pk}/removal/")
    assert not DeskShift.objects.exists()


def test_a_refusal_keeps_what_was_typed_and_stands_at_its_field(cast: Cast) -> None:
    answers = {
        "duty": f"{cast.acceptor.pk}/acceptor",
        "day": "2020-01-01",
        "starts": "08:00",
        "ends": "16:00",
    }
    sent = at_desk(cast.duty_chief).post("/desk/roster/shifts/new/", answers)

    assert sent.status_code == 422
    assert sent.context["form"].errors["day"]
    assert 'value="2020-01-01"' in sent.content.decode()


def test_others_at_the_desk_look_and_do_not_plan(cast: Cast) -> None:
    cast.duty_chief  # noqa: B018
    browser = at_desk(cast.acceptor)

    assert browser.get("/desk/roster/").status_code == 200
    assert "shifts/new" not in browser.get("/desk/roster/").content.decode()
    assert browser.get("/desk/roster/shifts/new/").status_code == 403
    assert at_desk(cast.clerk).get("/desk/roster/").status_code == 403


@pytest.mark.parametrize(
    "query", ["?day=nonsense", "?day=0001-01-01", "?area=999999", "?area=x", "?day=9999-12-31"]
)
def test_an_address_that_says_nothing_shows_this_week(cast: Cast, query: str) -> None:
    assert at_desk(cast.duty_chief).get(f"/desk/roster/{query}").status_code == 200


def test_a_stranger_cannot_open_a_shift(cast: Cast) -> None:
    shift = put(cast, cast.acceptor, "acceptor", clock(11, 8), clock(11, 16))
    assert at_desk(cast.stranger).get(f"/desk/roster/shifts/{shift.pk}/").status_code == 404


def test_the_desk_shows_who_is_on_duty(cast: Cast) -> None:
    from django.utils import timezone

    now = timezone.now()
    put(cast, cast.dispatcher, "dispatcher", now - timedelta(hours=1), now + timedelta(hours=1), at=now)

    words = words_of(at_desk(cast.acceptor).get("/desk/"))
    assert "正在值班" in words
    assert "派遣员小陈" in words
