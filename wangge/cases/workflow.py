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
    WITHDRAWN = "withdrawn", _("Withdrawn")
    FILED = "filed", _("Filed")
    ARBITRATING = "arbitrating", _("In arbitration")
    DISPATCHED = "dispatched", _("Dispatched")
    HANDLING = "handling", _("Being handled")
    SUSPENDED = "suspended", _("Suspended")
    DONE = "done", _("Handled")
    CHECKING = "checking", _("Being checked")
    PASSED = "passed", _("Check passed")
    CLOSED = "closed", _("Closed")
    VOID = "void", _("Void")


REPORT_STAGES = (
    Stage.RECEIVED,
    Stage.VERIFYING,
    Stage.ANSWERED,
    Stage.DECLINED,
    Stage.WITHDRAWN,
    Stage.FILED,
    Stage.VOID,
)
CASE_STAGES = (
    Stage.FILED,
    Stage.ARBITRATING,
    Stage.DISPATCHED,
    Stage.HANDLING,
    Stage.SUSPENDED,
    Stage.DONE,
    Stage.CHECKING,
    Stage.PASSED,
    Stage.CLOSED,
    Stage.VOID,
)
OPEN_REPORT = frozenset({Stage.RECEIVED, Stage.VERIFYING})
ENDED_CASE = frozenset({Stage.CLOSED, Stage.VOID})
# What has come to its end, whether as a report or as a case.
ENDED = ENDED_CASE | frozenset(REPORT_STAGES) - OPEN_REPORT - {Stage.FILED}
OPEN_CASE = frozenset(CASE_STAGES) - ENDED_CASE
# A unit may still be noted there, but the case is nobody's.
UNITLESS = frozenset({Stage.FILED, Stage.ARBITRATING})
WITH_UNIT = frozenset({Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED})

GRID_ROLES = frozenset({Role.GRID_LEAD, Role.GRID_WORKER, Role.DEPUTY})
UNIT_ROLES = frozenset({Role.CLERK, Role.UNIT_LEAD})
DESK_ROLES = frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF, Role.DISPATCHER})


