"""Who listens to which event. Every listener is harmless the second time; names go up the layers only here."""

LISTENERS: dict[str, tuple[str, ...]] = {}
