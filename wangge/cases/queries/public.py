"""The only thing the public sees of a matter (design: trust, Reporters).

Never the reporter; words and photos only after a person has looked at them; the place to the street segment where
the reporter asked for it. Whoever shows matters to the public (pages, map, Open311) reads them here.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db.models import Case as Choose
from django.db.models import Count, F, FloatField, Func, Q, QuerySet, TextField, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.queries import public_of
from wangge.audit.models import Event
from wangge.cases.models import MatterClass, Report
from wangge.cases.queries.filters import WORDS_REACH
from wangge.cases.queries.timeline import TWICE
from wangge.cases.workflow import ARBITRATE, BY_VERB, DISPATCH, ENDED, OPEN_REPORT, STEPS, Stage
from wangge.territory.cells import cover
from wangge.territory.coordinates import metres_between
from wangge.territory.models import Area, Level

Box = tuple[float, float, float, float]  # west, south, east, north in WGS84 degrees

# A call for help, a complaint about somebody and a question concern a person more than a place.
PUBLIC_KINDS = (Report.Kind.PROBLEM, Report.Kind.SUGGESTION)
SIMILAR_METRES = 100.0
SIMILAR_DAYS = 60
STREET_SEGMENT = 3  # decimals of a degree: about 100 metres
METRES_PER_DEGREE = 111_320.0
COMMON_KEY, COMMON_KEPT_SECONDS = "common-groups", 600  # every view of the report form asks for them

# Room, entrance and floor never help to find a lamp; house numbers go when the reporter asked for it.
# Digits and letters of both widths, as Chinese keyboards type them.
_DIGIT, _SIGN, _NUMERAL = "0-9０-９", "0-9０-９A-Za-zＡ-Ｚａ-ｚ", "一二三四五六七八九十百零〇"
_GAP = r"[\s　]*"
GAPS = re.compile(r"[\s　]+")
ROOM = re.compile(
    rf"{_GAP}[（(]?{_GAP}(?:[{_SIGN}{_NUMERAL}]+{_GAP}单元)?{_GAP}(?:[{_SIGN}{_NUMERAL}负-]+{_GAP}[层楼])?{_GAP}"
    rf"[{_SIGN}{_NUMERAL}-]*{_GAP}[室户]{_GAP}[）)]?.*$"
    rf"|{_GAP}[{_SIGN}{_NUMERAL}]+{_GAP}单元.*$"
    # “8栋301”, “2门501” and “3-502” name a room too, without calling it one.
    rf"|(?:(?<=[{_DIGIT}{_NUMERAL}][号门])|(?<=[幢栋座楼弄层#＃]))[\s　,，－—-]*(?:[{_DIGIT}]+[－—-])*[{_DIGIT}]{{2,4}}[A-Za-z]?{_GAP}$"
    rf"|(?<=[{_SIGN}])[－—-][{_DIGIT}]{{3,4}}{_GAP}$"
)
HOUSE = re.compile(
    rf"{_GAP}[{_SIGN}{_NUMERAL}甲乙丙丁之－-]*[{_SIGN}{_NUMERAL}]{_GAP}(?:号|幢|栋|座|弄|#|＃).*$"
    rf"|(?<![{_SIGN}]){_GAP}[{_DIGIT}]+(?:[－—-][{_DIGIT}]+)*{_GAP}$"
)


@dataclass(frozen=True)
class Filters:
    """What the public list and map are narrowed to; every part may be left out."""

    group: str = ""
    area: Area | None = None
    open: bool | None = None
    words: str = ""  # looked for in what was received in the last 90 days, like at the desk
    box: Box | None = None
    since: datetime | None = None  # received since, or still open


@dataclass(frozen=True)
class PublicMatter:
    """One report as the public sees it. Point: WGS84 degrees, or None when there is none."""

    id: UUID
    number: int
    title: str
    class_code: str
    group: str
    group_code: str
    stage: Stage
    is_open: bool
    place: str
    lon: float | None
    lat: float | None
    exact: bool
    received_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    text: str
    answer: str
    case_id: UUID | None
    photos: Sequence[Attachment] = field(default=())
    result_photos: Sequence[Attachment] = field(default=())

    @property
    def stage_label(self) -> str:
        return str(self.stage.label)

    @property
    def before(self) -> Attachment | None:
        """The first published photo of how it was."""
        return next((a for a in self.photos if a.is_photo), None)

    @property
    def after(self) -> Attachment | None:
        """The last published photo of how it is now."""
        return next((a for a in reversed(self.result_photos) if a.is_photo), None)


@dataclass(frozen=True)
class Moment:
    """One step of the public line: what happened, and when."""

    verb: str
    label: Promise
    at: datetime


@dataclass(frozen=True)
class Mark:
    """One of the stations every matter passes: reached, or now, or still to come."""

    label: str
    state: str  # "past", "now" or "ahead"


# -- Which matters, and where they may be shown -------------------------------------------------------


def _street_segment(name: str) -> Func:
    """A coordinate rounded to the street segment; filters use it too, so that no search finds the exact place."""
    return Func(
        F(name),
        function="round",
        template="(round((%(expressions)s)::numeric, 3))::float8",
        output_field=FloatField(),
    )


def public_reports() -> QuerySet[Report]:
    """Return the reports anybody may know of, each with the coordinates it may be shown at."""
    return Report.objects.filter(kind__in=PUBLIC_KINDS, confidential=False).annotate(
        public_lon=Choose(When(street_only=True, then=_street_segment("lon")), default=F("lon")),
        public_lat=Choose(When(street_only=True, then=_street_segment("lat")), default=F("lat")),
    )


# What a person at the desk or on the spot has seen; before that an address is a stranger's free text.
LOOKED_AT = ~Q(stage=Stage.RECEIVED) | ~Q(finding="") | ~Q(published_at=None) | ~Q(received_by=None)
OPEN = Q(stage__in=OPEN_REPORT) | Q(stage=Stage.FILED, case__closed_at=None)


def _looked_at(report: Report) -> bool:
    return bool(
        report.stage != Stage.RECEIVED
        or report.finding
        or report.published_at
        or report.received_by_id is not None
    )


def _within(box: Box) -> Q:
    """The condition of a place in a box, by the coordinates the public sees."""
    west, south, east, north = box
    slack = 0.6 * 10**-STREET_SEGMENT
    near = Q()
    for low, high in cover((west - slack, south - slack, east + slack, north + slack), 8):
        near |= Q(cell__range=(low, high))
    return near & Q(public_lon__range=(west, east), public_lat__range=(south, north))


def _in(area: Area) -> Q:
    """The condition of a place in an area; a grid can be one house, and says more than a street segment."""
    inside = Q(area_path__startswith=area.path)
    return inside & Q(street_only=False) if area.level in (Level.GRID, Level.MICRO) else inside


def without_room() -> Func:
    """An address as the public reads it: what no page shows, no search finds either."""
    return Func(
        F("address"), Value(ROOM.pattern), Value(""), function="regexp_replace", output_field=TextField()
    )


def _says(words: str) -> Q:
    """The condition that class, address or published text hold every one of the words."""
    condition = Q()
    for word in words.split()[:5]:
        classes = MatterClass.objects.filter(
            Q(name__icontains=word) | Q(name_en__icontains=word) | Q(keywords__icontains=word)
        )
        condition &= (
            Q(matter__in=list(classes.values_list("pk", flat=True)))
            | (LOOKED_AT & Q(street_only=False, address__icontains=word) & Q(shown_address__icontains=word))
            | (~Q(published_at=None) & Q(public_text__icontains=word))
        )
    return condition


def filtered(filters: Filters) -> QuerySet[Report]:
    """Return the public reports that the filters leave, newest first."""
    chosen = public_reports()
    if filters.group:
        chosen = chosen.filter(matter__group__code=filters.group)
    if filters.area is not None:
        chosen = chosen.filter(_in(filters.area))
    if filters.open is not None:
        chosen = chosen.filter(OPEN if filters.open else ~OPEN)
    if filters.since is not None:
        chosen = chosen.filter(OPEN | Q(received_at__gte=filters.since))
    if filters.words.strip():
        since = (
            timezone.now() - WORDS_REACH
        )  # no index finds words: without a bound a search reads every year
        chosen = chosen.alias(shown_address=without_room())
        chosen = chosen.filter(_says(filters.words), received_at__gte=since)
    if filters.box is not None:
        chosen = chosen.filter(_within(filters.box))
    return chosen.order_by("-received_at", "-number")


# -- Reading them ----------------------------------------------------------------------------------------


def matters(filters: Filters, *, start: int = 0, most: int = 20) -> list[PublicMatter]:
    """Return `most` matters from the `start`-th on, with their published photos."""
    return with_photos(_shown(_joined(filtered(filters))[start : start + most]))


def matter(number: int) -> PublicMatter | None:
    """Return one matter by the number of its report; None when the public may not know of it."""
    found = with_photos(_shown(_joined(public_reports().filter(number=number))))
    return found[0] if found else None


def _joined(reports: QuerySet[Report]) -> QuerySet[Report]:
    return reports.select_related("matter__group", "case", "current_grid__parent")


def _shown(reports: Iterable[Report]) -> list[PublicMatter]:
    return [_public(report) for report in reports]


def _public(report: Report) -> PublicMatter:
    case, kind = report.case, report.matter
    is_open = report.stage in OPEN_REPORT or (case is not None and case.closed_at is None)
    return PublicMatter(
        id=report.pk,
        number=report.number,
        title=kind.label if kind else _("Not yet classified"),
        class_code=kind.code if kind else "",
        group=str(kind.group) if kind and kind.group else "",
        group_code=kind.group.code if kind and kind.group else "",
        stage=stage_of(report),
        is_open=is_open,
        place=place_of(report),
        lon=report.public_lon,  # type: ignore[attr-defined]  # annotated by public_reports
        lat=report.public_lat,  # type: ignore[attr-defined]
        exact=not report.street_only,
        received_at=report.received_at,
        updated_at=max(report.updated_at, case.updated_at) if case else report.updated_at,
        ended_at=case.closed_at if case else report.ended_at,
        text=report.public_text if report.published_at else "",
        answer="" if is_open else (case.answer if case else report.answer),
        case_id=report.case_id,
    )


def stage_of(report: Report) -> Stage:
    """Return where the matter stands: its case's stage once there is one."""
    return Stage(report.case.stage if report.case is not None else report.stage)


