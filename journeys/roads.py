"""Matters brought to a stage by the real road, without the browser: what a story begins with."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from demo.pictures import picture
from journeys import town
from journeys.acts import LAMP, work
from wangge.accounts.models import Account
from wangge.attachments.actions import attach
from wangge.attachments.models import Purpose
from wangge.cases import actions
from wangge.cases.duty import propose_unit
from wangge.cases.models import Case, MatterClass, Report
from wangge.cases.workflow import Stage
from wangge.registry.models import Building


@dataclass(frozen=True)
class Told:
    """A report with the code that only its reporter knows."""

    report: Report
    code: str


def person(username: str) -> Account:
    return Account.objects.get(username=username)


def reported(spot: Building, text: str = "路灯不亮了", matter: str = LAMP) -> Told:
    """A resident says that a lamp is out."""
    received = actions.receive_report(
        actions.Draft(
            channel="web",
            text=text,
            lon=spot.lon,
            lat=spot.lat,
            address=spot.address,
            matter=MatterClass.objects.get(code=matter),
            at=timezone.now() - timedelta(minutes=90),
        )
    )
    return Told(Report.objects.get(pk=received.id), received.code)


def filed(report: Report) -> Case:
    """The duty chief files it."""
    assert report.matter is not None
    return actions.file_report(
        report,
        condition=report.matter.conditions.all()[0],
        publish_text=report.text,
        by=person(town.DUTY_CHIEF),
    )


def case_at(stage: Stage, spot: Building, text: str = "路灯不亮了") -> tuple[Case, Told]:
    """A case that got to this stage, with the report that began it."""
    told = reported(spot, text)
    case = filed(told.report)
    for reached, take in (
        (Stage.DISPATCHED, _dispatch),
        (Stage.HANDLING, lambda case: actions.accept_case(case, by=person(town.CLERK))),
        (Stage.CHECKING, finish),
        (Stage.PASSED, lambda case: actions.pass_check(case, note="已修好。", by=person(town.neighbour()))),
        (
            Stage.CLOSED,
            lambda case: actions.close_case(case, answer="路灯已修好。", by=person(town.DUTY_CHIEF)),
        ),
    ):
        if case.stage == stage:
            break
        take(case)
        assert case.stage == reached, f"{case.stage} instead of {reached}"
    work()
    return case, told


def _dispatch(case: Case) -> None:
    proposal = propose_unit(case)
    assert proposal is not None
    actions.dispatch_case(case, to=proposal.unit, why=proposal.why, by=person(town.DISPATCHER))


def finish(case: Case) -> None:
    clerk = person(town.CLERK)
    after = SimpleUploadedFile("处置后.jpg", picture("lamp_out", 3, after=True))
    attach(
        [after], subject_kind="case", subject_id=case.pk, purpose=Purpose.AFTER, by=clerk, at=timezone.now()
    )
    actions.finish_case(case, result="已更换灯泡", by=clerk)
