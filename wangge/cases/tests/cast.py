"""The fixed cast of our stories, a small territory for them, and matters that got where they are by the real road."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import shapely
from django.db import connection

from wangge.accounts.models import Account, Role, Unit
from wangge.attachments.models import Attachment
from wangge.cases import actions
from wangge.cases.models import Case, DutyRow, Exclusion, FilingCondition, MatterClass, Reason, Report
from wangge.cases.workflow import Stage
from wangge.common import rows
from wangge.common.ids import uuid7
from wangge.territory import lookup
from wangge.territory.models import Area, Post, UnitArea, UnitGrid

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Wednesday without holidays around it.
NOON = datetime(2026, 6, 10, 10, 0, tzinfo=SHANGHAI)
LAMP = "01037"
# Grid A covers lon 118.90–118.91, grid B 118.91–118.92 (same community), grid C 118.92–118.93 (another one).
IN_GRID_A, IN_GRID_B, IN_GRID_C = (118.905, 32.905), (118.915, 32.905), (118.925, 32.905)
FAR_AWAY = (119.5, 33.5)


def square(west: float, south: float, side: float = 0.01) -> bytes:
    """A square boundary in WKB, WGS84 degrees."""
    return bytes(shapely.to_wkb(shapely.box(west, south, west + side, south + side)))


@dataclass
class Territory:
    """Province to grids: two counties, so that there are strangers."""

    county: Area = field(init=False)
    street: Area = field(init=False)
    community: Area = field(init=False)
    grid_a: Area = field(init=False)
    grid_b: Area = field(init=False)
    grid_c: Area = field(init=False)
    elsewhere: Area = field(init=False)

    def __post_init__(self) -> None:
        numbers = iter(_new_numbers(10))

        def area(code: str, name: str, level: str, parent: Area | None, **more: object) -> Area:
            return _area(next(numbers), code, name, level, parent, **more)

        def grid(code: str, name: str, community: Area, west: float) -> Area:
            return area(code, name, "grid", community, **_general_grid(west))

        province = area("99", "示范省", "province", None)
        city = area("9901", "示范市", "city", province)
        self.county = area("990101", "东区", "county", city)
        self.elsewhere = area("990102", "西区", "county", city)
        self.street = area("990101001", "一街道", "street", self.county)
        self.community = area("990101001001", "一社区", "community", self.street)
        other = area("990101001002", "二社区", "community", self.street)
        self.grid_a = grid("990101001001001", "甲网格", self.community, 118.90)
        self.grid_b = grid("990101001001002", "乙网格", self.community, 118.91)
        self.grid_c = grid("990101001002001", "丙网格", other, 118.92)
        rows.insert(
            province, city, self.county, self.elsewhere, self.street, self.community, other,
            self.grid_a, self.grid_b, self.grid_c,
        )  # fmt: skip
        UnitGrid.objects.create(
            code="990101001001901", community=self.community, boundary=square(118.90, 32.90), area_m2=10000
        )
        lookup.changed()
        lookup.forget()

    @staticmethod
    def area(code: str, name: str, level: str, parent: Area | None, **more: object) -> Area:
        """One area more."""
        [number] = _new_numbers(1)
        area = _area(number, code, name, level, parent, **more)
        rows.insert(area)
        return area

    def grid(self, code: str, name: str, community: Area, west: float) -> Area:
        return self.area(code, name, "grid", community, **_general_grid(west))


def _new_numbers(count: int) -> list[int]:
    """Known before the rows are stored, so that each is stored once and with its path."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('territory_area', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [number for (number,) in cursor.fetchall()]


def _area(number: int, code: str, name: str, level: str, parent: Area | None, **more: object) -> Area:
    path = f"{parent.path if parent else '/'}{number}/"
    return Area(pk=number, code=code, name=name, level=level, parent=parent, path=path, **more)


def _general_grid(west: float) -> dict[str, object]:
    return {"kind": "general", "boundary": square(west, 32.90)}


