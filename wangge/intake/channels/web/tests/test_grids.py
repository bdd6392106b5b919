"""Residents find their grid's people, and verify who stands at the door; no more is told than trust allows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from wangge.accounts.models import Account, Role
from wangge.cases.tests.cast import FAR_AWAY, IN_GRID_A, Cast
from wangge.territory.forces.absences import record_absence
from wangge.territory.forces.badges import issue_badge, revoke_badge
from wangge.territory.models import Area, Badge, ForcePost

GRID_A = "/g/990101001001001/"


@pytest.fixture
def lead(cast: Cast) -> Account:
    return cast.person("lead", "网格长老何", Role.GRID_LEAD, cast.place.community)


@pytest.fixture
def badge(cast: Cast, lead: Account) -> Badge:
    return issue_badge(cast.grid_worker, by=lead, at=timezone.now())


def read(address: str) -> str:
    return Client().get(address).content.decode()


def test_a_position_leads_to_the_grid(cast: Cast):
    lon, lat = IN_GRID_A
    response = Client().post("/my-grid/", {"lon": lon, "lat": lat})
    assert (response.status_code, response["Location"]) == (302, GRID_A)


def test_a_chosen_address_leads_to_the_grid(cast: Cast):
    response = Client().post("/my-grid/", {"found": f"{IN_GRID_A[0]},{IN_GRID_A[1]},人民路12号"})
    assert response["Location"] == GRID_A


def test_searches_without_an_account_are_counted_wherever_they_are_made(cast: Cast, settings: Settings):
    settings.LIMITS = {**settings.LIMITS, "address": (3, 600)}
    resident = Client(REMOTE_ADDR="203.0.113.9")
    assert resident.get("/report/places.json?q=人民路").status_code == 405, "it would stand in a log"
    assert resident.post("/report/places.json", {"q": "人民路"}).status_code == 200
    assert resident.post("/report/", {"find": "1", "q": "人民路"}).status_code == 200
    assert resident.post("/my-grid/", {"q": "人民路"}).status_code == 200
    for address, asked in (("/my-grid/", {"q": "人民路"}), ("/report/", {"find": "1", "q": "人民路"})):
        assert resident.post(address, asked).status_code == 429
    assert resident.post("/my-grid/", {"lon": IN_GRID_A[0], "lat": IN_GRID_A[1]}).status_code == 302


def test_outside_every_grid_and_nonsense_are_answered_kindly(cast: Cast):
    assert Client().get("/my-grid/").status_code == 200
    assert Client().post("/my-grid/", {"lon": FAR_AWAY[0], "lat": FAR_AWAY[1]}).status_code == 404
    assert Client().post("/my-grid/", {"lon": "x", "lat": "1"}).status_code == 422
    response = Client().post("/my-grid/", {"q": "没有这条路"})
    assert response.status_code == 200
    assert 'value="没有这条路"' in response.content.decode()


def test_the_page_of_a_grid_names_worker_lead_and_the_forces_that_agreed(
    cast: Cast, lead: Account, badge: Badge
):
    today = timezone.localdate()
    Account.objects.filter(pk=cast.grid_worker.pk).update(phone="13812345678")
    cast.grid_worker.posts.update(duty_phone="0550-7101234")
    ForcePost.objects.create(
        area=cast.place.grid_a, force_id="police", name="老孔", shown=True, starts_on=today
    )
    ForcePost.objects.create(
        area=cast.place.grid_a, force_id="fire", name="老严", shown=False, starts_on=today
    )
    body = read(GRID_A)
    for told in ("网格员小赵", "0550-7101234", "网格长老何", badge.spaced, "老孔"):
        assert told in body
    for hidden in ("13812345678", "老严", "网格员小孙", "值班长老王"):
        assert hidden not in body


def test_who_is_away_is_not_told_only_who_is_there(cast: Cast, lead: Account):
    today = timezone.localdate()
    record_absence(
        cast.grid_worker,
        stand_in=cast.neighbour,
        starts_on=today,
        ends_on=today + timedelta(days=2),
        by=lead,
        at=timezone.now(),
    )
    body = read(GRID_A)
    assert "网格员小孙" in body
    assert "网格员小赵" not in body


def test_a_grid_that_is_gone_or_never_was_leads_back_to_the_search(cast: Cast):
    Area.objects.filter(pk=cast.place.grid_b.pk).update(valid_to=timezone.localdate())
    for code in ("990101001001002", "990101001001", "nothing"):
        assert Client().get(f"/g/{code}/").status_code == 404


def test_a_valid_badge_names_its_wearer_and_grids(badge: Badge, cast: Cast):
    response = Client().get(f"/badge/{badge.serial}/")
    body = response.content.decode()
    assert "网格员小赵" in body
    assert "甲网格" in body
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex")
    assert Client().get("/badge/", {"serial": badge.spaced})["Location"] == f"/badge/{badge.serial}/"


def test_a_badge_that_is_worth_nothing_names_nobody(badge: Badge, lead: Account, cast: Cast):
    Badge.objects.update(
        expires_on=timezone.localdate(), issued_on=timezone.localdate() - timedelta(days=365)
    )
    assert "网格员小赵" not in read(f"/badge/{badge.serial}/")
    badge.refresh_from_db()
    revoke_badge(badge, by=lead, at=timezone.now())
    body = read(f"/badge/{badge.serial}/")
    assert "已注销" in body
    assert "网格员小赵" not in body
    assert Client().get("/badge/AAAAAAAAAAAA/").status_code == 404
    assert Client().get(f"/badge/{badge.serial}/photo/").status_code == 404


def test_nobody_tries_number_after_number(badge: Badge, settings: Settings):
    settings.LIMITS = {**settings.LIMITS, "badge": (3, 600)}
    outside = Client(REMOTE_ADDR="203.0.113.9")
    answers = [outside.get(f"/badge/AAAAAAAAAA{number:02d}/").status_code for number in range(4)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert outside.get(f"/badge/{badge.serial}/photo/").status_code == 429