@dataclass(frozen=True)
class Step:
    """One row of the table. `roles` act within their area; `unit_roles` only for their own unit's cases, `helper_roles`
    for cases their unit helps with; `grid_roles` in the grid or a neighbour grid of the same community.

    A case belongs to the desk of the level that holds it and of those above; `onlookers` are the desks below.
    """

    verb: str
    noun: str  # the noun of its URL: /cases/2026-0000123/closure/
    label: Promise
    past: Promise  # one sentence for the timeline
    subject: str  # "report" or "case"
    sources: frozenset[Stage]
    target: Stage | None  # None: the stage stays
    roles: frozenset[Role] = frozenset()
    unit_roles: frozenset[Role] = frozenset()
    helper_roles: frozenset[Role] = frozenset()
    grid_roles: frozenset[Role] = frozenset()
    reporter: bool = False  # the reporter, by the secret code
    automatic: bool = False  # the system may take it
    stops: tuple[str, ...] = ()  # clock kinds that stop
    needs_note: bool = False
    public: bool = False  # the public line of stages shows it
    onlookers: bool = False  # desks below the level that holds the case may, too
    changes_rights: bool = False  # written into the access log too

    @property
    def everyone(self) -> frozenset[Role]:
        """Every role that takes this step, wherever."""
        return self.roles | self.unit_roles | self.helper_roles | self.grid_roles


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
URGE = Step(
    "urge", "urging", pgettext_lazy("step", "Urge"), _("Urged by the reporter"),
    "report", OPEN_REPORT | {Stage.FILED}, None, reporter=True,
)  # fmt: skip
WITHDRAW = Step(
    "withdraw", "withdrawal", pgettext_lazy("step", "Withdraw"), _("Withdrawn by the reporter"),
    "report", OPEN_REPORT | {Stage.FILED}, None, reporter=True, stops=("accept", "verify", "file"),
)  # fmt: skip
SPLIT = Step(
    "split", "splitting", pgettext_lazy("step", "Split off"), _("Taken off its case, to be decided anew"),
    "report", _on(Stage.FILED), Stage.RECEIVED,
    roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}), needs_note=True,
)  # fmt: skip
VOID_REPORT = Step(
    "void_report", "voiding", pgettext_lazy("step", "Void"), _("Declared void"),
    "report", OPEN_REPORT, Stage.VOID,
    roles=frozenset({Role.DUTY_CHIEF}), stops=("accept", "verify", "file"), needs_note=True,
)  # fmt: skip
HIDE_REPORT = Step(
    "hide_report", "confidence", pgettext_lazy("step", "Make confidential"), _("Made confidential: only the named handlers see it"),
    "report", OPEN_REPORT, None, roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}), changes_rights=True,
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
ARBITRATE = Step(
    "arbitrate", "ruling", pgettext_lazy("step", "Rule"), _("Ruled who is responsible: the ruling is final"),
    "case", _on(Stage.ARBITRATING), Stage.DISPATCHED,
    roles=frozenset({Role.DUTY_CHIEF, Role.DISPATCHER}), stops=("arbitrate",), needs_note=True,
)  # fmt: skip
FORWARD = Step(
    "forward", "forwarding", pgettext_lazy("step", "Forward"), _("Forwarded inside the unit"),
    "case", _on(Stage.DISPATCHED, Stage.HANDLING), Stage.DISPATCHED, unit_roles=UNIT_ROLES,
)  # fmt: skip
ASK_HELP = Step(
    "ask_help", "help", pgettext_lazy("step", "Ask a unit to help"), _("Another unit was asked to help"),
    "case", WITH_UNIT | {Stage.FILED}, None, roles=frozenset({Role.DISPATCHER}), unit_roles=UNIT_ROLES, needs_note=True,
)  # fmt: skip
GIVE_HELP = Step(
    "give_help", "help-result", pgettext_lazy("step", "Report own part done"), _("The helping unit has done its part"),
    "case", WITH_UNIT, None, helper_roles=UNIT_ROLES, needs_note=True,
)  # fmt: skip
ASK_EXTENSION = Step(
    "ask_extension", "extension-request", pgettext_lazy("step", "Ask for more time"), _("More time was asked for"),
    "case", _on(Stage.DISPATCHED, Stage.HANDLING), None, unit_roles=UNIT_ROLES, needs_note=True,
)  # fmt: skip
EXTEND = Step(
    "extend", "extension", pgettext_lazy("step", "Extend"), _("The time limit was extended"),
    "case", _on(Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED), None,
    roles=frozenset({Role.DISPATCHER}), public=True,
)  # fmt: skip
REFUSE_EXTENSION = Step(
    "refuse_extension", "extension-refusal", pgettext_lazy("step", "Refuse more time"), _("More time was refused"),
    "case", OPEN_CASE, None, roles=frozenset({Role.DISPATCHER}), needs_note=True,
)  # fmt: skip
ASK_SUSPENSION = Step(
    "ask_suspension", "suspension-request", pgettext_lazy("step", "Ask to suspend"), _("A suspension was asked for"),
    "case", _on(Stage.HANDLING), None, unit_roles=UNIT_ROLES, needs_note=True,
)  # fmt: skip
SUSPEND = Step(
    "suspend", "suspension", pgettext_lazy("step", "Suspend"), _("Suspended: the clocks stand still"),
    "case", _on(Stage.HANDLING), Stage.SUSPENDED, roles=frozenset({Role.DUTY_CHIEF}), public=True,
)  # fmt: skip
REFUSE_SUSPENSION = Step(
    "refuse_suspension", "suspension-refusal", pgettext_lazy("step", "Refuse to suspend"), _("The suspension was refused"),
    "case", OPEN_CASE, None, roles=frozenset({Role.DUTY_CHIEF}), needs_note=True,
)  # fmt: skip
RESUME = Step(
    "resume", "resumption", pgettext_lazy("step", "Resume"), _("Resumed: the clocks go on"),
    "case", _on(Stage.SUSPENDED), Stage.HANDLING,
    roles=frozenset({Role.DUTY_CHIEF}), unit_roles=UNIT_ROLES, automatic=True, public=True,
)  # fmt: skip
ASK_VOID = Step(
    "ask_void", "voiding-request", pgettext_lazy("step", "Ask to void"), _("It was asked to declare this void"),
    "case", OPEN_CASE, None, roles=frozenset({Role.ACCEPTOR, Role.DISPATCHER}), needs_note=True,
)  # fmt: skip
VOID = Step(
    "void", "voiding", pgettext_lazy("step", "Void"), _("Declared void"),
    "case", OPEN_CASE, Stage.VOID,
    roles=frozenset({Role.DUTY_CHIEF}), needs_note=True, public=True,
    stops=("dispatch", "arbitrate", "sign_off", "handle", "check", "whole"),
)  # fmt: skip
REFUSE_VOID = Step(
    "refuse_void", "voiding-refusal", pgettext_lazy("step", "Refuse to void"), _("Declaring it void was refused"),
    "case", OPEN_CASE, None, roles=frozenset({Role.DUTY_CHIEF}), needs_note=True,
)  # fmt: skip
MERGE = Step(
    "merge", "merging", pgettext_lazy("step", "Merge"), _("Merged into another case"),
    "case", OPEN_CASE, Stage.VOID,
    roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}),
    stops=("dispatch", "arbitrate", "sign_off", "handle", "check", "whole"),
)  # fmt: skip
HAND_UP = Step(
    "hand_up", "handing-up", pgettext_lazy("step", "Hand up"), _("Handed up to the level above"),
    "case", OPEN_CASE, None, roles=frozenset({Role.DUTY_CHIEF, Role.DISPATCHER}), needs_note=True,
)  # fmt: skip
HAND_DOWN = Step(
    "hand_down", "handing-down", pgettext_lazy("step", "Hand down"), _("Handed down to the level below"),
    "case", OPEN_CASE, None, roles=frozenset({Role.DUTY_CHIEF, Role.DISPATCHER}), needs_note=True,
)  # fmt: skip
SUPERVISE = Step(
    "supervise", "supervision", pgettext_lazy("step", "Supervise"), _("A supervision order was given"),
    "case", OPEN_CASE, None, roles=frozenset({Role.OVERSEER, Role.LEADER}), needs_note=True, onlookers=True,
)  # fmt: skip
REPLY_SUPERVISION = Step(
    "reply_supervision", "supervision-reply", pgettext_lazy("step", "Reply to the order"), _("The supervision order was replied to"),
    "case", frozenset(CASE_STAGES), None, roles=frozenset({Role.DUTY_CHIEF}), unit_roles=UNIT_ROLES, needs_note=True,
)  # fmt: skip
END_SUPERVISION = Step(
    "end_supervision", "supervision-end", pgettext_lazy("step", "End the supervision"), _("The supervision was ended"),
    "case", frozenset(CASE_STAGES), None, roles=frozenset({Role.OVERSEER, Role.LEADER}), onlookers=True,
)  # fmt: skip
ESCALATE = Step(
    "escalate", "escalation", pgettext_lazy("step", "Escalate"), _("Overdue: escalated"),
    "case", OPEN_CASE - {Stage.SUSPENDED}, None, automatic=True,
)  # fmt: skip
ESCALATE_REPORT = Step(
    "escalate_report", "escalation", pgettext_lazy("step", "Escalate"), _("Overdue: escalated"),
    "report", OPEN_REPORT, None, automatic=True,
)  # fmt: skip
HIDE_CASE = Step(
    "hide_case", "confidence", pgettext_lazy("step", "Make confidential"), _("Made confidential: only the named handlers see it"),
    "case", OPEN_CASE, None, roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}), changes_rights=True,
)  # fmt: skip
NAME_HANDLERS = Step(
    "name_handlers", "handlers", pgettext_lazy("step", "Name the handlers"), _("The named handlers were changed"),
    "case", frozenset(CASE_STAGES), None, roles=frozenset({Role.DUTY_CHIEF}), changes_rights=True,
)  # fmt: skip
SETTLE = Step(
    "settle", "settlement", pgettext_lazy("step", "Settle on the spot"), _("Settled on the spot by the grid worker"),
    "case", _on(), Stage.CLOSED, grid_roles=GRID_ROLES, needs_note=True, public=True,
)  # fmt: skip
ASK_RECHECK = Step(
    "ask_recheck", "recheck", pgettext_lazy("step", "Ask for a re-check"), _("Drawn for a re-check by somebody else"),
    "case", _on(Stage.CLOSED), None, roles=frozenset({Role.DUTY_CHIEF}), automatic=True,
)  # fmt: skip
PASS_RECHECK = Step(
    "pass_recheck", "recheck-passing", pgettext_lazy("step", "Re-check passed"), _("Re-checked: it is settled"),
    "case", _on(Stage.CLOSED), None, grid_roles=GRID_ROLES,
)  # fmt: skip
FAIL_RECHECK = Step(
    "fail_recheck", "recheck-failing", pgettext_lazy("step", "Re-check failed"), _("Re-checked: it is not settled"),
    "case", _on(Stage.CLOSED), None, grid_roles=GRID_ROLES, needs_note=True,
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
SKIP_CHECK = Step(
    "skip_check", "unchecked", pgettext_lazy("step", "Pass without a check"), _("Not drawn for a check: passed"),
    "case", _on(Stage.DONE), Stage.PASSED, automatic=True,
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
    roles=frozenset({Role.DUTY_CHIEF}), automatic=True, stops=("whole",), needs_note=True, public=True,
)  # fmt: skip
REFUSE_REOPEN = Step(
    "refuse_reopen", "reopening-refusal", pgettext_lazy("step", "Do not reopen"), _("Looked at the reporter's “not solved”: not reopened"),
    "case", _on(Stage.CLOSED), None, roles=frozenset({Role.DUTY_CHIEF}), needs_note=True,
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
    roles=DESK_ROLES | {Role.OVERSEER}, unit_roles=UNIT_ROLES, helper_roles=UNIT_ROLES, grid_roles=GRID_ROLES,
    needs_note=True, onlookers=True,
)  # fmt: skip
PUBLISH_PHOTO = Step(
    "publish_photo", "photos", pgettext_lazy("step", "Publish a photo"), _("Decided what the public sees"),
    "case", frozenset(CASE_STAGES), None, roles=frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF}), onlookers=True,
)  # fmt: skip