def place_of(report: Report) -> str:
    """Return the place in words as far as the public may know it."""
    if report.address and _looked_at(report):
        return public_address(report.address, street_only=report.street_only) or _neighbourhood(report)
    return _neighbourhood(report)


def _neighbourhood(report: Report) -> str:
    area = report.current_grid
    if area.level in (Level.GRID, Level.MICRO) and area.parent is not None:
        area = area.parent
    return area.name


def public_address(address: str, *, street_only: bool) -> str:
    """Return an address without the room, and without the house number when only the street may be shown."""
    # In a run of spaces the pattern would try every way of sharing them out: hours for one line of them.
    shown = ROOM.sub("", GAPS.sub(" ", address))
    return (HOUSE.sub("", shown) if street_only else shown).strip(" ,，、-")


def with_photos(found: Sequence[PublicMatter]) -> list[PublicMatter]:
    """Return the matters with their published photos, in two queries."""
    of_reports = public_of("report", [m.id for m in found])
    of_cases = public_of("case", {m.case_id for m in found if m.case_id})
    return [
        replace(
            m,
            photos=of_reports[m.id],
            result_photos=[a for a in of_cases.get(m.case_id, []) if a.purpose == Purpose.AFTER]
            if m.case_id
            else (),
        )
        for m in found
    ]


