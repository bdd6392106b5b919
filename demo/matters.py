"""Ninety days of what residents say and what becomes of it: `stories` yields it in time order."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from wangge.cases.classes_data import Condition, read_conditions

from .paths import Cast, Path
from .people import people
from .places import District
from .spots import Spot, Spots
from .story import Said, Step, Story
from .texts import DECLINED, QUESTIONS, TEMPLATES, Declined, Question, Template
from .units import COUNTY, enforcement, mobile, responsible_unit

__all__ = ["Said", "Step", "Story", "stories"]

CHANNELS = (("web", 40), ("worker", 27), ("hotline", 24), ("desk", 5), ("open311", 4))
WITHOUT_CASE = {"question": 0.065, "declined": 0.025}
DUPLICATED, RAINY = 0.11, 0.22
# A street whose drains give trouble in the last days: something for the warnings to find.
SURGE_DAYS, SURGE_SHARE, SURGE_CODE = 6, 0.13, "10997"
# Shares of the day's hours, 0 to 23.
HOURS: dict[str, tuple[int, ...]] = {
    "any": (1, 1, 1, 0, 0, 1, 3, 6, 9, 10, 9, 7, 5, 5, 7, 8, 8, 8, 7, 7, 6, 5, 3, 2),
    "day": (0, 0, 0, 0, 0, 0, 2, 5, 9, 10, 9, 6, 4, 5, 8, 9, 8, 7, 5, 3, 2, 1, 0, 0),
    "morning": (0, 0, 0, 0, 0, 2, 8, 14, 14, 9, 5, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 0, 0, 0),
    "evening": (1, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 4, 4, 2, 2, 3, 5, 9, 12, 12, 9, 6, 4, 2),
    "night": (4, 3, 2, 1, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1, 1, 1, 2, 5, 10, 13, 12, 9, 6),
    "rush": (0, 0, 0, 0, 0, 0, 4, 13, 10, 5, 3, 4, 3, 2, 2, 4, 9, 12, 8, 4, 2, 1, 0, 0),
}
# What came in during the last hours, so that the desk has work in front of it.
FRESH, FRESH_MINUTES = 14, 140
SEASON_MONTHS = {"summer": (6, 7, 8, 9), "autumn": (10, 11), "winter": (12, 1, 2)}
PREFIXES = ("", "", "", "", "您好，", "麻烦反映一下，", "请问能不能管管，", "再次反映：")
SUFFIXES = ("", "", "", "。", "，谢谢！", "，请尽快处理", "，麻烦派人看看", "，盼回复。")
TIMES = ("早上七点多", "中午", "下午放学时", "晚上八点左右", "半夜", "天刚亮")
CALLERS = ("女士", "先生", "阿姨", "大爷", "同学", "师傅")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody whom the sign-in page offers is to find waiting: so many at a stage, in a grid or at a unit."""

    stage: str
    number: int
    grid: str = ""
    unit: str = ""


FIRST_GRID = f"{COUNTY}001001001"
WANTED = (
    Wanted("verifying", 2, grid=FIRST_GRID), Wanted("checking", 2, grid=FIRST_GRID),
    Wanted("dispatched", 2, unit="QL-LD"), Wanted("handling", 2, unit="QL-LD"),
    Wanted("dispatched", 2, unit=enforcement("001")), Wanted("handling", 2, unit=enforcement("001")),
)  # fmt: skip
TRIES, PLACES, WANTED_DAYS = 3000, 60, 4


def stories(
    district: District, *, until: datetime, days: int = 90, per_day: float = 25, seed: int = 2026
) -> Iterator[Story]:
    """What happened in the `days` before `until` (aware, local time zone), in the order in which it began.

    Every step lies before `until`; whatever is not finished then stands open, some of it past its limit.
    """
    yield from sorted(_Teller(district, until, seed).tell(days, per_day), key=lambda story: story.begun)


