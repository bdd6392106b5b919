"""What people are told (Notice), by which ways it goes out (Delivery, Attempt), and what they want of it."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from wangge.common.privacy import internal, personal
from wangge.common.sealing import SealedTextField

REACHING = "reaching a person by the way they chose"


class Notice(models.Model):
    """One thing one person is told inside the platform; its words are a wording and its facts, put together when read."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    source = internal(models.CharField(max_length=80, help_text="what it comes from, such as event:123"))
    wording = internal(models.CharField(max_length=40))
    words = internal(models.JSONField(default=dict, help_text="facts of the wording; nothing personal"))
    subject_kind = internal(models.CharField(max_length=16, blank=True))
    subject_id = models.UUIDField(null=True)
    link = internal(models.CharField(max_length=200, blank=True))
    urgent = models.BooleanField(default=False)
    shown_at = models.DateTimeField(help_text="nobody sees it before")
    read_at = models.DateTimeField(null=True)
    gathered_in = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        related_name="gathered",
        help_text="the one that tells of many alike; this one is kept and not shown",
    )

    class Meta:
        constraints = [
            # Told once, however often the listener runs.
            models.UniqueConstraint(fields=["source", "recipient", "wording"], name="notice_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-shown_at"], name="notice_of_person"),
            # The count in the frame of every page.
            models.Index(fields=["recipient", "shown_at"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["subject_id"], name="notice_subject"),
            models.Index(fields=["shown_at"], name="notice_shown"),
        ]
        ordering = ("-shown_at", "-id")

    def __str__(self) -> str:
        return f"{self.wording} {self.source}"


class Preference(models.Model):
    """When a person wants to be reached outside the platform; nobody without a row is asked to make one."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_preference"
    )
    quiet_from = models.TimeField(null=True, blank=True, default=time(21))
    quiet_until = models.TimeField(null=True, blank=True, default=time(7))
    digest_at = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Quiet hours have a beginning and an end, or there are none.
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="preference_whole_quiet_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"preference of {self.account_id}"


class Address(models.Model):
    """Where a colleague can be reached by one channel; a browser that takes pushes is an address too."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_addresses")
    channel = internal(models.CharField(max_length=12))
    value = personal(
        SealedTextField(), purpose=REACHING, basis="choice of the colleague",
        retention="until the colleague removes it", sensitive=True,
    )  # fmt: skip
    mark = internal(models.CharField(max_length=32, help_text="fingerprint of channel and value"))
    wanted = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True, help_text="the provider said that it leads nowhere")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "mark"], name="address_once"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.account_id}"


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
    HELD = "held", pgettext_lazy("delivery", "Held for a summary")
    SENDING = "sending", pgettext_lazy("delivery", "Being sent")
    SENT = "sent", pgettext_lazy("delivery", "Sent")
    GATHERED = "gathered", pgettext_lazy("delivery", "Told in a summary")
    STOPPED = "stopped", pgettext_lazy("delivery", "Not sent")
    FAILED = "failed", pgettext_lazy("delivery", "Failed")


OPEN = (State.WAITING, State.HELD, State.SENDING)
# What a delivery holds no longer once it has ended: where it went, and the link that opens a report.
FORGOTTEN: dict[str, str | None] = {"sealed": None, "link": ""}


