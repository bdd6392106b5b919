"""The pages of the calendars: everybody signed in reads, the system administrator plans, sees and confirms."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wangge.accounts.models import Account, AdminRole
from wangge.accounts.tests.people import administrator
from wangge.cases import clocks
from wangge.cases.calendars import actions
from wangge.cases.calendars.plan import Plan
from wangge.cases.calendars.tests.people import clock, dispatched, general
from wangge.cases.models import Calendar, CalendarChange
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import at_desk, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast) -> Account:
    return administrator()


def page(name: str, *more: object, query: str = "") -> str:
    return reverse(f"cases:{name}", args=["default", *more]) + query


def planned() -> CalendarChange:
    return CalendarChange.objects.get(confirmed_at=None)


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def a_rest_day(**more: object) -> dict[str, Any]:
    return {"first": f"{tomorrow()}", "kind": "rest", "name": "停工", **more}


def test_everybody_signed_in_reads_the_year_and_nobody_else(cast: Cast) -> None:
    for person in (cast.clerk, cast.grid_worker, cast.overseer):
        browser = at_desk(person)
        answer = browser.get(reverse("cases:calendars"))
        assert answer.headers["Location"] == page("calendar")
        shown = browser.get(page("calendar", query="?year=2026"))
        assert shown.status_code == 200
        assert "data-day" not in shown.content.decode()
        assert "2026-02-14" in words_of(shown)
    assert Client().get(page("calendar")).status_code == 302
    assert Client().get(reverse("cases:calendars")).status_code == 302


def test_who_is_not_the_system_administrator_cannot_change_anything(cast: Cast) -> None:
    security = administrator(AdminRole.SECURITY, "anquan", "安全管理员")
    change = actions.plan_change(general(), Plan(years={2027: True}), by=administrator(), at=timezone.now())
    for person in (cast.duty_chief, security):
        browser = at_desk(person)
        for name in ("days", "hours", "file", "settings"):
            assert browser.get(page(f"calendar_{name}")).status_code == 403
        assert browser.get(reverse("cases:new_calendar")).status_code == 403
        for name in ("change", "matters"):
            assert browser.get(page(f"calendar_{name}", change.pk)).status_code == 403
        for name in ("confirmation", "dropping", "counting", "decision"):
            assert browser.post(page(f"calendar_{name}", change.pk)).status_code == 403
        assert browser.post(page("calendar_ending")).status_code == 403
        assert (
            browser.post(page("calendar_publication"), {"year": "2027", "published": "yes"}).status_code
            == 403
        )


def test_the_year_tells_each_day_in_words_not_in_colours(cast: Cast) -> None:
    general().days.create(day=date(2026, 7, 1), kind="rest", name="台风", emergency=True, reason="红色预警")
    words = words_of(at_desk(cast.clerk).get(page("calendar", query="?year=2026")))
    for day in ("2026-10-10", "2026-10-01", "2026-07-01"):
        assert day in words
    assert "红色预警" in words
    assert "国庆节" in words


@pytest.mark.parametrize("year", ["1999", "9999", "-1"])
def test_years_far_away_are_not_there(cast: Cast, year: str) -> None:
    expected = 200 if year == "-1" else 404  # no number at all: this year
    assert at_desk(cast.clerk).get(page("calendar", query=f"?year={year}")).status_code == expected


def test_a_day_is_planned_looked_at_and_confirmed(cast: Cast, admin: Account) -> None:
    case = dispatched(cast, days=10, at=timezone.now())
    before, browser = clock(case).due_at, at_desk(admin)
    day = next(d for d in (tomorrow() + timedelta(days=n) for n in range(9)) if clocks.calendar_for("/").calendar.is_working_day(d))  # fmt: skip
    drawn = browser.get(page("calendar_days", query=f"?day={day}"))
    assert f'value="{day}"' in drawn.content.decode()
    sent = browser.post(page("calendar_days"), a_rest_day(first=f"{day}"))
    assert sent.headers["Location"] == page("calendar_change", planned().pk)
    assert clock(case).due_at == before
    shown = browser.get(sent.headers["Location"])
    assert shown.context["impact"]["matters"] == 1
    listed = browser.get(page("calendar_matters", planned().pk))
    assert case.number in words_of(listed)
    assert "wg-day rest planned" not in words_of(shown)
    assert "planned" in browser.get(page("calendar", query=f"?year={day.year}")).content.decode()
    done = browser.post(page("calendar_confirmation", planned().pk), follow=True)
    assert done.status_code == 200
    assert clock(case).due_at > before
    assert browser.get(page("calendar_matters", CalendarChange.objects.get().pk)).status_code == 404


def test_bad_input_is_told_and_what_was_typed_stays(cast: Cast, admin: Account) -> None:
    browser = at_desk(admin)
    wrong: list[dict[str, Any]] = [
        a_rest_day(last="2020-01-01"),
        a_rest_day(last="2099-01-01"),
        a_rest_day(first="2026-02-30"),
        a_rest_day(first="1980-01-01"),
        a_rest_day(kind="party"),
        a_rest_day(emergency="on"),
        a_rest_day(emergency="on", reason="台风", kind="normal"),
        {"kind": "rest"},
        {},
    ]
    for typed in wrong:
        answer = browser.post(page("calendar_days"), {"name": "停工", **typed})
        assert answer.status_code == 422, typed
        assert "停工" in answer.content.decode()
    assert not CalendarChange.objects.exists()


def test_an_emergency_needs_its_reason_and_is_kept_with_it(cast: Cast, admin: Account) -> None:
    browser = at_desk(admin)
    browser.post(page("calendar_days"), a_rest_day(emergency="on", reason="台风红色预警"))
    browser.post(page("calendar_confirmation", planned().pk))
    stored = general().days.get(day=tomorrow())
    assert (stored.emergency, stored.reason) == (True, "台风红色预警")


def test_hours_are_planned_and_faults_named(cast: Cast, admin: Account) -> None:
    browser = at_desk(admin)
    typed = {"all_year": "08:30-12:00 14:00-18:00", "weekly_rest": ["5", "6"], "time_zone": "Asia/Shanghai"}
    wrong: list[dict[str, Any]] = [
        {**typed, "all_year": "18:00-09:00"},
        {**typed, "time_zone": "Mars/Olympus"},
        {**typed, "weekly_rest": [str(day) for day in range(7)]},
        {**typed, "weekly_rest": ["9"]},
        {**typed, "first_1": "06-01", "last_1": "09-30", "hours_1": ""},
        {**typed, "first_1": "06-01", "last_1": "09-30", "hours_1": "8:00-12:00", "first_2": "09-30", "last_2": "10-07", "hours_2": "8:00-9:00"},
    ]  # fmt: skip
    for fault in wrong:
        answer = browser.post(page("calendar_hours"), fault)
        assert answer.status_code == 422, fault
        assert 'role="alert"' in answer.content.decode() or "invalid-feedback" in answer.content.decode()
    summer = {"first_1": "6-1", "last_1": "9-30", "hours_1": "8:00-12:00，15:00-18:00"}
    browser.post(page("calendar_hours"), {**typed, **summer})
    browser.post(page("calendar_confirmation", planned().pk))
    assert general().shifts[1] == {"from": "06-01", "to": "09-30", "hours": ["08:00-12:00", "15:00-18:00"]}
    assert general().shifts[0]["hours"] == ["08:30-12:00", "14:00-18:00"]


def upload(text: str, name: str = "days.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, text.encode(), content_type="text/csv")}


def test_a_file_is_planned_with_the_year_it_makes_final(cast: Cast, admin: Account) -> None:
    browser = at_desk(admin)
    refused = browser.post(page("calendar_file"), upload("date,kind\n2027-02-30,rest\n2027-01-04,x\n"))
    assert refused.status_code == 422
    assert "2027-02-30" in words_of(refused)
    assert not CalendarChange.objects.exists()
    sheet = "日期,类型,名称\n2027-01-01,休,元旦\n2027-01-03,班,元旦\n"
    browser.post(page("calendar_file"), {**upload(sheet), "publish": "2027"})
    plan = Plan.read(planned().plan)
    assert [f"{day.date}" for day in plan.days] == ["2027-01-03"]  # the first is known already
    assert plan.years == {2027: True}
    browser.post(page("calendar_confirmation", planned().pk))
    again = browser.post(page("calendar_file"), {**upload(sheet), "publish": "2027"})
    assert again.status_code == 422  # it says so already


def test_the_page_asks_what_a_file_leaves_open(cast: Cast, admin: Account) -> None:
    browser = at_desk(admin)
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20270301\r\nSUMMARY:校庆\r\nEND:VEVENT\r\n"
    sent = browser.post(
        page("calendar_file"),
        upload(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}END:VCALENDAR\r\n", "a.ics"),
    )
    shown = browser.get(sent.headers["Location"])
    assert "校庆" in words_of(shown)
    assert browser.post(page("calendar_confirmation", planned().pk)).status_code == 409
    field = shown.context["unsure"][0]["field"]
    browser.post(page("calendar_decision", planned().pk), {field: "rest"})
    browser.post(page("calendar_confirmation", planned().pk))
    assert general().days.get(day=date(2027, 3, 1)).kind == "rest"


def test_of_two_administrators_the_slower_one_loses_nothing(cast: Cast, admin: Account) -> None:
    other = administrator(username="xitong2", name="系统管理员小钱")
    fast, slow = at_desk(admin), at_desk(other)
    slow.post(page("calendar_days"), a_rest_day())
    mine = planned()
    fast.post(page("calendar_publication"), {"year": "2027", "published": "yes"})
    fast.post(page("calendar_confirmation", CalendarChange.objects.get(made_by=admin).pk))
    answer = slow.post(page("calendar_confirmation", mine.pk))
    assert answer.status_code == 409
    assert admin.name in words_of(answer)
    assert "停工" in words_of(answer)
    slow.post(page("calendar_counting", mine.pk))
    slow.post(page("calendar_confirmation", mine.pk))
    assert general().days.filter(day=tomorrow(), kind="rest").exists()


def test_many_clocks_are_counted_and_followed_by_the_worker_and_the_page_renews_itself(
    cast: Cast, admin: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from config import jobs

    monkeypatch.setattr(actions, "AT_ONCE", 0)
    dispatched(cast, days=10, at=timezone.now())
    browser = at_desk(admin)
    browser.post(page("calendar_hours"), {"all_year": "08:00-12:00", "weekly_rest": ["5", "6"], "time_zone": "Asia/Shanghai"})  # fmt: skip
    change = planned()
    waiting = browser.get(page("calendar_change", change.pk), headers={"HX-Request": "true"})
    assert b"hx-trigger" in waiting.content
    assert b"<html" not in waiting.content
    jobs.count_calendar_change(change.pk)
    part = {"HX-Request": "true"}  # the frame around a whole page renews parts of its own
    assert b"hx-trigger" not in browser.get(page("calendar_change", change.pk), headers=part).content
    browser.post(page("calendar_confirmation", change.pk))
    assert b"hx-trigger" in browser.get(page("calendar_change", change.pk), headers=part).content
    jobs.recompute_calendar(change.pk)
    assert b"hx-trigger" not in browser.get(page("calendar_change", change.pk), headers=part).content
    CalendarChange.objects.update(confirmed_at=timezone.now() - timedelta(minutes=5))
    jobs.resume_calendars(int(timezone.now().timestamp()))
    assert CalendarChange.objects.get().finished_at is not None


def test_a_plan_can_be_dropped(cast: Cast, admin: Account) -> None:
    browser = at_desk(admin)
    browser.post(page("calendar_days"), a_rest_day())
    browser.post(page("calendar_dropping", planned().pk))
    assert not CalendarChange.objects.exists()


def test_a_calendar_is_made_for_a_unit_corrected_and_ended(cast: Cast, admin: Account) -> None:
    browser = at_desk(admin)
    typed = {"code": "lamps", "name": "路灯所作息", "unit": cast.lamps.pk, "base": general().pk}
    for wrong in (
        {"unit": ""},
        {"code": "new"},
        {"code": "Ä b"},
        {"code": "default"},
        {"area": cast.place.county.pk},
    ):
        assert browser.post(reverse("cases:new_calendar"), {**typed, **wrong}).status_code == 422
    browser.post(reverse("cases:new_calendar"), typed)
    made = Calendar.objects.get(code="lamps")
    assert (made.unit, made.base, made.shifts) == (cast.lamps, general(), general().shifts)
    assert "路灯所作息" in words_of(browser.get(reverse("cases:calendars")))
    address = reverse("cases:calendar_settings", args=["lamps"])
    browser.post(address, {"name": "路灯所", "unit": cast.water.pk, "base": general().pk})
    made.refresh_from_db()
    assert (made.name, made.unit) == ("路灯所", cast.water)
    browser.post(reverse("cases:calendar_ending", args=["lamps"]))
    made.refresh_from_db()
    assert not made.in_force
    assert browser.post(page("calendar_ending")).status_code == 409  # the general one


def test_a_phone_subscribes_without_signing_in_and_reads_no_reasons(cast: Cast) -> None:
    general().days.create(day=tomorrow(), kind="rest", name="停工", emergency=True, reason="内部原因")
    answer = Client().get(page("calendar_subscription"))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "停工" in answer.content.decode()
    assert "内部原因" not in answer.content.decode()
    assert Client().get("/calendars/nowhere.ics").status_code == 404
