"""What happened, written once: events in chains, their words beside them, and the outbox the relay empties."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wangge.audit.anchor_line import Line
from wangge.common.privacy import internal, personal


class Event(models.Model):
    """One thing that happened to one subject; append-only, each row holds the digest of the row before it."""

    id = models.BigAutoField(primary_key=True)
    subject_kind = internal(models.CharField(max_length=16))
    subject_id = models.UUIDField()
    seq = models.IntegerField(help_text="1, 2, 3 … within the subject")
    verb = internal(models.CharField(max_length=40))
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    from_stage = internal(models.CharField(max_length=16, blank=True))
    to_stage = internal(models.CharField(max_length=16, blank=True))
    payload_digest = internal(models.BinaryField(max_length=32))
    previous = internal(models.BinaryField(max_length=32))
    digest = internal(models.BinaryField(max_length=32))

    class Meta:
        constraints = [
            # A chain never forks: each place in it is taken once.
            models.UniqueConstraint(fields=["subject_id", "seq"], name="event_place_in_chain"),
        ]
        indexes = [
            models.Index(fields=["at"], name="event_at"),
            models.Index(fields=["actor", "at"], name="event_actor_at"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.verb} {self.at:%Y-%m-%d %H:%M}"


class Payload(models.Model):
    """The words of an event, beside the chain, so that they can be deleted without breaking it."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="payload")
    salt = internal(models.BinaryField(max_length=16))
    data = personal(
        models.JSONField(default=dict),
        purpose="showing what was said and done to a matter",
        basis="official duty (grid service management)",
        retention="as the matter; words are deleted on retention or on a resident's request",
    )

    def __str__(self) -> str:
        return f"payload of {self.event_id}"


class Outbox(models.Model):
    """Events that some listener has not finished yet; the relay deletes a row when all have."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="+")
    done = internal(models.JSONField(default=list, help_text="names of listeners that have finished"))
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = internal(models.TextField(blank=True))

    class Meta:
        indexes = [
            # The few that wait to be tried again; the relay looks past them.
            models.Index(
                fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="outbox_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.event_id}, {self.tries} tries"


class AccessEntry(models.Model):
    """One look at a sensitive value, export, change of rights or administrative act; one chain for all."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    act = internal(models.CharField(max_length=40))
    subject_kind = internal(models.CharField(max_length=16, blank=True))
    subject_id = internal(models.CharField(max_length=40, blank=True))
    purpose = internal(models.CharField(max_length=200, blank=True))
    detail = internal(models.JSONField(default=dict))
    address = personal(
        models.GenericIPAddressField(null=True),
        purpose="finding misuse of an account",
        basis="Cybersecurity Law, network logs",
        retention="12 months",
    )
    previous = internal(models.BinaryField(max_length=32))
    digest = internal(models.BinaryField(max_length=32))

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="access_at"),
            models.Index(fields=["account", "at"], name="access_account_at"),
            # The few entries that say whose words were erased; the guard of the words looks among them.
            models.Index(fields=["subject_id"], condition=Q(act="words_erased"), name="access_erasures"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"


class Anchor(models.Model):
    """What one day added to the logs, tied to the day before: one row a day, append-only, and a line to keep elsewhere."""

    day = models.DateField(unique=True, help_text="local day that was over when the anchor was made")
    made_at = models.DateTimeField()
    # Events are covered by their numbers: those above `after` up to `last`.
    after = models.BigIntegerField()
    last = models.BigIntegerField()
    events = models.IntegerField()
    chains = models.IntegerField()
    root = internal(models.BinaryField(max_length=32))
    access = models.BigIntegerField(help_text="number of the last entry of the access log, 0 for none")
    access_digest = internal(models.BinaryField(max_length=32))
    previous = internal(models.BinaryField(max_length=32))
    digest = internal(models.BinaryField(max_length=32))

    class Meta:
        constraints = [
            # Numbers only go up.
            models.CheckConstraint(condition=Q(last__gte=models.F("after")), name="anchor_goes_forward"),
        ]
        ordering = ("day",)

    def __str__(self) -> str:
        return f"anchor of {self.day}"

    @property
    def line(self) -> Line:
        """What the row says, as the line that its digest is made of."""
        return Line(
            day=self.day.isoformat(),
            after=self.after,
            last=self.last,
            events=self.events,
            chains=self.chains,
            root=bytes(self.root).hex(),
            access=self.access,
            access_digest=bytes(self.access_digest).hex(),
            previous=bytes(self.previous).hex(),
        )