class _Teller:
    def __init__(self, district: District, until: datetime, seed: int) -> None:
        self.rng = random.Random(f"{seed}-stories")
        self.until = until
        self.spots = Spots(district, seed)
        self.path = Path(Cast(people(district, seed), self.rng), self.rng, until)
        self.conditions = {(row.matter_code, row.ordinal): row for row in read_conditions()}
        self.trouble = self.spots.find("estate", SURGE_CODE)
        self.told = 0

    def tell(self, days: int, per_day: float) -> Iterator[Story]:
        today = self.until.replace(hour=0, minute=0, second=0, microsecond=0)
        for back in range(days - 1, -1, -1):
            day = today - timedelta(days=back)
            rain = self.rng.random() < RAINY
            number = per_day * (0.75 if day.weekday() >= 5 else 1.1) * (1.25 if rain else 0.94)
            for _ in range(max(1, round(self.rng.gauss(number, math.sqrt(number))))):
                story = self._one(day, rain, surge=back < SURGE_DAYS)
                if story is not None:
                    yield story
        for _ in range(FRESH):
            at = self.until - timedelta(minutes=self.rng.uniform(2, FRESH_MINUTES))
            template = self.rng.choices(TEMPLATES, [_weight(t, at.month, False) for t in TEMPLATES])[0]
            if story := self._with_case(at, template, self.spots.find(template.place, template.code), at):
                yield story

        for wanted in WANTED:
            self.path.wanted = wanted.stage
            yield from islice(self._waiting(wanted), wanted.number)

    def _waiting(self, wanted: Wanted) -> Iterator[Story]:
        """Stories of the last days that stand where they are wanted."""
        places = list(islice(self._places_for(wanted), PLACES))
        for _ in range(TRIES if places else 0):
            template, spot = self.rng.choice(places)
            day = self.until - timedelta(days=self.rng.randrange(WANTED_DAYS))
            story = self._with_case(day, template, spot)
            if story and story.stage == wanted.stage and wanted.unit in ("", story.unit_code):
                yield story

    def _places_for(self, wanted: Wanted) -> Iterator[tuple[Template, Spot]]:
        """What may go wrong where, in the wanted grid or for the wanted unit."""
        for _ in range(TRIES):
            template = self.rng.choice(TEMPLATES)
            spot = self.spots.find(template.place, template.code)
            fits = wanted.unit in ("", *self._units_for(template, spot))
            if fits and wanted.grid in ("", spot.grid_code):
                yield template, spot

    def _units_for(self, template: Template, spot: Spot) -> list[str]:
        roles = [self.conditions[template.code, ordinal].unit_role for ordinal, _ in template.conditions]
        return [responsible_unit(role, template.code, spot.grid_code[:12]) for role in roles]

    def _one(self, day: datetime, rain: bool, surge: bool) -> Story | None:
        roll = self.rng.random()
        if roll < WITHOUT_CASE["question"]:
            return self._without_case(day, self.rng.choice(QUESTIONS))
        if roll < sum(WITHOUT_CASE.values()):
            return self._without_case(day, self.rng.choice(DECLINED))
        if surge and self.rng.random() < SURGE_SHARE:
            template = next(t for t in TEMPLATES if t.code == SURGE_CODE)
            return self._with_case(day, template, self.spots.beside(self.trouble, 120))
        template = self.rng.choices(TEMPLATES, [_weight(t, day.month, rain) for t in TEMPLATES])[0]
        return self._with_case(day, template, self.spots.find(template.place, template.code))

    def _without_case(self, day: datetime, words: Question | Declined) -> Story | None:
        at = self._moment(day, "any")
        if at > self.until:
            return None
        spot = self.spots.find("road", "")
        text = words.text.format(road=spot.road)
        kind = words.kind if isinstance(words, Question) else "problem"
        said = self._said(at, spot, text, kind, "", "", self.rng.choice(("web", "hotline", "web")))
        return (
            self.path.answered(said, words)
            if isinstance(words, Question)
            else self.path.declined(said, words)
        )

    def _with_case(
        self, day: datetime, template: Template, spot: Spot, at: datetime | None = None
    ) -> Story | None:
        fixed, at = at is not None, at or self._moment(day, template.when)
        if at > self.until:
            return None
        ordinals, shares = [o for o, _ in template.conditions], [s for _, s in template.conditions]
        condition = self.conditions[template.code, self.rng.choices(ordinals, shares)[0]]
        channel = self.rng.choices([c for c, _ in CHANNELS], [w for _, w in CHANNELS])[0]
        if channel == "worker" and not fixed:
            at = at.replace(hour=8 + at.hour % 10)
            if at > self.until:
                return None
        said = [self._report(at, spot, template, condition, channel)]
        if channel != "worker" and self.rng.random() < DUPLICATED:
            said += self._others(at, spot, template, condition)
        return self.path.worked_on(said, template, condition)

    def _others(self, at: datetime, spot: Spot, template: Template, condition: Condition) -> list[Said]:
        """The same thing said by neighbours, an hour or so later."""
        others = []
        for _ in range(self.rng.choices((1, 2, 3), (6, 3, 1))[0]):
            at += timedelta(minutes=self.rng.uniform(6, 130))
            others.append(
                self._report(
                    at, self.spots.beside(spot, 45), template, condition, self.rng.choice(("web", "hotline"))
                )
            )
        return others

    def _moment(self, day: datetime, when: str) -> datetime:
        hour = self.rng.choices(range(24), HOURS[when])[0]
        return day.replace(hour=hour, minute=self.rng.randrange(60), second=self.rng.randrange(60))

    def _report(
        self, at: datetime, spot: Spot, template: Template, condition: Condition, channel: str
    ) -> Said:
        if channel == "worker":
            where = spot.where
            text = f"巡查发现：{where}，{condition.condition_zh}。"
        else:
            text = self._words(template, spot)
            if channel == "hotline":
                text = f"市民来电反映：{text}"
        photo = channel in ("web", "worker", "open311") and self.rng.random() < 0.86
        return self._said(
            at, spot, text, template.kind, template.code, template.scene if photo else "", channel
        )

    def _words(self, template: Template, spot: Spot) -> str:
        said = self.rng.choice(template.texts).format(
            where=spot.where, road=spot.road, estate=spot.estate or spot.road, n=spot.number or 1,
            days=self.rng.choice("两三四五七十"), time=self.rng.choice(TIMES),
        )  # fmt: skip
        return self.rng.choice(PREFIXES) + said + self.rng.choice(SUFFIXES)

    def _said(
        self, at: datetime, spot: Spot, text: str, kind: str, code: str, scene: str, channel: str
    ) -> Said:
        self.told += 1
        by = ""
        if channel == "worker":
            by = self.path.cast.worker(spot.grid_code)
        elif channel in ("desk", "hotline"):
            by = self.path.cast.desk("acceptor")
        reachable = channel == "hotline" or (channel == "web" and self.rng.random() < 0.45)
        name = self.rng.choice("赵钱孙李周吴郑王冯陈") + self.rng.choice(CALLERS) if reachable else ""
        phone = mobile(3000 + self.told % 7000) if reachable else ""
        return Said(
            f"demo-{self.told:05d}", at, channel, kind, text, spot.lon, spot.lat, spot.address, spot.grid_code,
            code, scene, by, name, phone, street_only=self.rng.random() < 0.06,
        )  # fmt: skip


def _weight(template: Template, month: int, rain: bool) -> float:
    if template.season == "rain":
        return template.weight * (3.0 if rain else 0.5)
    months = SEASON_MONTHS.get(template.season)
    if months is None:
        return float(template.weight)
    in_season = month in months
    if template.scene == "snow":
        return template.weight * (1.0 if in_season else 0.0)
    return template.weight * (1.6 if in_season else 0.6)
