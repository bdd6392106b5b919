"""The live mode: reports are posted when their turn comes, and while waiting for the next one staff work."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import tee

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from demo.live.coming import postings
from demo.live.staff import Staff, line
from demo.loading.book import Book
from demo.loading.key import demo_key, ensure_key
from demo.loading.photos import Album
from demo.paths import Cast
from demo.people import DEMO_PEOPLE, people
from demo.places import build_district
from wangge.accounts.models import Account
from wangge.common.refusals import Refused
from wangge.intake.channels.open311.replaying import Answer, Open311Server, Posting, Sleep, replay

Post = Callable[[dict[str, str]], Answer]
Say = Callable[[str], None]
LOOK_EVERY_SECONDS = 1.0
MORNING, EVENING = 8, 20


@dataclass(frozen=True, slots=True)
class Live:
    """How fast and where to."""

    url: str
    speed: float = 60.0
    per_day: float = 25
    seed: int = 2026


def refuse_unless_demo_loaded() -> None:
    """Raise Refused in production, and where the made-up people are not there to work."""
    if not settings.DEMO:
        raise Refused(_("The live demo never runs on a production installation."))
    if not Account.objects.filter(username=DEMO_PEOPLE[0].account).exists():
        raise Refused(_("The demo district is not loaded here. Load it first: wangge demo"))


def run_live(live: Live, *, say: Say) -> None:
    """Post reports to the server and let staff work on them until interrupted; says one line for each event."""
    refuse_unless_demo_loaded()
    start = timezone.localtime()
    ensure_key(start)
    district, rng = build_district(live.seed), random.Random(start.isoformat())
    book = Book()
    staff = Staff(Cast(people(district, live.seed), rng), book, Album(), speed=live.speed, rng=rng)
    coming = postings(district, book, start=lively_hour(start), per_day=live.per_day, seed=start.toordinal())
    server = Open311Server(live.url, demo_key())
    with override(settings.LANGUAGE_CODE):
        play(coming, server.post, staff, speed=live.speed, say=say)


def lively_hour(start: datetime) -> datetime:
    """From where in a day reports are told: a live demo at night would be a quiet one, so it begins in the morning."""
    return start if MORNING <= start.hour < EVENING else start.replace(hour=MORNING, minute=0, second=0)


def play(
    coming: Iterable[Posting], post: Post, staff: Staff, *, speed: float, say: Say, sleep: Sleep = time.sleep
) -> None:
    """Post each report when its turn comes; about once a second in between, staff take the steps that are due."""

    def work_meanwhile(seconds: float) -> None:
        while seconds > 0:
            for done in staff.work(timezone.now()):
                say(line(done))
            pause = min(seconds, LOOK_EVERY_SECONDS)
            sleep(pause)
            seconds -= pause

    ahead, shown = tee(coming)
    for posting, answer in zip(shown, replay(ahead, post, speed=speed, sleep=work_meanwhile), strict=True):
        say(_received(posting, answer, timezone.localtime()))


def _received(posting: Posting, answer: Answer, at: datetime) -> str:
    words = posting.fields["description"]
    if answer.error:
        return f"{at:%H:%M:%S}  未收到：{answer.error}  {words}"
    return f"{at:%H:%M:%S}  新上报  R{answer.number}  {words}"
