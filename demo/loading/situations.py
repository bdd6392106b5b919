"""What a quiet quarter does not show by itself: cases in arbitration, suspended, supervised, handed up, merged …

Taken from what stands open at the end of the stories, by the actions people use, an hour after its last step.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.utils import timezone

from demo.loading.book import Book
from demo.matters import WANTED
from wangge.accounts.models import Account, Role, Unit
from wangge.cases import actions, clocks, levels
from wangge.cases.actions.units import forwards_to
from wangge.cases.duty import areas_around
from wangge.cases.models import Case, Report
from wangge.cases.workflow import OPEN_REPORT, Stage
from wangge.territory.models import Post

AN_HOUR = timedelta(hours=1)
WAITS_FOR = (
    "等待更换的配件到货，供应商承诺三天内送达。",
    "连日有雨，路面不干不能施工。",
    "需要与产权单位商定开挖时间。",
)
OFFERED = {wanted.unit for wanted in WANTED if wanted.unit}
ENOUGH = 2
EXTENDS = clocks.LimitOf("working_days", Decimal(2))


class Situations:
    """Makes each situation from open cases, none of which is used twice."""

    def __init__(self, book: Book, until: datetime) -> None:
        self.book, self.until = book, until
        self.used: set[object] = set()

    def make(self) -> int:
        """Make all of them; returns how many steps were taken."""
        return sum(self._several(make, number) for make, number in SITUATIONS)

    def _several(self, make: Callable[[Situations], int], number: int) -> int:
        return sum(make(self) for _ in range(number))

    # -- Whom and what to take ------------------------------------------------------------------------

    def next(self, *stages: Stage, **more: object) -> Case | None:
        """The next unused open case at a stage that has stood still for two hours and is in time."""
        standing = Case.objects.filter(
            stage__in=stages, updated_at__lte=self.until - 2 * AN_HOUR, due_at__gt=self.until, **more
        )
        return self._unused(standing)

    def _unused(self, standing: QuerySet[Case]) -> Case | None:
        free = standing.exclude(pk__in=self.used).select_related("unit").order_by("-filed_at")
        case = next((case for case in free if self._can_spare(case)), None)
        if case is not None:
            self.used.add(case.pk)
        return case

    def _can_spare(self, case: Case) -> bool:
        """Those whom the sign-in page offers keep something to do at every stage."""
        if case.unit is None or case.unit.code not in OFFERED:
            return True
        return (
            Case.objects.filter(unit=case.unit, stage=case.stage).exclude(pk__in=self.used).count() > ENOUGH
        )

    def clerk(self, unit: Unit | None) -> Account:
        """Somebody who works on cases for a unit."""
        posts = Post.objects.filter(account__unit=unit, role__in=[Role.CLERK, Role.UNIT_LEAD])
        return self._known(posts.order_by("account_id"))

    def desk(self, path: str, role: Role) -> Account:
        """Somebody with a post of the desk at exactly the level that holds a case."""
        posts = Post.objects.filter(area_id=areas_around(path)[-1], role=role)
        return self._known(posts.order_by("account_id"))

    def _known(self, posts: QuerySet[Post]) -> Account:
        return self.book.accounts[posts.values_list("account__username", flat=True)[0]]

    @property
    def chief(self) -> Account:
        return self.book.accounts["zhiban"]

    @property
    def dispatcher(self) -> Account:
        return self.book.accounts["paiqian"]

    # -- The situations ------------------------------------------------------------------------------

    def asked_for_time(self) -> int:
        case = self.next(Stage.HANDLING)
        if case is None:
            return 0
        at = case.updated_at + AN_HOUR
        actions.ask_extension(case, limit=EXTENDS, reason=WAITS_FOR[0], by=self.clerk(case.unit), at=at)
        return 1

    def extended(self) -> int:
        case = self.next(Stage.HANDLING)
        if case is None:
            return 0
        at = case.updated_at + AN_HOUR
        actions.ask_extension(case, limit=EXTENDS, reason=WAITS_FOR[2], by=self.clerk(case.unit), at=at)
        actions.extend_case(case, by=self.dispatcher, at=at + AN_HOUR / 2, note="同意，请按期完成。")
        return 2

    def asked_to_suspend(self) -> int:
        case = self.next(Stage.HANDLING)
        if case is None:
            return 0
        at = case.updated_at + AN_HOUR
        actions.ask_suspension(
            case, until=self._morning(6), reason=WAITS_FOR[1], by=self.clerk(case.unit), at=at
        )
        return 1

    def suspended(self) -> int:
        case = self.next(Stage.HANDLING)
        if case is None:
            return 0
        at = case.updated_at + AN_HOUR
        actions.ask_suspension(
            case, until=self._morning(4), reason=WAITS_FOR[1], by=self.clerk(case.unit), at=at
        )
        actions.suspend_case(case, by=self.chief, at=at + AN_HOUR / 2, note="同意，恢复后抓紧。")
        return 2

    def _morning(self, days: int) -> datetime:
        day = timezone.localdate(self.until) + timedelta(days=days)
        return timezone.make_aware(datetime.combine(day, time(9)))

    def in_arbitration(self) -> int:
        """A unit sends back what another one sent back before."""
        case = self.next(Stage.DISPATCHED, Stage.FILED, ruled_at=None)
        if case is None:
            return 0
        at, steps, sent_back = case.updated_at + AN_HOUR / 2, 0, case.unit
        reason = next(row for row in self.book.reasons.values() if row.verb == "send_back")
        asked = [self.book.units[code] for code in ("QL-ZJ", "QL-CG")][:: 1 if case.pk.int % 2 else -1]
        while case.stage != Stage.ARBITRATING:
            steps += 1
            if case.stage == Stage.FILED:
                sent_back = next(unit for unit in asked if unit != sent_back)
                actions.dispatch_case(case, to=sent_back, by=self.dispatcher, at=at)
            else:
                note = "经现场查看，此处不在本单位管理范围，建议由产权单位处理。"
                actions.send_back_case(case, reason=reason, note=note, by=self.clerk(case.unit), at=at)
            at += AN_HOUR / 4
        return steps

    def ruled(self) -> int:
        steps = self.in_arbitration()
        case = Case.objects.filter(stage=Stage.ARBITRATING).order_by("-updated_at").first()
        if not steps or case is None:
            return steps
        by = self.desk(case.held_path, Role.DUTY_CHIEF)
        reason = "按权责清单，人行道附属设施由城市管理局负责。"
        at = case.updated_at + AN_HOUR / 4
        actions.arbitrate(case, to=self.book.units["QL-CG"], reason=reason, by=by, at=at)
        return steps + 1

    def supervised(self) -> int:
        """The overseer asks about what is late; every second order has been replied to."""
        late = Case.objects.filter(
            stage__in=[Stage.DISPATCHED, Stage.HANDLING], due_at__lt=self.until - AN_HOUR
        )
        case = self._unused(late)
        if case is None:
            return 0
        at = max(case.updated_at, self.until - timedelta(days=2)) + AN_HOUR / 4
        words = "已经超期，请说明原因和完成时间。"
        order = actions.supervise(case, words=words, by=self.book.accounts["duban"], at=at)
        if len(self.used) % 2:
            return 1
        reply = "人手调配不及，今天安排专人，明天上午完成。"
        actions.reply_to_order(case, order=order, reply=reply, by=self.clerk(case.unit), at=at + AN_HOUR / 4)
        return 2

    def helped(self) -> int:
        case = self.next(Stage.HANDLING)
        if case is None:
            return 0
        helper = self.book.units["QL-JJ"]
        if case.unit == helper:
            return 0
        at = case.updated_at + AN_HOUR
        actions.ask_help(case, units=[helper], words="施工时请协助维持交通。", by=self.dispatcher, at=at)
        return 1

    def forwarded(self) -> int:
        case = self.next(Stage.DISPATCHED)
        if case is None:
            return 0
        at = case.updated_at + AN_HOUR
        to = forwards_to(case, at).order_by("code").first()
        if to is None:
            return 0
        actions.forward_case(case, to=to, by=self.clerk(case.unit), at=at, note="请就近处理。")
        return 1

    def handed_down(self) -> int:
        case = self.next(Stage.FILED, Stage.DISPATCHED)
        if case is None or levels.centre_below(case.held_path, case.area_path) is None:
            return 0
        at = case.updated_at + AN_HOUR
        actions.hand_down(case, note="属地能够处理，请街道中心跟进。", by=self.chief, at=at)
        return 1

    def handed_up(self) -> int:
        """What the street had got comes back to the district."""
        if not self.handed_down():
            return 0
        case = self._last_handed_down()
        by = self.desk(case.held_path, Role.DUTY_CHIEF)
        actions.hand_up(case, note="涉及两个街道，请区中心统筹。", by=by, at=case.updated_at + AN_HOUR / 4)
        return 2

    def _last_handed_down(self) -> Case:
        return (
            Case.objects.filter(pk__in=self.used).exclude(held_path=self._county()).order_by("-updated_at")[0]
        )

    def _county(self) -> str:
        return Post.objects.filter(account=self.chief, role=Role.DUTY_CHIEF).values_list(
            "area__path", flat=True
        )[0]

    def asked_to_void(self) -> int:
        case = self.next(Stage.FILED, Stage.DISPATCHED)
        if case is None:
            return 0
        at = case.updated_at + AN_HOUR / 2
        actions.ask_void(case, reason="与昨天的案卷是同一件事，重复立案。", by=self.dispatcher, at=at)
        return 1

    def void(self) -> int:
        if not self.asked_to_void():
            return 0
        case = Case.objects.filter(requests__kind="void", requests__decided_at=None).order_by("-updated_at")[
            0
        ]
        reason = "重复立案：同一处问题已有案卷在办。"
        actions.void_case(case, reason=reason, by=self.chief, at=case.updated_at + AN_HOUR / 4)
        return 2

    def merged(self) -> int:
        """Two open cases of one class in one grid."""
        pairs = (
            Case.objects.filter(closed_at=None, updated_at__lte=self.until - 2 * AN_HOUR)
            .exclude(pk__in=self.used)
            .values("matter", "current_grid")
            .annotate(number=Count("pk"))
            .filter(number__gte=2)
            .order_by("-number", "matter")
        )
        for pair in pairs[:1]:
            same = Case.objects.filter(
                matter=pair["matter"], current_grid=pair["current_grid"], closed_at=None
            ).exclude(pk__in=self.used)
            first, second = same.order_by("filed_at")[:2]
            self.used |= {first.pk, second.pk}
            at = max(first.updated_at, second.updated_at) + AN_HOUR / 2
            actions.merge_case(second, into=first, by=self.chief, at=at, note="同一处，合并办理。")
            return 1
        return 0

    def void_report(self) -> int:
        waiting = Report.objects.filter(stage__in=OPEN_REPORT, updated_at__lte=self.until - AN_HOUR / 2)
        report = waiting.order_by("-received_at").first()
        if report is None:
            return 0
        actions.void_report(report, reason="测试上报，并无此事。", by=self.chief, at=self.until - AN_HOUR / 4)
        return 1

    def confidential(self) -> int:
        case = self.next(Stage.HANDLING)
        if case is None:
            return 0
        handlers = [self.chief, self.clerk(case.unit)]
        at = case.updated_at + AN_HOUR / 2
        actions.hide_case(case, handlers=handlers, by=self.chief, at=at, note="举报件，注意保护举报人。")
        return 1

    def urged(self) -> int:
        report = self._followed(Report.objects.filter(stage=Stage.FILED, case__closed_at=None, urged_at=None))
        if report is None:
            return 0
        actions.urge_report(report, words="已经好几天了，请问什么时候能处理？", at=self.until - AN_HOUR / 2)
        return 1

    def withdrawn(self) -> int:
        report = self._followed(
            Report.objects.filter(stage__in=[*OPEN_REPORT, Stage.FILED], withdrawn_at=None)
        )
        if report is None:
            return 0
        actions.withdraw_report(report, words="已经自己解决了，谢谢。", at=self.until - AN_HOUR / 2)
        return 1

    def reopened(self) -> int:
        """What did not last is dispatched once more, and stands among rework."""
        lately = (self.until - 72 * AN_HOUR, self.until - 4 * AN_HOUR)
        ended = Case.objects.filter(
            stage=Stage.CLOSED,
            closed_at__range=lately,
            settled=False,
            confidential=False,
            held_path=self._county(),
        )
        case = self._unused(ended.exclude(reports__rating__solved=True))
        if case is None or case.unit is None:
            return 0
        unit, at = case.unit, self.until - 2 * AN_HOUR
        actions.reopen_case(case, note="居民来电：同一处又出现同样的问题。", by=self.chief, at=at)
        actions.dispatch_case(
            case, to=unit, by=self.dispatcher, at=at + AN_HOUR / 2, note="请到现场再处理一次。"
        )
        return 2

    def _followed(self, reports: QuerySet[Report]) -> Report | None:
        """A report of somebody who follows it and whose matter is open and nobody's example yet."""
        mine = reports.filter(channel=Report.Channel.WEB, updated_at__lte=self.until - AN_HOUR)
        report = mine.exclude(case__in=list(self.used)).exclude(case__closed_at__isnull=False).first()
        if report is not None and report.case_id is not None:
            self.used.add(report.case_id)
        return report


# In this order, so many of each.
SITUATIONS: tuple[tuple[Callable[[Situations], int], int], ...] = (
    (Situations.supervised, 4),
    (Situations.in_arbitration, 2),
    (Situations.ruled, 1),
    (Situations.suspended, 3),
    (Situations.asked_to_suspend, 2),
    (Situations.extended, 3),
    (Situations.asked_for_time, 2),
    (Situations.helped, 2),
    (Situations.forwarded, 2),
    (Situations.handed_up, 1),
    (Situations.handed_down, 2),
    (Situations.void, 1),
    (Situations.asked_to_void, 1),
    (Situations.merged, 2),
    (Situations.void_report, 1),
    (Situations.confidential, 2),
    (Situations.urged, 3),
    (Situations.withdrawn, 2),
    (Situations.reopened, 2),
)