@dataclass
class Cast:
    """Everyone our stories need; people are made when first named."""

    place: Territory

    @cached_property
    def centre(self) -> Unit:
        unit = Unit.objects.create(code="CENTRE", name="东区网格中心", kind="centre")
        UnitArea.objects.create(unit=unit, area=self.place.county)
        return unit

    @cached_property
    def lamps(self) -> Unit:
        """The department that mends street lamps, by the duty list."""
        unit = Unit.objects.create(code="LAMPS", name="市政路灯所", kind="department")
        for role in (
            FilingCondition.objects.order_by("unit_role").values_list("unit_role", flat=True).distinct()
        ):
            DutyRow.objects.create(area=self.place.county, unit_role=role, unit=unit)
        return unit

    @cached_property
    def water(self) -> Unit:
        return Unit.objects.create(code="WATER", name="自来水公司", kind="company")

    def person(self, username: str, name: str, role: Role, area: Area, unit: Unit | None = None) -> Account:
        """Make an account with one post."""
        account = Account.objects.create(username=username, name=name, unit=unit, password="!")
        Post.objects.create(account=account, role=role, area=area, starts_on=date(2020, 1, 1))
        return account

    @cached_property
    def acceptor(self) -> Account:
        return self.person("acceptor", "受理员小李", Role.ACCEPTOR, self.place.county, self.centre)

    @cached_property
    def duty_chief(self) -> Account:
        return self.person("duty_chief", "值班长老王", Role.DUTY_CHIEF, self.place.county, self.centre)

    @cached_property
    def dispatcher(self) -> Account:
        return self.person("dispatcher", "派遣员小陈", Role.DISPATCHER, self.place.county, self.centre)

    @cached_property
    def clerk(self) -> Account:
        return self.person("clerk", "路灯所小周", Role.CLERK, self.place.county, self.lamps)

    @cached_property
    def other_clerk(self) -> Account:
        return self.person("other_clerk", "自来水小吴", Role.CLERK, self.place.county, self.water)

    @cached_property
    def grid_worker(self) -> Account:
        return self.person("grid_worker", "网格员小赵", Role.GRID_WORKER, self.place.grid_a)

    @cached_property
    def neighbour(self) -> Account:
        """The worker of the neighbour grid in the same community."""
        return self.person("neighbour", "网格员小孙", Role.GRID_WORKER, self.place.grid_b)

    @cached_property
    def far_worker(self) -> Account:
        """The worker of a grid in another community."""
        return self.person("far_worker", "网格员小郑", Role.GRID_WORKER, self.place.grid_c)

    @cached_property
    def overseer(self) -> Account:
        return self.person("overseer", "督办人老刘", Role.OVERSEER, self.place.county)

    @cached_property
    def stranger(self) -> Account:
        """A duty chief of another district."""
        return self.person("stranger", "外区值班长", Role.DUTY_CHIEF, self.place.elsewhere)

    @property
    def everyone(self) -> dict[str, Account]:
        names = (
            "acceptor", "duty_chief", "dispatcher", "clerk", "other_clerk", "grid_worker", "neighbour", "far_worker",
            "overseer", "stranger",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    # -- Matters, by the real road ------------------------------------------------------------------

    @property
    def lamp(self) -> MatterClass:
        return MatterClass.objects.get(code=LAMP)

    @property
    def condition(self) -> FilingCondition:
        """A lamp is out: two working days."""
        return self.lamp.conditions.get(limit_kind="working_days", limit_amount=2)

    def report(self, point: tuple[float, float] | None = IN_GRID_A, **more: object) -> Report:
        """What a resident reports: a lamp that is out."""
        lon, lat = point or (None, None)
        details = {
            "channel": "web",
            "text": "路灯不亮了",
            "address": "人民路12号",
            "matter": self.lamp,
            "at": NOON,
            **more,
        }
        received = actions.receive_report(actions.Draft(lon=lon, lat=lat, **details))  # type: ignore[arg-type]
        report = Report.objects.get(pk=received.id)
        report.code = received.code  # type: ignore[attr-defined]  # only the reporter knows it
        return report

    def report_at(self, stage: Stage) -> Report:
        """A report that got to this stage by the real road."""
        report = self.report()
        if stage == Stage.VERIFYING:
            actions.ask_to_verify(report, by=self.acceptor, at=NOON + timedelta(minutes=5))
        elif stage == Stage.ANSWERED:
            actions.answer_report(report, answer="已解释", by=self.acceptor, at=NOON + timedelta(minutes=5))
        elif stage == Stage.DECLINED:
            reason = Exclusion.objects.first()
            assert reason is not None
            actions.decline_report(report, reason=reason, by=self.acceptor, at=NOON + timedelta(minutes=5))
        elif stage == Stage.FILED:
            self.file(report)
        return report

    def file(self, report: Report) -> Case:
        return actions.file_report(
            report, condition=self.condition, by=self.duty_chief, at=NOON + timedelta(minutes=10)
        )

    def case_at(self, stage: Stage) -> Case:
        """A case that got to this stage by the real road, one step each hour from 10:10 on."""
        case = self.file(self.report())
        self.lamps  # noqa: B018  # the duty list must exist
        road = [
            (
                Stage.DISPATCHED,
                lambda at: actions.dispatch_case(case, to=self.lamps, by=self.dispatcher, at=at),
            ),
            (Stage.HANDLING, lambda at: actions.accept_case(case, by=self.clerk, at=at)),
            (Stage.CHECKING, lambda at: self.finish(case, at)),
            (Stage.PASSED, lambda at: actions.pass_check(case, note="亮了", by=self.grid_worker, at=at)),
            (
                Stage.CLOSED,
                lambda at: actions.close_case(case, answer="路灯已修好", by=self.duty_chief, at=at),
            ),
        ]
        for hour, (reached, take) in enumerate(road, 1):
            if case.stage == stage:
                break
            take(NOON + timedelta(hours=hour))
            assert case.stage == reached
        assert case.stage == stage, f"no road to {stage}"
        return case

    def finish(self, case: Case, at: datetime) -> None:
        self.after_photo(case, at)
        actions.finish_case(case, result="已更换灯泡", by=self.clerk, at=at)

    def fail(self, case: Case, at: datetime) -> None:
        """The worker finds it is not mended, says so and shows it."""
        self.check_photo(case, at)
        actions.fail_check(case, note="还是不亮", by=self.grid_worker, at=at)

    def after_photo(self, case: Case, at: datetime) -> Attachment:
        return self._photo(case, at, "after")

    def check_photo(self, case: Case, at: datetime) -> Attachment:
        return self._photo(case, at, "check")

    @staticmethod
    def _photo(case: Case, at: datetime, purpose: str) -> Attachment:
        return Attachment.objects.create(
            id=uuid7(), kind="photo", media_type="image/jpeg", size=1, sha256="0" * 64, name=f"{purpose}.jpg",
            subject_kind="case", subject_id=case.pk, purpose=purpose, uploaded_at=at, width=4, height=3,
            thumb_sha256="0" * 64, medium_sha256="0" * 64,
        )  # fmt: skip

    @property
    def send_back_reason(self) -> Reason:
        reason = Reason.objects.filter(verb="send_back").first()
        assert reason is not None
        return reason


def assemble() -> Cast:
    """Draw the territory and call the cast together."""
    return Cast(Territory())
