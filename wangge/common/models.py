"""What the technical ground keeps in the database: how often senders without an account came."""

from django.db import models

from wangge.common.privacy import internal


class Tally(models.Model):
    """How often one sender did one thing in one window of time; the name is a keyed fingerprint, not an address.

    The table is unlogged: counting must not wait for the disk, and a crash may forget it.
    """

    name = internal(models.BinaryField(max_length=32, primary_key=True))
    number = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True, help_text="when it is of no more use")

    def __str__(self) -> str:
        return f"{self.number} until {self.ends_at:%Y-%m-%d %H:%M}"
