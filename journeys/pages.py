"""Every page there is, who opens it and with what; and every other address, with why it is no page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from journeys import town
from journeys.acts import work
from journeys.roads import case_at, person, reported
from wangge.accounts.models import Unit
from wangge.attachments.models import Attachment, Kind
from wangge.cases.actions import ask_to_verify
from wangge.cases.calendars.actions import days_between, plan_change
from wangge.cases.configuration import drafts, dry_run
from wangge.cases.configuration.content import Difference
from wangge.cases.configuration.tables import TABLES
from wangge.cases.models import (
    Calendar,
    CalendarChange,
    Case,
    Clock,
    ConfigDraft,
    DeskShift,
    Handover,
    Report,
)
from wangge.cases.workflow import Stage
from wangge.fieldwork.models import Task
from wangge.insight.actions import appeal, freeze
from wangge.insight.measures.cards import AREA
from wangge.insight.measures.evaluation import read_period
from wangge.insight.models import Appeal, Scorecard, ScorecardRow
from wangge.notifications.channels.base import Message
from wangge.notifications.channels.shown import Shown
from wangge.registry.models import Address, Extract, FacilityFile
from wangge.registry.osm.bringing import bring as bring_extract
from wangge.territory.bringing import bring
from wangge.territory.changes.drafting import begin, take
from wangge.territory.changes.steps import rename
from wangge.territory.designer.asking import Wish
from wangge.territory.designer.asking import begin as begin_design
from wangge.territory.designer.forms import offered
from wangge.territory.designer.models import MOST_METHODS
from wangge.territory.designer.running import go_on as design_on
from wangge.territory.models import Area, Badge, BoundaryFile, GridDesign, Level, TerritoryChange

NOBODY = ""


@dataclass(frozen=True)
class Samples:
    """Matters at the stages that the pages want."""

    received: Report
    code: str
    verifying: Report
    filed: Case
    dispatched: Case
    handling: Case
    checking: Case
    passed: Case
    closed: Case
    closed_report: Report
    closed_code: str
    draft: ConfigDraft

    @property
    def task(self) -> Task:
        return Task.objects.get(report=self.verifying, done_at=None)

    @property
    def check(self) -> Task:
        return Task.objects.get(case=self.checking, done_at=None)

    @property
    def photo(self) -> Attachment:
        return Attachment.objects.filter(subject_id=self.checking.pk, kind=Kind.PHOTO, sealed=False).earliest(
            "pk"
        )

    @property
    def clock(self) -> Clock:
        return Clock.objects.filter(case=self.handling).order_by("pk")[0]

    @property
    def shift(self) -> DeskShift:
        return DeskShift.objects.order_by("-starts_at")[0]

    @property
    def handover(self) -> Handover:
        return Handover.objects.order_by("pk")[0]

    @property
    def report_clock(self) -> Clock:
        return Clock.objects.filter(report=self.received).order_by("pk")[0]

    @property
    def change(self) -> CalendarChange:
        """A day that the system administrator plans, and that moves something."""
        by, at = person(town.SYSTEM_ADMIN), timezone.now()
        planned = CalendarChange.objects.filter(made_by=by, confirmed_at=None).first()
        if planned is not None:
            return planned
        first = timezone.localdate() + timedelta(days=1)
        plan = days_between(first, first + timedelta(days=6), "rest", "停工", emergency=True, reason="寒潮")
        return plan_change(Calendar.objects.get(code="default"), plan, by=by, at=at)

    @property
    def boundary_file(self) -> BoundaryFile:
        """A file with a grid that crosses itself and lies in the sea; it waits for a decision."""
        waiting = BoundaryFile.objects.first()
        if waiting is None:
            grid = Area.objects.filter(level=Level.GRID, valid_to=None).earliest("pk")
            tie = "POLYGON ((123 30, 123.01 30.01, 123.01 30, 123 30.01, 123 30))"
            table = f'code,name,wkt\n{grid.code},{grid.name},"{tie}"\n'.encode()
            content, by = ContentFile(table), person(town.SYSTEM_ADMIN)
            county = Area.objects.filter(level=Level.COUNTY, valid_to=None).earliest("pk")
            waiting = bring(content, "网格.csv", {"crs": "wgs84"}, within=county, by=by, at=timezone.now())
        return waiting

    @property
    def extract(self) -> Extract:
        """A small extract that waits for a decision."""
        waiting = Extract.objects.first()
        if waiting is None:
            said = (
                '<osm version="0.6"><node id="1" version="1" lon="118.9" lat="32.9"/>'
                '<node id="2" version="1" lon="118.91" lat="32.9"/><way id="3" version="1"><nd ref="1"/><nd ref="2"/>'
                '<nd ref="9"/><tag k="highway" v="primary"/><tag k="name" v="人民路"/></way></osm>'
            )
            content = ContentFile(said.encode())
            waiting = bring_extract(content, "示范区.osm", by=person(town.SYSTEM_ADMIN), at=timezone.now())
        return waiting

    @property
    def facility_files(self) -> dict[str, FacilityFile]:
        """The files that the district begins with: one with rows to correct, one that waits, one taken over."""
        wrong, waiting, stored = FacilityFile.objects.all()[:3]
        return {"wrong": wrong, "waiting": waiting, "stored": stored}

    @property
    def frozen(self) -> Scorecard:
        """The scorecard of areas of a year long ago: nothing happened, yet it has its rows."""
        kept = Scorecard.objects.filter(card=AREA.code).first()
        if kept is None:
            district = Area.objects.filter(level=Level.COUNTY).defer("boundary").earliest("pk")
            kept = freeze(AREA, read_period("2020"), district, level=Level.STREET, by=None)
        return kept

    @property
    def frozen_row(self) -> ScorecardRow:
        return self.frozen.rows.all()[0]

    @property
    def appeal(self) -> Appeal:
        asked = Appeal.objects.first()
        if asked is None:
            row = self.frozen_row
            wanted = row.numbers["filed"] + 1
            asked = appeal(row, count="filed", wanted=wanted, reason="少算了一件", by=person(town.OVERSEER))
        return asked

    def nothing_but_a_message(self) -> list[Any]:
        """No argument; but somebody has been told something that the demo shows."""
        told = Message(
            reference="looked-at",
            wording="reporter_closed",
            heading="上报 1 已办结",
            sentence="路灯已修好。",
            at=timezone.now(),
            number="1",
            link=f"/m/{self.closed_code}/",
            stop=f"/m/{self.closed_code}/messages/",
        )
        with override_settings(SHOW_MESSAGES=True):
            Shown("sms").send("13812341234", told)
        return []

    def address(self, kind: str) -> Address:
        """The first address of a kind in the register that has others below or beside it."""
        return Address.objects.filter(kind=kind, valid_to=None).order_by("pk")[0]

    @property
    def badge(self) -> Badge:
        return Badge.objects.get(account=person(town.GRID_WORKER), revoked_at=None)

    @property
    def grid_design(self) -> GridDesign:
        """The grids of a community designed by every method there is."""
        made = GridDesign.objects.filter(stage=GridDesign.Stage.DONE).first()
        if made is None:
            by, at = person(town.TERRITORY), timezone.now()
            wish = Wish("页面检查：重划网格", 300, 500, offered()[:MOST_METHODS], ("main_roads", "water"))
            made = begin_design(town.grid().parent, wish, by=by, at=at)  # type: ignore[arg-type]
            design_on(made.pk, made.run, clock=timezone.now, turn=timedelta(hours=1))
            made.refresh_from_db()
        return made

    @property
    def waiting_design(self) -> GridDesign:
        """One that the worker has not begun."""
        made = GridDesign.objects.filter(stage=GridDesign.Stage.WAITING).first()
        if made is None:
            wish = Wish("页面检查：等待计算", 300, 500, offered()[:MOST_METHODS])
            by, at = person(town.TERRITORY), timezone.now()
            made = begin_design(town.grid().parent, wish, by=by, at=at)  # type: ignore[arg-type]
        return made

    @property
    def territory_change(self) -> TerritoryChange:
        """A draft that renames a grid."""
        by, at = person(town.TERRITORY), timezone.now()
        change = TerritoryChange.objects.filter(stage="draft", title="页面检查").first()
        if change is None:
            grid = self.handling.current_grid
            assert grid.parent is not None
            change = begin(grid.parent, title="页面检查", by=by, at=at)
            take(change, lambda plan, now: rename(plan, now, code=grid.code, name="新名网格"), by=by, at=at)
        return change

    @property
    def unit(self) -> Unit:
        unit = person(town.CLERK).unit
        assert unit is not None
        return unit


Arguments = Callable[[Samples], list[Any]]


@dataclass(frozen=True)
class Sheet:
    """One page: its name in the list of addresses, who opens it, its arguments and query, the status it answers."""

    name: str
    who: str = NOBODY
    arguments: Arguments | None = None
    query: str = ""
    status: int = 200
    english: str = ""  # how it is told from others with the same name

    def __str__(self) -> str:
        return f"{self.name}{'-' if self.english else ''}{self.english}{self.query}"

    def address(self, samples: Samples | None = None) -> str:
        given = self.arguments(samples) if self.arguments and samples else []
        return reverse(self.name, args=given) + self.query


def _step(kind: str, stage: str, noun: str, who: str, query: str = "") -> Sheet:
    """The form of a step on a page of its own, as it is without scripts."""
    return Sheet(f"cases:{kind}_step", who, lambda s: [getattr(s, stage).number, noun], query, english=noun)


def _facility_file(stage: str) -> Arguments:
    return lambda s: [s.facility_files[stage].pk]


def _step_of_territory(act: str) -> Arguments:
    return lambda s: [s.territory_change.pk, act]


SHEETS: tuple[Sheet, ...] = (
    # residents
    Sheet("intake:home"),
    Sheet("intake:report"),
    Sheet("intake:report", query="?start=photo"),
    Sheet("intake:follow", arguments=lambda s: [s.code], english="open"),
    Sheet("intake:follow", arguments=lambda s: [s.closed_code], english="closed"),
    Sheet("intake:follow", arguments=lambda s: ["NOSUCHCODE"], status=404, english="unknown"),
    Sheet("intake:received", arguments=lambda s: [s.code]),
    Sheet("intake:messages", arguments=lambda s: [s.code]),
    Sheet("intake:withdraw", arguments=lambda s: [s.code]),
    Sheet("intake:matters"),
    Sheet("intake:matters", query="?q=没有这样的事"),
    Sheet("intake:matter", arguments=lambda s: [s.closed_report.number]),
    Sheet("intake:matter", arguments=lambda s: [999999999], status=404, english="unknown"),
    Sheet("intake:my_grid"),
    Sheet("intake:grid", arguments=lambda s: [town.grid().code]),
    Sheet("intake:grid", arguments=lambda s: ["000"], status=404, english="unknown"),
    Sheet("intake:look_up"),
    Sheet("intake:badge", arguments=lambda s: [s.badge.serial], english="valid"),
    Sheet("intake:badge", arguments=lambda s: ["AAAAAAAAAAAA"], status=404, english="unknown"),
    Sheet("web:offline"),
    Sheet("accounts:sign_in"),
    # the desk and the units
    Sheet("cases:desk", town.DUTY_CHIEF),
    Sheet("cases:desk", town.ACCEPTOR, query="?queue=all"),
    Sheet("cases:desk", town.DISPATCHER, query="?queue=late&light=red"),
    Sheet("cases:desk", town.CLERK, status=403, english="not-mine"),
    Sheet("intake:call", town.ACCEPTOR),
    Sheet("cases:dispatches", town.DISPATCHER),
    Sheet("cases:report", town.ACCEPTOR, lambda s: [s.received.number]),
    Sheet("cases:report_clock", town.ACCEPTOR, lambda s: [s.received.number, s.report_clock.pk]),
    Sheet("cases:contact", town.ACCEPTOR, lambda s: [s.received.number]),
    *(_step("report", "received", noun, town.DUTY_CHIEF) for noun in ("verification", "filing", "answer", "refusal", "joining", "correction")),
    _step("report", "received", "confidence", town.DUTY_CHIEF),
    _step("report", "verifying", "finding", town.GRID_WORKER),
    Sheet("cases:case", town.DUTY_CHIEF, lambda s: [s.handling.number]),
    Sheet("cases:case", town.DUTY_CHIEF, lambda s: [s.closed.number], english="closed"),
    Sheet("cases:case_photo_blur", town.DUTY_CHIEF, lambda s: [s.checking.number, s.photo.pk]),
    Sheet("cases:case_clock", town.DUTY_CHIEF, lambda s: [s.handling.number, s.clock.pk]),
    _step("case", "filed", "dispatch", town.DISPATCHER),
    _step("case", "filed", "correction", town.DUTY_CHIEF),
    _step("case", "dispatched", "recall", town.DISPATCHER),
    _step("case", "dispatched", "acceptance", town.CLERK),
    _step("case", "dispatched", "return", town.CLERK),
    _step("case", "handling", "result", town.CLERK),
    _step("case", "handling", "comment", town.CLERK),
    _step("case", "checking", "passing", town.GRID_WORKER),
    _step("case", "checking", "failing", town.GRID_WORKER),
    _step("case", "passed", "closure", town.DUTY_CHIEF),
    _step("case", "closed", "reopening", town.DUTY_CHIEF),
    _step("case", "closed", "reopening-refusal", town.DUTY_CHIEF),
    _step("case", "handling", "confidence", town.DUTY_CHIEF),
    Sheet("cases:unit", town.CLERK),
    Sheet("cases:escalations", town.DUTY_CHIEF),
    Sheet("cases:roster", town.DUTY_CHIEF),
    Sheet("cases:new_shift", town.DUTY_CHIEF),
    Sheet("cases:shift", town.DUTY_CHIEF, lambda s: [s.shift.pk]),
    Sheet("cases:handovers", town.DUTY_CHIEF),
    Sheet("cases:new_handover", town.DUTY_CHIEF),
    Sheet("cases:handover", town.DUTY_CHIEF, lambda s: [s.handover.pk]),
    Sheet("cases:unreached", town.SYSTEM_ADMIN),
    # on the street
    Sheet("fieldwork:tasks", town.GRID_WORKER),
    Sheet("fieldwork:task", town.GRID_WORKER, lambda s: [s.task.pk], english="verify"),
    Sheet("fieldwork:task", town.GRID_WORKER, lambda s: [s.check.pk], english="check"),
    Sheet("fieldwork:report", town.GRID_WORKER),
    # leaders
    Sheet("insight:map", town.LEADER),
    Sheet("insight:map", town.CLERK, query="?state=all&near=118.93,32.9", english="near"),
    Sheet("insight:map", town.LEADER, query="?q=没有这样的地方"),
    Sheet("insight:map_wall", town.LEADER),
    Sheet("insight:overview", town.LEADER),
    Sheet("insight:wall", town.LEADER),
    Sheet("insight:list", town.LEADER, query="?what=open"),
    Sheet("insight:card", town.LEADER, lambda s: ["department"], english="department"),
    Sheet("insight:card", town.LEADER, lambda s: ["area"], english="area"),
    Sheet("insight:card", town.LEADER, lambda s: ["dispatcher"], english="dispatcher"),
    Sheet("insight:card", town.LEADER, lambda s: ["area"], "?period=x", 422, english="wrong-period"),
    Sheet("insight:card_list", town.LEADER, lambda s: ["area"], "?what=filed"),
    Sheet("insight:frozen_cards", town.LEADER),
    Sheet("insight:frozen_card", town.LEADER, lambda s: [s.frozen.pk]),
    Sheet("insight:frozen_list", town.LEADER, lambda s: [s.frozen.pk, s.frozen_row.pk], "?what=filed"),
    Sheet("insight:new_appeal", town.LEADER, lambda s: [s.frozen.pk, s.frozen_row.pk]),
    Sheet("insight:appeal", town.LEADER, lambda s: [s.appeal.pk]),
    Sheet("insight:rules", town.SYSTEM_ADMIN),
    Sheet("insight:rule", town.SYSTEM_ADMIN, lambda s: ["department"]),
    Sheet("insight:mine", town.DISPATCHER),
    Sheet("insight:mine_list", town.DISPATCHER, query="?what=dispatch_done"),
    # one's own account, administrators
    Sheet("accounts:me", town.CLERK),
    Sheet("accounts:password", town.CLERK),
    Sheet("notifications:shown", arguments=lambda s: s.nothing_but_a_message()),
    Sheet("notifications:centre", town.CLERK),
    Sheet("notifications:centre", town.LEADER, english="empty"),
    Sheet("notifications:preferences", town.CLERK),
    Sheet("notifications:channels", town.SYSTEM_ADMIN),
    Sheet("notifications:channels", town.SYSTEM_ADMIN, query="?state=failed"),
    Sheet("territory:files", town.SYSTEM_ADMIN),
    Sheet("territory:file", town.SYSTEM_ADMIN, lambda s: [s.boundary_file.pk]),
    Sheet("territory:force_kinds", town.SYSTEM_ADMIN),
    Sheet("territory:force_kind", town.SYSTEM_ADMIN, lambda s: ["police"]),
    Sheet("registry:extracts", town.SYSTEM_ADMIN),
    Sheet("registry:extract", town.SYSTEM_ADMIN, lambda s: [s.extract.pk]),
    Sheet("territory:files", town.TERRITORY, english="territory"),
    Sheet("territory:export", town.GRID_WORKER),
    Sheet("territory:export", town.SYSTEM_ADMIN, query="?level=grid&format=.kml&crs=bd09", status=422, english="not-possible"),
    Sheet("accounts:administration", town.SYSTEM_ADMIN),
    Sheet("accounts:administration", town.SECURITY_ADMIN),
    Sheet("accounts:administration", town.AUDIT_ADMIN),
    Sheet("accounts:accounts", town.SYSTEM_ADMIN),
    Sheet("accounts:accounts", town.SYSTEM_ADMIN, query="?q=没有这个人"),
    Sheet("accounts:new_account", town.SYSTEM_ADMIN),
    Sheet("accounts:account", town.SYSTEM_ADMIN, lambda s: [person(town.CLERK).pk]),
    Sheet("accounts:units", town.SYSTEM_ADMIN),
    Sheet("accounts:new_unit", town.SYSTEM_ADMIN),
    Sheet("accounts:unit", town.SYSTEM_ADMIN, lambda s: [s.unit.pk]),
    Sheet("cases:calendars", town.SYSTEM_ADMIN),
    Sheet("cases:calendar", town.SYSTEM_ADMIN, lambda s: ["default"]),
    Sheet("cases:calendar", town.CLERK, lambda s: ["default"], query="?year=2027", english="read"),
    Sheet("cases:calendar_days", town.SYSTEM_ADMIN, lambda s: ["default"], query="?day=2027-02-06"),
    Sheet("cases:calendar_hours", town.SYSTEM_ADMIN, lambda s: ["default"]),
    Sheet("cases:calendar_file", town.SYSTEM_ADMIN, lambda s: ["default"]),
    Sheet("cases:calendar_settings", town.SYSTEM_ADMIN, lambda s: ["default"]),
    Sheet("cases:new_calendar", town.SYSTEM_ADMIN),
    Sheet("cases:calendar_change", town.SYSTEM_ADMIN, lambda s: ["default", s.change.pk]),
    Sheet("cases:calendar_matters", town.SYSTEM_ADMIN, lambda s: ["default", s.change.pk]),
    Sheet("cases:configuration", town.SYSTEM_ADMIN),
    Sheet("cases:config_table", town.SYSTEM_ADMIN, lambda s: ["conditions"]),
    Sheet("cases:config_table", town.SYSTEM_ADMIN, lambda s: ["duty"], query="?q=没有这样的行"),
    Sheet("cases:config_version", town.SYSTEM_ADMIN, lambda s: [1]),
    Sheet("cases:config_draft", town.SYSTEM_ADMIN, lambda s: [s.draft.pk]),
    Sheet("cases:config_trial", town.SYSTEM_ADMIN, lambda s: [s.draft.pk], query="?what=other_limit"),
    Sheet("cases:config_upload", town.SYSTEM_ADMIN, lambda s: [s.draft.pk]),
    Sheet("cases:config_import", town.SYSTEM_ADMIN, lambda s: [s.draft.pk, s.draft.imports.get().pk]),
    Sheet("cases:config_draft_table", town.SYSTEM_ADMIN, lambda s: [s.draft.pk, "conditions"]),
    Sheet("cases:config_row", town.SYSTEM_ADMIN, lambda s: [s.draft.pk, "conditions"], query="?key=01037|2"),
    Sheet("cases:config_row", town.SYSTEM_ADMIN, lambda s: [s.draft.pk, "duty"], english="new"),
    Sheet("registry:addresses", town.ACCEPTOR),
    Sheet("registry:addresses", town.ACCEPTOR, query="?q=仁民路"),
    Sheet("registry:addresses", town.GRID_WORKER, query="?q=没有这个地方", english="nothing"),
    Sheet("registry:new_address", town.ACCEPTOR),
    Sheet("registry:facilities", town.ACCEPTOR),
    Sheet("registry:facilities", town.SYSTEM_ADMIN, query="?q=没有这个部件", english="nothing"),
    Sheet("registry:facility_files", town.ACCEPTOR),
    *(
        Sheet("registry:facility_file", town.ACCEPTOR, _facility_file(stage), english=stage)
        for stage in ("wrong", "waiting", "stored")
    ),
    Sheet("registry:address", town.ACCEPTOR, lambda s: [s.address("estate").pk], english="estate"),
    Sheet("registry:address", town.GRID_WORKER, lambda s: [s.address("entrance").pk], english="entrance"),
    Sheet("territory:tree", town.LEADER),
    Sheet("territory:tree", town.LEADER, query="?q=没有这样的地方&on=2024-03-01"),
    Sheet("territory:area", town.LEADER, lambda s: [s.territory_change.within.code]),
    Sheet("territory:where", town.LEADER, query="?lon=118.9&lat=32.9&on=2024-03-01"),
    Sheet("territory:where", town.LEADER, query="?lon=x&lat=32.9", status=422, english="wrong"),
    Sheet("territory:changes", town.TERRITORY),
    Sheet("territory:new_change", town.TERRITORY),
    Sheet("territory:change", town.TERRITORY, lambda s: [s.territory_change.pk]),
    Sheet("territory:change_words", town.TERRITORY, lambda s: [s.territory_change.pk]),
    *(
        Sheet("territory:change_step", town.TERRITORY, _step_of_territory(act), english=act)
        for act in ("split", "merge", "redraw", "create", "rename", "move", "end")
    ),
    Sheet("territory:change_editor", town.TERRITORY, lambda s: [s.territory_change.pk]),
    Sheet("territory:designs", town.TERRITORY),
    Sheet("territory:designs", town.LEADER, status=403, english="not-mine"),
    Sheet("territory:new_design", town.TERRITORY),
    Sheet("territory:design", town.TERRITORY, lambda s: [s.grid_design.pk]),
    Sheet("territory:design", town.TERRITORY, lambda s: [s.waiting_design.pk], english="waiting"),
    Sheet("territory:design_adjust", town.TERRITORY, lambda s: [s.grid_design.pk, "growing"]),
    Sheet("territory:patterns", town.SYSTEM_ADMIN),
    Sheet("territory:posts", town.SECURITY_ADMIN),
    Sheet("territory:posts_of", town.SECURITY_ADMIN, lambda s: [person(town.CLERK).pk]),
    Sheet("territory:forces", town.LEADER),
    Sheet("territory:forces", town.SECURITY_ADMIN),
    Sheet("territory:forces_of", town.DUTY_CHIEF, lambda s: [town.grid().pk]),
    Sheet("territory:behind", town.LEADER, query="?what=away"),
    Sheet("territory:behind", town.LEADER, query="?what=unstaffed"),
    Sheet("territory:absences", town.DUTY_CHIEF),
    Sheet("territory:absences", town.GRID_LEAD, query="?past=1", english="none"),
    Sheet("territory:new_absence", town.DUTY_CHIEF, lambda s: [person(town.GRID_WORKER).pk]),
    Sheet("territory:badges_of", town.DUTY_CHIEF, lambda s: [person(town.GRID_WORKER).pk]),
    Sheet("territory:my_badge", town.GRID_WORKER),
    Sheet("territory:my_badge", town.CLERK, english="none"),
    Sheet("audit:log", town.AUDIT_ADMIN),
    Sheet("audit:verification", town.AUDIT_ADMIN),
)  # fmt: skip

SENT, PART, DATA = "takes what a form sends", "a part of a page", "data for a page or another program"
NO_PAGES: dict[str, str] = {
    "intake:nearby": PART, "intake:questions": PART, "intake:call_places": PART, "intake:call_near": PART,
    "cases:classes": PART, "cases:case_colleagues": PART, "cases:report_colleagues": PART,
    "intake:places": DATA, "intake:classes": DATA, "intake:points": DATA, "intake:own_photo": DATA,
    "insight:map_list": PART, "insight:map_search": PART, "insight:map_area": PART, "cases:case_card": PART,
    "registry:building_card": PART, "registry:facility_card": PART, "cases:case_tile": DATA, "territory:ground_tile": DATA,
    "territory:area_tile": DATA, "territory:unit_grid_tile": DATA, "registry:building_tile": DATA, "registry:facility_tile": DATA,
    "insight:points": DATA, "audit:export": DATA, "audit:anchors": DATA, "cases:presence": DATA, "territory:base": DATA, "territory:areas": DATA,
    "registry:buildings": DATA, "registry:address_parts": SENT, "registry:address_rooms": SENT,
    "registry:address_correction": SENT, "registry:address_names": SENT, "registry:address_merging": SENT,
    "registry:address_retirement": SENT, "attachments:file": DATA,
    "intake:add": SENT, "intake:urge": SENT, "intake:rate": SENT, "accounts:sign_out": SENT, "accounts:deactivation": SENT,
    "accounts:reactivation": SENT, "accounts:unlocking": SENT, "accounts:new_password": SENT,
    "accounts:closure": SENT, "accounts:reopening": SENT, "cases:case_photo": SENT, "cases:report_photo": SENT,
    "cases:undo": SENT, "cases:next_matter": SENT, "cases:undo_dispatches": SENT,
    "cases:report_photo_blur": "the page of a case's photo with a report's number",
    "cases:publication": SENT, "cases:roster_copy": SENT, "cases:shift_removal": SENT, "fieldwork:result": SENT, "territory:ending": SENT, "territory:change_move": SENT, "territory:change_boundaries": DATA,
    "territory:design_calling_off": SENT, "territory:design_start": SENT, "territory:design_back": SENT, "territory:design_draft": SENT,
    "territory:design_shapes": DATA, "territory:administrator": SENT,
    "intake:badge_photo": DATA, "territory:plates": DATA, "territory:badges_to_print": DATA, "territory:my_photo": DATA,
    "territory:force_ending": SENT, "territory:phone": SENT, "territory:absence_ending": SENT, "territory:revocation": SENT,
    "territory:photo_withdrawal": SENT,
    "registry:extract_confirmation": SENT, "registry:extract_looking": SENT, "registry:extract_dropping": SENT,
    "registry:facility_file_confirmation": SENT, "registry:facility_file_looking": SENT,
    "registry:facility_file_dropping": SENT,
    "territory:file_confirmation": SENT, "territory:file_looking": SENT, "territory:file_dropping": SENT,
    "cases:calendar_publication": SENT, "cases:calendar_ending": SENT, "cases:calendar_decision": SENT,
    "cases:calendar_counting": SENT, "cases:calendar_confirmation": SENT, "cases:calendar_dropping": SENT,
    "cases:calendar_subscription": DATA, "web:language": SENT, "web:display": SENT,
    "notifications:unread": PART, "notifications:worker_script": DATA, "notifications:reading": SENT,
    "notifications:address": SENT, "notifications:test": SENT, "notifications:browser": SENT,
    "notifications:opening": "leads to the matter of a notice",
    "insight:freeze": SENT,
    "insight:cards": "leads to the first scorecard",
    "cases:config_export": DATA, "cases:config_draft_export": DATA, "cases:config_deed": SENT,
    "cases:config_indecision": SENT, "cases:config_end": SENT,
    "web:start": "leads to where a person's work is",
}  # fmt: skip
INTERFACES = ("api", "open311")  # spoken by programs; their own tests read them


def samples() -> Samples:
    """Bring one matter to each stage that the pages want."""
    told = reported(town.spot(30), "页面检查：路灯不亮")
    verifying = reported(town.spot(31), "页面检查：待核实的路灯").report
    ask_to_verify(verifying, by=person(town.ACCEPTOR))
    work()
    at = {
        stage: case_at(stage, town.spot(number), f"页面检查：{stage.label}的路灯")
        for number, stage in enumerate(STAGES, start=32)
    }
    closed, closed_told = at[Stage.CLOSED]
    return Samples(
        received=told.report,
        code=told.code,
        verifying=verifying,
        closed=closed,
        closed_report=closed_told.report,
        closed_code=closed_told.code,
        draft=a_draft(),
        **{stage.value: case for stage, (case, _told) in at.items() if stage != Stage.CLOSED},
    )


def a_draft() -> ConfigDraft:
    """A draft with a change, a dry run and a sheet that waits to be taken over."""
    by, now = person(town.SYSTEM_ADMIN), timezone.now()
    draft = drafts.open_draft("页面检查：路灯一个工作日", by=by, at=now)
    for name, key in (("conditions", "01037|2"), ("limits", "accept")):
        row = TABLES[name].load()[key]
        drafts.change_row(
            draft, TABLES[name], {**row, "limit": ["working_days", "1"]}, key=key, seen=0, by=by, at=now
        )
    dry_run.try_out(draft, by=by, at=timezone.now())
    before = TABLES["conditions"].load()["01037|1"]
    sheet = [Difference("conditions", "01037|1", before, {**before, "supervisor": "城市管理局"})]
    drafts.keep_import(draft, "立案条件.xlsx", sheet, by=by, at=now)
    return draft


STAGES = (Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.CHECKING, Stage.PASSED, Stage.CLOSED)