# A ruling sends a case out too; that units were at odds about it is for nobody outside.
TOLD_AS = {ARBITRATE.verb: DISPATCH}


def moments(report_id: UUID, case_id: UUID | None, received_at: datetime) -> list[Moment]:
    """Return the public steps of a report and its case, oldest first.

    A case that was there before the report joined it begins, for this report, with the report.
    """
    public = [*(step.verb for step in STEPS if step.public), *TOLD_AS]
    events = Event.objects.filter(
        verb__in=public, subject_id__in=[report_id, *([case_id] if case_id else [])]
    )
    # What makes a case is written on both chains; one of them is enough.
    rows = (
        events.exclude(subject_kind="case", verb__in=TWICE).filter(at__gte=received_at).order_by("at", "id")
    )
    told = ((TOLD_AS.get(verb, BY_VERB[verb]), at) for verb, at in rows.values_list("verb", "at"))
    return [Moment(step.verb, step.past, at) for step, at in told]


STATIONS: tuple[tuple[Promise, frozenset[Stage]], ...] = (
    (Stage.RECEIVED.label, frozenset({Stage.RECEIVED, Stage.VERIFYING})),
    (Stage.FILED.label, frozenset({Stage.FILED, Stage.ARBITRATING, Stage.DISPATCHED})),
    (Stage.HANDLING.label, frozenset({Stage.HANDLING, Stage.SUSPENDED})),
    (Stage.CHECKING.label, frozenset({Stage.DONE, Stage.CHECKING, Stage.PASSED})),
    (Stage.CLOSED.label, frozenset({Stage.CLOSED})),
)


