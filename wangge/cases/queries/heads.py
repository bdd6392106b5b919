"""Where the chains of events end, for whoever checks the log."""

HEADS = """
SELECT 'report', id, event_seq, event_digest FROM cases_report
UNION ALL SELECT 'case', id, event_seq, event_digest FROM cases_case
"""


def heads() -> str:
    """The SELECT of each report's and case's kind, id, last number and last digest."""
    return HEADS
