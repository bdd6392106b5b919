"""New reports keep coming, and the staff of the district work on them and on nothing else."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils.translation import override

from demo.live import running
from demo.live.coming import postings
from demo.live.staff import Staff, line
from demo.loading.book import Book
from demo.loading.key import NAME, demo_key, ensure_key
from demo.loading.people import store_people
from demo.loading.photos import Album
from demo.loading.territory import store_territory
from demo.paths import Cast
from demo.people import people
from demo.places import District
from wangge.attachments.models import Attachment
from wangge.audit.models import Event
from wangge.cases import actions, clocks
from wangge.cases.models import Case, Report
from wangge.cases.seed import seed_configuration
from wangge.cases.workflow import Stage
from wangge.intake import keys
from wangge.intake.channels.open311.replaying import Answer, Posting
from wangge.territory import lookup

NOW = datetime(2026, 6, 16, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def peopled(district: District, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The district with its people and not a single report."""
    with django_db_blocker.unblock():
        undone = transaction.atomic()
        undone.__enter__()
        try:
            seed_configuration()
            store_people(people(district), store_territory(district), at=NOW)
            yield
        finally:
            transaction.set_rollback(True)
            undone.__exit__(None, None, None)
            lookup.forget()
            clocks.look_again()


@pytest.fixture
def staff(peopled: None, district: District) -> Staff:
    rng = random.Random(7)
    return Staff(Cast(people(district), rng), Book(), Album(), speed=60, rng=rng)


def report(district: District, number: int = 0, **more: Any) -> Report:
    """A fallen lamp that came in live."""
    lamp = next(f for f in district.facilities if f.class_name == "路灯")
    draft = actions.Draft(
        **{
            "channel": "open311", "source": NAME, "source_key": f"{number}", "text": "路灯杆倒在人行道上", "at": NOW,
            "lon": lamp.lon, "lat": lamp.lat, "address": lamp.road, "matter": Book().matters["01037"], **more,
        }
    )  # fmt: skip
    return Report.objects.get(pk=actions.receive_report(draft).id)


def test_a_live_report_goes_the_whole_road_in_the_hands_of_those_whose_posts_allow_it(
    staff: Staff, district: District
) -> None:
    reports = [report(district, number) for number in range(6)]
    moment = NOW
    for _ in range(90):
        moment += timedelta(seconds=30)  # half an hour of the district's time
        list(staff.work(moment))
    cases = Case.objects.filter(reports__in=reports)
    assert {case.stage for case in cases} == {Stage.CLOSED}
    refuted = Report.objects.filter(finding="refuted").count()
    assert len(cases) + refuted == 6
    assert (
        Event.objects.filter(subject_id__in=cases.values("pk"), actor=None)
        .values_list("verb")
        .distinct()
        .count()
        == 1
    )
    shown = Attachment.objects.filter(subject_id__in=cases.values("pk"), purpose="after")
    assert shown.exists()
    assert not shown.filter(published_at=None).exists()


def test_nobody_acts_before_it_is_plausible(staff: Staff, district: District) -> None:
    report(district)
    assert list(staff.work(NOW + timedelta(seconds=2))) == []
    done = list(staff.work(NOW + timedelta(seconds=30)))
    assert [step.number for step in done] == [f"R{Report.objects.get().number}"]


def test_matters_of_others_are_left_alone(staff: Staff, district: District) -> None:
    report(district, source="")
    report(district, 1, channel="web")
    assert list(staff.work(NOW + timedelta(days=1))) == []


def test_what_somebody_else_has_moved_meanwhile_is_left_alone(staff: Staff, district: District) -> None:
    case = report(district)
    chief = staff.book.accounts["shouli"]
    open_before = staff._open_reports()
    actions.answer_report(case, answer="已电话答复", by=chief, at=NOW)
    staff._open_reports = lambda: open_before  # type: ignore[method-assign]
    assert list(staff.work(NOW + timedelta(hours=1))) == []


def test_reports_come_in_time_order_with_the_answers_their_class_asks_for(
    peopled: None, district: District
) -> None:
    coming = list(islice(postings(district, Book(), start=NOW, per_day=25, seed=5), 60))
    moments = [posting.at for posting in coming]
    assert moments == sorted(moments)
    assert moments[0] == NOW
    assert moments[-1] > NOW + timedelta(days=1)
    for posting in coming:
        assert {"service_code", "description", "lat", "long", "address_string"} <= set(posting.fields)
    lamps = [p.fields for p in coming if p.fields["service_code"] == "01037"]
    assert all(fields["attribute[lamp_extent]"] in {"one", "several", "street"} for fields in lamps)


def test_between_two_reports_staff_work_about_once_a_second(staff: Staff) -> None:
    coming = [Posting(NOW + timedelta(minutes=n), {"description": f"第{n}件"}) for n in (0, 5, 10)]
    said: list[str] = []
    slept: list[float] = []
    looked: list[datetime] = []
    staff.work = lambda now: iter(looked.append(now) or [])  # type: ignore[method-assign,func-returns-value]

    def post(fields: dict[str, str]) -> Answer:
        return Answer(error="503") if fields["description"] == "第5件" else Answer(number="17")

    running.play(coming, post, staff, speed=60, say=said.append, sleep=slept.append)
    assert len(said) == 3
    assert "R17" in said[0]
    assert "503" in said[1]
    assert 8 < sum(slept) <= 15
    assert max(slept) <= 1
    assert len(looked) == len(slept)


def test_a_live_demo_at_night_tells_of_a_morning() -> None:
    assert running.lively_hour(NOW) == NOW
    assert running.lively_hour(NOW.replace(hour=23, minute=40)) == NOW.replace(hour=8)


def test_a_line_tells_when_what_which_and_who(staff: Staff, district: District) -> None:
    report(district)
    with override("zh-hans"):
        [done] = staff.work(NOW + timedelta(minutes=1))
        told = line(done)
    assert re.match(r"\d\d:\d\d:\d\d  ", told)
    assert done.number in told
    assert "路灯" in told
    assert done.who in told


def test_the_key_of_the_live_mode_is_known_to_the_server(peopled: None) -> None:
    ensure_key(NOW)
    ensure_key(NOW)
    assert keys.holder_of(demo_key()) == NAME