def marks(stage: Stage) -> list[Mark]:
    """Return the stations of the way with the present one marked; what ends without a result has a way of two."""
    if stage in ENDED - {Stage.CLOSED}:
        return [Mark(str(Stage.RECEIVED.label), "past"), Mark(str(stage.label), "now")]
    now = next(index for index, (_label, stages) in enumerate(STATIONS) if stage in stages)
    states = ["past" if index < now else "now" if index == now else "ahead" for index in range(len(STATIONS))]
    return [Mark(str(label), state) for (label, _stages), state in zip(STATIONS, states, strict=True)]


def voices(case_id: UUID | None) -> int:
    """Return how many reports are about the same case."""
    return Report.objects.filter(case_id=case_id).count() if case_id else 1


# -- Around a place ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """A matter as a dot on the map."""

    number: int
    title: str
    stage: Stage
    is_open: bool
    lon: float
    lat: float
    received_at: datetime


def points(filters: Filters, *, most: int = 2000) -> list[Point]:
    """Return the newest matters with a place as dots."""
    rows = filtered(filters).exclude(lon=None).select_related("matter", "case")
    rows = rows.only("number", "stage", "matter", "received_at", "case__stage", "case__closed_at")[:most]
    return [_dot(report) for report in rows]


def _dot(report: Report) -> Point:
    return Point(
        number=report.number,
        title=report.matter.label if report.matter else _("Not yet classified"),
        stage=stage_of(report),
        is_open=report.stage in OPEN_REPORT or (report.case is not None and report.case.closed_at is None),
        lon=report.public_lon,  # type: ignore[attr-defined]
        lat=report.public_lat,  # type: ignore[attr-defined]
        received_at=report.received_at,
    )


def box_around(lon: float, lat: float, metres: float) -> Box:
    """Return the box that holds every place within so many metres of a point."""
    up = metres / METRES_PER_DEGREE
    across = up / max(math.cos(math.radians(lat)), 0.01)
    return lon - across, lat - up, lon + across, lat + up


def similar(lon: float, lat: float, group: str, at: datetime, *, most: int = 5) -> list[PublicMatter]:
    """Return open matters of the same group within 100 metres, nearest first: perhaps it is one of them."""
    filters = Filters(group=group, open=True, box=box_around(lon, lat, SIMILAR_METRES))
    since = at - timedelta(days=SIMILAR_DAYS)
    found = _shown(_joined(filtered(filters).filter(received_at__gte=since))[:50])
    near = [
        (metres_between(lon, lat, m.lon, m.lat), m) for m in found if m.lon is not None and m.lat is not None
    ]
    near.sort(key=lambda pair: (pair[0], -pair[1].number))
    return with_photos([m for distance, m in near if distance <= SIMILAR_METRES][:most])


def recently_solved(near: tuple[float, float] | None = None, *, most: int = 3) -> list[PublicMatter]:
    """Return the last matters that were closed (within 2 km of a point), those with photos before the others."""
    box = box_around(*near, 2000) if near else None
    closed = filtered(Filters(box=box)).filter(case__stage=Stage.CLOSED).order_by("-case__closed_at")
    seen: dict[UUID | None, PublicMatter] = {}
    for found in with_photos(_shown(_joined(closed)[:40])):
        seen.setdefault(found.case_id, found)
    return sorted(seen.values(), key=lambda m: -bool(m.after) - bool(m.after and m.before))[:most]


def common_groups(at: datetime) -> dict[str, int]:
    """Return how many public reports each group had in the last 90 days, by the group's code; ten minutes old at most."""
    known: dict[str, int] | None = cache.get(COMMON_KEY)
    if known is None:
        known = _common_groups(at)
        cache.set(COMMON_KEY, known, COMMON_KEPT_SECONDS)
    return known


def _common_groups(at: datetime) -> dict[str, int]:
    rows = (
        Report.objects.filter(
            kind__in=PUBLIC_KINDS,
            confidential=False,
            received_at__gte=at - timedelta(days=90),
            matter__group__isnull=False,
        )
        .order_by()
        .values_list("matter__group__code")
        .annotate(Count("pk"))
    )
    return dict(rows)