class Delivery(models.Model):
    """One message to one recipient by one channel, from the moment it is due until it is sent or given up."""

    source = internal(models.CharField(max_length=80))
    # Whom: a colleague, or somebody outside whom only a name of ours tells apart ("report:<id>").
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    outsider = internal(models.CharField(max_length=60, blank=True))
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="deliveries")
    channel = internal(models.CharField(max_length=12))
    address = models.ForeignKey(Address, models.SET_NULL, null=True, related_name="+")
    sealed = personal(
        SealedTextField(null=True), purpose="telling a reporter what became of the matter",
        basis="consent of the reporter", retention="until it is sent or given up", sensitive=True,
    )  # fmt: skip
    masked = personal(
        models.CharField(max_length=80, blank=True), purpose="finding out why a message did not arrive",
        basis="official duty", retention="90 days",
    )  # fmt: skip
    mark = internal(models.CharField(max_length=32, blank=True, help_text="fingerprint of the address"))
    wording = internal(models.CharField(max_length=40))
    words = internal(models.JSONField(default=dict))
    subject_id = models.UUIDField(null=True)
    # May hold the signed address by which a reporter follows a matter: it opens the matter, so it is sealed.
    link = personal(
        SealedTextField(), purpose="opening the matter from a message", basis="consent of the reporter",
        retention="until it is sent or given up", sensitive=True,
    )  # fmt: skip
    urgent = models.BooleanField(default=False)
    state = internal(models.CharField(max_length=10, choices=State.choices, default=State.WAITING))
    was_held = models.BooleanField(default=False, help_text="its waiting is over; no cap holds it again")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="not sent before")
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    gathered_in = models.ForeignKey("self", models.SET_NULL, null=True, related_name="gathers")

    class Meta:
        constraints = [
            # Sent once for each happening, person and channel (and browser), however often the listener runs.
            models.UniqueConstraint(
                fields=["source", "wording", "account", "channel", "mark"],
                condition=Q(account__isnull=False),
                name="delivery_once_to_colleague",
            ),
            models.UniqueConstraint(
                fields=["source", "wording", "outsider", "channel"],
                condition=Q(account=None),
                name="delivery_once_to_outsider",
            ),
            # To a colleague or to somebody outside.
            models.CheckConstraint(
                condition=Q(account__isnull=False, outsider="") | (Q(account=None) & ~Q(outsider="")),
                name="delivery_to_one",
            ),
            # What has ended has a moment, and keeps no address of a reporter.
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None)
                | (~Q(state__in=OPEN) & Q(ended_at__isnull=False, sealed=None)),
                name="delivery_ended_forgets",
            ),
        ]
        indexes = [
            # The sender's queue.
            models.Index(fields=["due_at"], condition=Q(state__in=OPEN), name="delivery_open"),
            # How many a person got lately.
            models.Index(
                fields=["account", "channel", "ended_at"], condition=Q(state=State.SENT), name="delivery_sent"
            ),
            models.Index(fields=["subject_id"], condition=Q(state__in=OPEN), name="delivery_subject"),
            models.Index(fields=["-made_at"], name="delivery_made"),
        ]
        ordering = ("-made_at", "-id")  # fmt: skip

    def __str__(self) -> str:
        return f"{self.wording} by {self.channel}: {self.state}"


class Outcome(models.TextChoices):
    SENT = "sent", pgettext_lazy("attempt", "Taken by the provider")
    AGAIN = "again", pgettext_lazy("attempt", "Failed, tried again later")
    UNKNOWN = "unknown", pgettext_lazy("attempt", "No answer; it may have arrived")
    REFUSED = "refused", pgettext_lazy("attempt", "Refused for good")


class Attempt(models.Model):
    """One try to send a delivery, and what the provider said."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    outcome = internal(models.CharField(max_length=8, choices=Outcome.choices))
    said = internal(models.CharField(max_length=300, blank=True, help_text="the error in words"))
    provider_id = internal(models.CharField(max_length=120, blank=True))

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome}"


class LeftAlone(models.Model):
    """Somebody outside asked for no more messages: about one matter, or at one address at all."""

    who = internal(
        models.CharField(max_length=80, primary_key=True, help_text="an outsider, or address:<mark>")
    )
    at = models.DateTimeField()
    way = internal(
        models.CharField(
            max_length=12,
            help_text="page; mail: the reader's mail program; erasure: what was said is erased",
        )
    )
    asked_by = internal(
        models.CharField(
            max_length=80, blank=True, help_text="of an address: the outsider who asked, and may take it back"
        )
    )

    def __str__(self) -> str:
        return f"{self.who} since {self.at:%Y-%m-%d}"
