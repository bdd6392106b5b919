"""Where the chains of territory changes end, for whoever verifies the log."""


def heads() -> str:
    """A SELECT of kind, subject, number and digest of the last event, and when it moved."""
    return """
        SELECT 'territory_change', id, event_seq, event_digest, coalesce(applied_at, saved_at)
        FROM territory_territorychange
    """
