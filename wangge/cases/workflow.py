"""The closed loop as one table: it drives permissions, buttons, tooltips, API, documentation and tests.

The specification is the table of the workflow design; a step is one verb the screen shows.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.accounts.models import Role


class Stage(models.TextChoices):
    """Where a report or a case stands."""

    RECEIVED = "received", _("Received")
    VERIFYING = "verifying", _("Being verified")
    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", _("Not accepted")
    FILED = "filed", _("Filed")
    DISPATCHED = "dispatched", _("Dispatched")
    HANDLING = "handling", _("Being handled")
    DONE = "done", _("Handled")
    CHECKING = "checking", _("Being checked")
    PASSED = "passed", _("Check passed")
    CLOSED = "closed", _("Closed")


REPORT_STAGES = (Stage.RECEIVED, Stage.VERIFYING, Stage.ANSWERED, Stage.DECLINED, Stage.FILED)
CASE_STAGES = (
    Stage.FILED,
    Stage.DISPATCHED,
    Stage.HANDLING,
    Stage.DONE,
    Stage.CHECKING,
    Stage.PASSED,
    Stage.CLOSED,
)
OPEN_REPORT = frozenset({Stage.RECEIVED, Stage.VERIFYING})
OPEN_CASE = frozenset(CASE_STAGES) - {Stage.CLOSED}

GRID_ROLES = frozenset({Role.GRID_LEAD, Role.GRID_WORKER, Role.DEPUTY})
UNIT_ROLES = frozenset({Role.CLERK, Role.UNIT_LEAD})
DESK_ROLES = frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF, Role.DISPATCHER})


@dataclass(frozen=True)
class Step:
    """One row of the table. `roles` act within their area; `unit_roles` only for their own unit's cases;
    `grid_roles` in the grid or a neighbour grid of the same community."""

    verb: str
    noun: str  # the noun of its URL: /cases/2026-0000123/closure/
    label: Promise
    past: Promise  # one sentence for the timeline
    subject: str  # "report" or "case"
    sources: frozenset[Stage]
    target: Stage | None  # None: the stage stays
    roles: frozenset[Role] = frozenset()
    unit_roles: frozenset[Role] = frozenset()
    grid_roles: frozenset[Role] = frozenset()
    reporter: bool = False  # the reporter, by the secret code
    automatic: bool = False  # the system may take it
    stops: tuple[str, ...] = ()  # clock kinds that stop
    needs_note: bool = False
    public: bool = False  # the public line of stages shows it


def _on(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


RECEIVE = Step(
    "receive", "reception", pgettext_lazy("step", "Report"), _("Received"),
    "report", _on(), Stage.RECEIVED, reporter=True, automatic=True, public=True,
)  # fmt: skip
VERIFY = Step(
    "verify", "verification", pgettext_lazy("step", "Verify first"), _("Sent to be verified on the spot"),
    "report", _on(Stage.RECEIVED), Stage.VERIFYING,
    roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}), stops=("accept", "file"), public=True,
)  # fmt: skip
FIND = Step(
    "find", "finding", pgettext_lazy("step", "Report finding"), _("Verified on the spot"),
    "report", _on(Stage.VERIFYING), Stage.RECEIVED,
    grid_roles=GRID_ROLES, stops=("verify",), public=True,
)  # fmt: skip
ANSWER = Step(
    "answer", "answer", pgettext_lazy("step", "Answer directly"), _("Answered"),
    "report", _on(Stage.RECEIVED), Stage.ANSWERED,
    roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}), stops=("accept", "file"), needs_note=True, public=True,
)  # fmt: skip
DECLINE = Step(
    "decline", "refusal", pgettext_lazy("step", "Decline"), _("Not accepted"),
    "report", _on(Stage.RECEIVED), Stage.DECLINED,
    roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}), stops=("accept", "file"), public=True,
)  # fmt: skip
JOIN = Step(
    "join", "joining", pgettext_lazy("step", "Join to a case"), _("Joined to a case"),
    "report", _on(Stage.RECEIVED), Stage.FILED,
    roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}), stops=("accept", "file"),
)  # fmt: skip
FILE = Step(
    "file", "filing", pgettext_lazy("step", "File"), _("Filed"),
    "report", _on(Stage.RECEIVED), Stage.FILED,
    roles=frozenset({Role.DUTY_CHIEF}), stops=("accept", "file"), public=True,
)  # fmt: skip
CORRECT_REPORT = Step(
    "correct_report", "correction", pgettext_lazy("step", "Correct"), _("Corrected"),
    "report", _on(Stage.RECEIVED, Stage.VERIFYING), None,
    roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}),
)  # fmt: skip
ADD = Step(
    "add", "addition", pgettext_lazy("step", "Add"), _("The reporter added words or photos"),
    "report", OPEN_REPORT | {Stage.FILED}, None, reporter=True,
)  # fmt: skip
RATE = Step(
    "rate", "rating", pgettext_lazy("step", "Rate"), _("Rated by the reporter"),
    "report", _on(Stage.ANSWERED, Stage.FILED), None, reporter=True,
)  # fmt: skip
PUBLISH = Step(
    "publish", "publication", pgettext_lazy("step", "Publish"), _("Decided what the public reads and sees"),
    "report", frozenset(REPORT_STAGES), None, roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}),
)  # fmt: skip
DISPATCH = Step(
    "dispatch", "dispatch", pgettext_lazy("step", "Dispatch"), _("Dispatched"),
    "case", _on(Stage.FILED), Stage.DISPATCHED,
    roles=frozenset({Role.DISPATCHER}), automatic=True, stops=("dispatch",), public=True,
)  # fmt: skip
RECALL = Step(
    "recall", "recall", pgettext_lazy("step", "Recall"), _("Dispatch recalled"),
    "case", _on(Stage.DISPATCHED), Stage.FILED,
    roles=frozenset({Role.DISPATCHER}), stops=("handle", "sign_off"), needs_note=True,
)  # fmt: skip
ACCEPT = Step(
    "accept", "acceptance", pgettext_lazy("step", "Accept"), _("Accepted by the unit"),
    "case", _on(Stage.DISPATCHED), Stage.HANDLING,
    unit_roles=UNIT_ROLES, stops=("sign_off",), public=True,
)  # fmt: skip
SEND_BACK = Step(
    "send_back", "return", pgettext_lazy("step", "Send back"), _("Sent back by the unit"),
    "case", _on(Stage.DISPATCHED, Stage.HANDLING), Stage.FILED,
    unit_roles=UNIT_ROLES, stops=("handle", "sign_off"), needs_note=True,
)  # fmt: skip
FINISH = Step(
    "finish", "result", pgettext_lazy("step", "Finish"), _("Handled"),
    "case", _on(Stage.HANDLING), Stage.DONE,
    unit_roles=UNIT_ROLES, stops=("handle",), needs_note=True, public=True,
)  # fmt: skip
REQUEST_CHECK = Step(
    "request_check", "check", pgettext_lazy("step", "Ask for a check"), _("Check asked for"),
    "case", _on(Stage.DONE), Stage.CHECKING,
    roles=frozenset({Role.DISPATCHER, Role.DUTY_CHIEF}), automatic=True,
)  # fmt: skip
PASS_CHECK = Step(
    "pass_check", "passing", pgettext_lazy("step", "Check passed"), _("Checked on the spot: mended"),
    "case", _on(Stage.CHECKING), Stage.PASSED,
    grid_roles=GRID_ROLES, stops=("check",), public=True,
)  # fmt: skip
FAIL_CHECK = Step(
    "fail_check", "failing", pgettext_lazy("step", "Check failed"), _("Checked on the spot: not mended, rework"),
    "case", _on(Stage.CHECKING), Stage.HANDLING,
    grid_roles=GRID_ROLES, stops=("check",), needs_note=True, public=True,
)  # fmt: skip
CLOSE = Step(
    "close", "closure", pgettext_lazy("step", "Close"), _("Closed"),
    "case", _on(Stage.PASSED), Stage.CLOSED,
    roles=frozenset({Role.DUTY_CHIEF}), stops=("whole",), needs_note=True, public=True,
)  # fmt: skip
REOPEN = Step(
    "reopen", "reopening", pgettext_lazy("step", "Reopen"), _("Reopened"),
    "case", _on(Stage.CLOSED), Stage.FILED,
    roles=frozenset({Role.DUTY_CHIEF}), needs_note=True, public=True,
)  # fmt: skip
CORRECT_CASE = Step(
    "correct", "correction", pgettext_lazy("step", "Correct"), _("Corrected"),
    "case", OPEN_CASE, None, roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}),
)  # fmt: skip
COMMENT = Step(
    "comment", "comment", pgettext_lazy("step", "Comment"), _("Comment"),
    "case", frozenset(CASE_STAGES), None,
    roles=DESK_ROLES | {Role.OVERSEER}, unit_roles=UNIT_ROLES, grid_roles=GRID_ROLES, needs_note=True,
)  # fmt: skip
PUBLISH_PHOTO = Step(
    "publish_photo", "photos", pgettext_lazy("step", "Publish a photo"), _("Decided what the public sees"),
    "case", frozenset(CASE_STAGES), None, roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}),
)  # fmt: skip

STEPS: tuple[Step, ...] = (
    RECEIVE, VERIFY, FIND, ANSWER, DECLINE, JOIN, FILE, CORRECT_REPORT, ADD, RATE, PUBLISH,
    DISPATCH, RECALL, ACCEPT, SEND_BACK, FINISH, REQUEST_CHECK, PASS_CHECK, FAIL_CHECK, CLOSE, REOPEN,
    CORRECT_CASE, COMMENT, PUBLISH_PHOTO,
)  # fmt: skip
BY_VERB = {step.verb: step for step in STEPS}


def steps_of(subject: str) -> tuple[Step, ...]:
    """Return the rows that concern a report or a case, in the order of the table."""
    return tuple(step for step in STEPS if step.subject == subject)
