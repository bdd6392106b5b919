"""The steps of the table as buttons: what comes next, what else is possible, and why the rest is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from wangge.accounts.models import Account
from wangge.cases.forms import FORMS
from wangge.cases.models import Case, FilingCondition, Report
from wangge.cases.permissions import concerns, refusal
from wangge.cases.queries.ratings import is_unsolved
from wangge.cases.workflow import (
    ACCEPT,
    ARBITRATE,
    CLOSE,
    COMMENT,
    DECLINE,
    DISPATCH,
    FILE,
    FIND,
    FINISH,
    HIDE_CASE,
    HIDE_REPORT,
    NAME_HANDLERS,
    PASS_CHECK,
    REOPEN,
    REQUEST_CHECK,
    RESUME,
    VERIFY,
    Stage,
    Step,
    steps_of,
)

NEXT = {
    Stage.VERIFYING: FIND,
    Stage.FILED: DISPATCH,
    Stage.DISPATCHED: ACCEPT,
    Stage.HANDLING: FINISH,
    Stage.ARBITRATING: ARBITRATE,
    Stage.SUSPENDED: RESUME,
    Stage.DONE: REQUEST_CHECK,
    Stage.CHECKING: PASS_CHECK,
    Stage.PASSED: CLOSE,
}
# This has a place of its own on the page.
ELSEWHERE = (COMMENT,)
# One key for each step at a keyboard; a key of a step that is not possible says why.
KEYS = {
    "verify": "v", "find": "n", "answer": "a", "decline": "x", "join": "m", "file": "f", "correct_report": "e",
    "dispatch": "d", "recall": "r", "accept": "s", "send_back": "b", "finish": "g", "request_check": "u",
    "pass_check": "p", "fail_check": "t", "close": "c", "reopen": "o", "correct": "e",
    "forward": "4", "ask_help": "h", "arbitrate": "d", "extend": "l", "ask_extension": "l", "suspend": "z", "ask_suspension": "z",
    "resume": "z", "void": "y", "ask_void": "y", "merge": "m", "split": "m", "hand_up": "i", "hand_down": "q",
    "supervise": "1", "reply_supervision": "2", "end_supervision": "3", "void_report": "y",
}  # fmt: skip


@dataclass(frozen=True)
class Button:
    """One step of the table for one matter and one person."""

    step: Step
    url: str
    refusal: str | None
    expected: bool
    key: str
    label: Promise | str

    @property
    def primary(self) -> bool:
        return self.expected and self.refusal is None


def step_url(subject: Report | Case, step: Step) -> str:
    """The address of a step's form: the matter's own and the step's noun."""
    name = "cases:case_step" if isinstance(subject, Case) else "cases:report_step"
    return reverse(name, args=[subject.number, step.noun])


def buttons_of(subject: Report | Case, person: Account) -> Sequence[Button]:
    """Return every step that is taken on pages, the possible ones first, each in the order of the table."""
    kind = "case" if isinstance(subject, Case) else "report"
    following = expected_step(subject)
    buttons = [
        Button(
            step,
            step_url(subject, step),
            refusal(step, subject, person),
            step is following,
            KEYS.get(step.verb, ""),
            label_of(step, subject),
        )
        for step in steps_of(kind)
        if step.verb in FORMS and step not in ELSEWHERE and concerns(step, subject, person)
    ]
    return sorted(buttons, key=lambda button: (not button.primary, button.refusal is not None))


def label_of(step: Step, subject: Report | Case) -> Promise | str:
    """Say what a step is called here: what came as confidential is so already and waits for its handlers."""
    waits = subject.confidential and step in (HIDE_REPORT, HIDE_CASE)
    return NAME_HANDLERS.label if waits else step.label


def expected_step(subject: Report | Case) -> Step | None:
    """Return the step that usually follows; for a new report that is verification unless its class needs none."""
    if isinstance(subject, Case) and subject.stage == Stage.CLOSED:
        return REOPEN if is_unsolved(subject) else None
    if isinstance(subject, Case) or subject.stage != Stage.RECEIVED:
        return NEXT.get(Stage(subject.stage)) if _may_go_on(subject) else None
    if subject.finding:
        return DECLINE if subject.finding == "refuted" else FILE
    return VERIFY if _is_verified_first(subject) else FILE


def _may_go_on(subject: Report | Case) -> bool:
    return isinstance(subject, Case) or subject.stage == Stage.VERIFYING


def _is_verified_first(report: Report) -> bool:
    """A worker has seen it already; of a class, any condition that is filed at once makes it so."""
    if report.channel == Report.Channel.WORKER:
        return False
    if report.matter_id is None:
        return True
    return not FilingCondition.objects.filter(
        matter_id=report.matter_id, verify_first=False, in_force=True
    ).exists()
