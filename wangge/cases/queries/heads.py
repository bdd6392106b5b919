"""Where the chains of events end, for whoever checks the log."""

HEADS = """
SELECT 'report', id, event_seq, event_digest, updated_at FROM cases_report
UNION ALL SELECT 'case', id, event_seq, event_digest, updated_at FROM cases_case
"""


def heads() -> str:
    """The SELECT of each report's and case's kind, id, last number, last digest and when it moved."""
    return HEADS
