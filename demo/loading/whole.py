"""The whole load in one transaction: a load that was killed halfway leaves the database as empty as it was."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from demo.loading.addresses import store_register
from demo.loading.book import Book
from demo.loading.desk import settle_desk, store_desk
from demo.loading.facility_files import store_facility_files
from demo.loading.forces import store_forces
from demo.loading.ground import store_ground, store_registry
from demo.loading.key import ensure_key
from demo.loading.matters import Players
from demo.loading.people import name_fallbacks, store_people
from demo.loading.photos import Album
from demo.loading.redivision import DAYS_AGO, redivide, store_design
from demo.loading.reorganisation import store_reorganisation
from demo.loading.situations import Situations
from demo.loading.territory import store_territory
from demo.matters import stories
from demo.people import people
from demo.places import District, build_district
from wangge.accounts.models import Account, Unit
from wangge.audit.actions import record_access
from wangge.audit.relay import Listeners, installed_listeners, relay_all
from wangge.cases.configuration import versions
from wangge.cases.models import ConfigVersion, Report
from wangge.cases.seed import seed_configuration
from wangge.common.refusals import Refused
from wangge.insight.actions import freeze_month
from wangge.insight.facts import rebuild_all
from wangge.insight.measures.evaluation import month_before
from wangge.territory.models import Area

Say = Callable[[str], None]
# Days of the story after which the tables have grown so much that the planner should hear of it.
FRESH_STATISTICS_ON = (1, 5, 20, 60)
FACTS, NOTICES = ".insight.", ".notices."  # parts of the names of those who listen
NEWS = timedelta(days=3)  # nobody is told of older things
MORNING = time(8, 30)
YOUNG = 0  # the generation of what this day has made


@dataclass(frozen=True, slots=True)
class Amount:
    """How much history to tell."""

    days: int = 90
    per_day: float = 25
    seed: int = 2026


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load made."""

    areas: int
    people: int
    reports: int
    steps: int


def refuse_unless_empty_demo() -> None:
    """Raise Refused where a made-up district must not appear: in production, and where there is anything already."""
    if not settings.DEMO:
        raise Refused(_("The demo district is never loaded into a production installation."))
    if Area.objects.exists() or Unit.objects.exists() or Account.objects.exists() or Report.objects.exists():
        raise Refused(
            _(
                "This database is in use. To start the demo anew, stop Wangge and name an empty folder: "
                "WANGGE_DATA=/path make run"
            )
        )


def load(amount: Amount, *, at: datetime, say: Say, district: District | None = None) -> Loaded:
    """Load the district and its history up to `at` (aware); all of it or nothing. Raises Refused as above."""
    refuse_unless_empty_demo()
    district = district or build_district(amount.seed)
    with _all_or_nothing(), override(settings.LANGUAGE_CODE):
        everybody = people(district, amount.seed)
        _load_places_and_people(district, amount, at, say)
        reports, steps = _play(district, amount, at, say)
        record_access("demo.loaded", by=None, at=at, detail={"reports": reports, "seed": amount.seed})
    return Loaded(len(district.areas), len(everybody), reports, steps)


def load_places(amount: Amount, *, at: datetime, say: Say, district: District) -> None:
    """Load the district and its people only: a town in which nothing has happened. Raises Refused as `load`."""
    refuse_unless_empty_demo()
    with _all_or_nothing(), override(settings.LANGUAGE_CODE):
        _load_places_and_people(district, amount, at, say)


def load_history(amount: Amount, *, at: datetime, say: Say, district: District) -> None:
    """Let what happened up to `at` happen in a district that `load_places` loaded."""
    with _all_or_nothing(), override(settings.LANGUAGE_CODE):
        _play(district, amount, at, say)


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """One transaction without savepoints inside: a step that is refused here is a fault of ours and ends the load."""
    with transaction.atomic():
        connection.features.uses_savepoints = False
        try:
            with _tidying_by_hand():
                yield
        finally:
            connection.features.uses_savepoints = True


@contextmanager
def _tidying_by_hand() -> Iterator[None]:
    """Keep Python from looking for garbage in what stays to the end, the district and its stories: a fifth of the time."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _load_places_and_people(district: District, amount: Amount, at: datetime, say: Say) -> None:
    seed_configuration()
    areas = store_territory(district)
    everybody = people(district, amount.seed)
    store_people(everybody, areas, at=at)
    name_fallbacks()
    store_forces(amount.seed, at=at)
    store_desk(at)
    _open_on(at - timedelta(days=amount.days))
    ensure_key(at)
    say(f"{len(district.areas)} areas, {len(everybody)} people in their posts")
    store_ground(district)
    store_registry(district, areas, timezone.localdate(at))
    store_register(district, areas)
    store_facility_files(at)
    store_reorganisation(at - timedelta(days=amount.days), at=at)
    store_design(at - timedelta(hours=2))
    _analyze()
    say(f"{len(district.buildings)} buildings, {len(district.facilities)} facilities")


def _open_on(opened: datetime) -> None:
    """Let the configuration hold from the first day of the story on; what the program ships was there the day before."""
    ConfigVersion.objects.filter(published_at__gte=opened).update(published_at=opened - timedelta(days=1))
    versions.note_outside_changes(at=opened, note="示范区开通")


def _analyze() -> None:
    """Tell the planner what is in the tables; nobody else can while our transaction is open."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _play(district: District, amount: Amount, at: datetime, say: Say) -> tuple[int, int]:
    until = timezone.localtime(at)
    told = list(stories(district, until=until, days=amount.days, per_day=amount.per_day, seed=amount.seed))
    with Album() as album:
        book = Book()
        players = Players(told, book, album, amount.seed)
        album.draw_ahead(players.shots())
        happened = _play_days(players, until.date() - NEWS, say)
    happened += Situations(book, until).make()
    settle_desk(until)
    relay_all(_listeners_without(FACTS))
    _judge(until, say)
    return sum(len(story.said) for story in told), happened


def _play_days(players: Players, news_from: date, say: Say) -> int:
    history, news, happened = _listeners_without(FACTS, NOTICES), _listeners_without(FACTS), 0
    redivided_on = players.days[-min(DAYS_AGO, len(players.days) - 1) - 1]
    for number, day in enumerate(days := players.days, start=1):
        listeners = news if day >= news_from else history
        if day == redivided_on:
            redivide(timezone.make_aware(datetime.combine(day, MORNING)), listeners)
        happened += players.play(day)
        relay_all(listeners)
        gc.collect(YOUNG)
        if number in FRESH_STATISTICS_ON:
            _analyze()
        if number % 10 == 0 or number == len(days):
            say(f"{number}/{len(days)} days, {happened} steps")
    return happened


def _listeners_without(*left_out: str) -> Listeners:
    """Who hears of a step; facts are made at the end, all at once, and what happened long ago is no news to anybody."""
    return {
        verb: tuple(name for name in names if not any(part in name for part in left_out))
        for verb, names in installed_listeners().items()
    }


def _judge(until: datetime, say: Say) -> None:
    """Make the facts of the whole history; freeze the scorecards of the month before last, the last one stays open."""
    _analyze()
    rebuild_all()
    _analyze()
    last = month_before(until.date())
    frozen = freeze_month(until, period=month_before(last.start))
    say(f"{frozen} scorecards frozen")
