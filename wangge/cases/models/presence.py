"""Who has which report or case open now, and who has just taken which to work on."""

from django.conf import settings
from django.db import models


class Presence(models.Model):
    """One person looks at one report or case; forgotten when the page is left, and half a minute after it fell silent.

    The table is unlogged: it is worth nothing after a crash, and nobody may ask it who looked at what yesterday.
    """

    subject_id = models.UUIDField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            # However many windows somebody has open, it is one person.
            models.UniqueConstraint(fields=["subject_id", "account"], name="presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} at {self.subject_id}"


class Claim(models.Model):
    """One person has just taken a report or case as the next to work on: nobody else is given it until it lapses.

    Unlogged like presence, and forgotten as soon as it has lapsed; working on it needs no claim.
    """

    subject_id = models.UUIDField(unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject_id} by {self.account_id}"
