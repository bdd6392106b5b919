"""Answering with a file; each one that leaves the house is written in the access log."""

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from wangge.accounts.models import Account
from wangge.audit.actions import record_access
from wangge.insight.exports.table import Table

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@transaction.atomic
def answer_with(kind: str, table: Table, *, by: Account, subject: object = "") -> HttpResponse:
    """Write the table as an attachment, and that it was."""
    # Read when wanted: what draws sheets takes a while to load, and most processes never draw one.
    from wangge.insight.exports.pdf import write_pdf
    from wangge.insight.exports.xlsx import write_xlsx

    content = write_xlsx(table) if kind == "xlsx" else write_pdf(table)
    record_access(
        "scorecard.exported", by=by, at=timezone.now(), subject_kind="scorecard", subject_id=subject,
        detail={"table": table.name, "as": kind, "rows": len(table.rows)},
    )  # fmt: skip
    name = f"{table.name}.{kind}".replace("~", "_")
    return HttpResponse(
        content, content_type=KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