STEPS: tuple[Step, ...] = (
    RECEIVE, VERIFY, FIND, ANSWER, DECLINE, JOIN, FILE, CORRECT_REPORT, SPLIT, VOID_REPORT, HIDE_REPORT, ESCALATE_REPORT,
    ADD, URGE, WITHDRAW, RATE, PUBLISH,
    SETTLE, DISPATCH, RECALL, ACCEPT, FORWARD, SEND_BACK, ARBITRATE, ASK_HELP, GIVE_HELP,
    ASK_EXTENSION, EXTEND, REFUSE_EXTENSION, ASK_SUSPENSION, SUSPEND, REFUSE_SUSPENSION, RESUME,
    FINISH, REQUEST_CHECK, SKIP_CHECK, PASS_CHECK, FAIL_CHECK, CLOSE, REOPEN, REFUSE_REOPEN,
    ASK_RECHECK, PASS_RECHECK, FAIL_RECHECK, CORRECT_CASE, MERGE, ASK_VOID, VOID, REFUSE_VOID, HAND_UP, HAND_DOWN,
    SUPERVISE, REPLY_SUPERVISION, END_SUPERVISION, ESCALATE, HIDE_CASE, NAME_HANDLERS, COMMENT, PUBLISH_PHOTO,
)  # fmt: skip
BY_VERB = {step.verb: step for step in STEPS}


def steps_of(subject: str) -> tuple[Step, ...]:
    """Return the rows that concern a report or a case, in the order of the table."""
    return tuple(step for step in STEPS if step.subject == subject)
