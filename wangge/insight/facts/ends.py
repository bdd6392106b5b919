"""Which steps end a stretch as it should be ended; any other end (recall, void, withdrawal) is nobody's achievement."""

from wangge.insight.models import FactKind

DONE: dict[FactKind, tuple[str, ...]] = {
    FactKind.ACCEPT: ("verify", "answer", "decline", "join", "file"),
    FactKind.VERIFY: ("find",),
    FactKind.FILE: ("answer", "decline", "join", "file", "verify"),
    FactKind.DISPATCH: ("dispatch",),
    FactKind.SIGN_OFF: ("accept", "send_back"),
    # A case taken over from another system was closed there without a finishing step of ours.
    FactKind.HANDLE: ("finish", "close"),
    FactKind.CHECK: ("pass_check", "fail_check"),
    FactKind.ARBITRATE: ("arbitrate",),
    FactKind.WHOLE: ("close", "settle"),
    FactKind.REPORT: ("answer", "decline", "join", "file"),
    FactKind.REPLY: ("answer", "decline", "close", "settle"),
}

# A case is open from one of the first to one of the second.
BEGINS_CASE = ("file", "settle")
OPENS_CASE = (*BEGINS_CASE, "reopen")
ENDS_CASE = ("close", "settle", "void", "merge")
# The desk's decision on a report is the first of these; splitting it off its case undoes it.
DECIDES_REPORT = ("file", "join", "settle", "answer", "decline", "withdraw", "void_report", "void")
UNDOES_DECISION = ("split",)
# Steps after which a case belongs to another unit, or to none.
GIVES_TO_UNIT = ("dispatch", "arbitrate", "forward")
TAKES_FROM_UNIT = ("recall", "send_back", "reopen")
