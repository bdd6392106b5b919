"""The public door through which things change in this domain."""

from wangge.cases.actions.additions import add_to_report
from wangge.cases.actions.cases import (
    accept_case,
    close_case,
    comment_case,
    correct_case,
    dispatch_case,
    fail_check,
    finish_case,
    pass_check,
    recall_case,
    reopen_case,
    request_check,
    send_back_case,
)
from wangge.cases.actions.moving import Stale
from wangge.cases.actions.receive import (
    Contact,
    Draft,
    Received,
    check_draft,
    receive_report,
    receive_reports,
)
from wangge.cases.actions.reports import (
    answer_report,
    ask_to_verify,
    correct_report,
    decline_report,
    file_report,
    join_report,
    publish_report,
    rate_report,
    report_finding,
)

__all__ = [
    "Contact",
    "Draft",
    "Received",
    "Stale",
    "accept_case",
    "add_to_report",
    "answer_report",
    "ask_to_verify",
    "check_draft",
    "close_case",
    "comment_case",
    "correct_case",
    "correct_report",
    "decline_report",
    "dispatch_case",
    "fail_check",
    "file_report",
    "finish_case",
    "join_report",
    "pass_check",
    "publish_report",
    "rate_report",
    "recall_case",
    "receive_report",
    "receive_reports",
    "reopen_case",
    "report_finding",
    "request_check",
    "send_back_case",
]
