"""Scorecards 考核表 as data: what each judges, its rates, its counts, and whose work it is."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.insight.facts.ends import DONE
from wangge.insight.measures.evaluation import Counted, Ratio, desk, hotline, levels, reports, stages, units
from wangge.insight.models import FactKind
from wangge.territory.models import Level

LEAST_PEOPLE = 5  # a score of fewer people would be a score of persons
# Below a community one worker did most of what was done, whoever helped out.
TEAMS_FROM = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY)
AREA_LEVELS = (Level.COUNTY, Level.STREET, Level.COMMUNITY, Level.GRID)


@dataclass(frozen=True)
class Card:
    """One kind of scorecard: its rows are units, or areas of a level; of a team only if enough people did the work."""

    code: str
    label: Promise
    says: Promise
    ratios: tuple[Ratio, ...]
    more: tuple[Counted, ...] = ()  # shown besides the two counts of each rate
    by_unit: bool = False
    work: tuple[FactKind, ...] = ()  # the stretches that whoever holds this post ends
    level: Level | None = None  # the one level of its rows; None: as asked for

    @property
    def counts(self) -> tuple[Counted, ...]:
        """Everything that is counted for it, each once."""
        found = {count.code: count for ratio in self.ratios for count in (ratio.part, ratio.whole)}
        return tuple((found | {count.code: count for count in self.more}).values())

    @property
    def is_of_people(self) -> bool:
        return bool(self.work)

    @property
    def worked(self) -> tuple[str, ...]:
        """The steps by which this post's stretches end."""
        return tuple({verb for kind in self.work for verb in DONE[kind]})


SIX = stages.OF

DEPARTMENT = Card(
    "department",
    _("Departments"),
    _("How departments, companies and stations handled what was dispatched to them."),
    (
        units.HANDLED_RATE, units.HANDLED_IN_TIME_RATE, units.HANDLED_LATE_RATE, units.OPEN_LATE_RATE,
        units.CLOSED_RATE, units.CLOSED_IN_TIME_RATE, units.REWORK_RATE, units.EXTENSION_RATE,
        hotline.RESPONSE_RATE, hotline.SOLVING_RATE, hotline.SATISFACTION_RATE,
    ),
    (units.RECEIVED_BY_UNIT, units.SENT_BACK, units.SUSPENDED, units.URGED),
    by_unit=True,
)  # fmt: skip
AREA = Card(
    "area",
    _("Areas"),
    _("What was reported in each area, and how it was closed."),
    (
        reports.FILING_RATE, reports.PUBLIC_RATE, units.CLOSED_RATE, units.CLOSED_IN_TIME_RATE,
        units.CLOSED_LATE_RATE, units.NOT_CLOSED_RATE, units.REWORK_RATE,
    ),
    (units.REOPENED, units.VOIDED),
)  # fmt: skip
LEVELS = Card(
    "levels",
    _("Where it was solved"),
    _("Which share was solved in the grid, the community, the street and the district."),
    tuple(ratio for _counted, ratio in levels.AT.values()),
)
HOTLINE = Card(
    "hotline",
    _("Three rates"),
    _("Responded, solved, satisfied: what residents say of what became of their reports."),
    (hotline.RESPONSE_RATE, hotline.SOLVING_RATE, hotline.SATISFACTION_RATE),
)
INSPECTOR = Card(
    "inspector",
    _("Inspectors"),
    _("What the grid workers of each street found, verified and checked together."),
    (reports.VALID_RATE, reports.MISSED_RATE, desk.VERIFIED_IN_TIME_RATE, desk.CHECKED_IN_TIME_RATE),
    work=(FactKind.VERIFY, FactKind.CHECK),
    level=Level.STREET,
)
ACCEPTOR = Card(
    "acceptor",
    _("Acceptors"),
    _("What the acceptors of each district admitted together."),
    (desk.SENT_IN_TIME_RATE,),
    (SIX[FactKind.ACCEPT].done,),
    work=(FactKind.ACCEPT,),
    level=Level.COUNTY,
)
DUTY_CHIEF = Card(
    "duty_chief",
    _("Duty chiefs"),
    _("What the duty chiefs of each district filed and closed together."),
    (desk.FILED_IN_TIME_RATE, desk.FILED_RIGHTLY_RATE, units.CLOSED_IN_TIME_RATE),
    work=(FactKind.WHOLE,),
    level=Level.COUNTY,
)
DISPATCHER = Card(
    "dispatcher",
    _("Dispatchers"),
    _("What the dispatchers of each district dispatched together."),
    (desk.DISPATCHED_IN_TIME_RATE, desk.DISPATCHED_RIGHTLY_RATE),
    (SIX[FactKind.DISPATCH].done,),
    work=(FactKind.DISPATCH,),
    level=Level.COUNTY,
)

CARDS = (DEPARTMENT, AREA, LEVELS, HOTLINE, INSPECTOR, ACCEPTOR, DUTY_CHIEF, DISPATCHER)
CARD_OF = {card.code: card for card in CARDS}
