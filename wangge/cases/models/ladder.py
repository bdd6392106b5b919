"""Escalation ladders: who is told, one after another, when a clock runs out and nobody moves."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wangge.accounts.models import Role, Unit
from wangge.cases.models.classes import LIMIT_KINDS
from wangge.cases.models.clock import ClockKind
from wangge.common.languages import in_reader_language
from wangge.common.privacy import internal, public
from wangge.territory.models import Level


class Ladder(models.Model):
    """The rungs that are climbed for one kind of clock."""

    code = public(models.CharField(max_length=30, unique=True))
    name = public(models.CharField(max_length=60))
    name_en = public(models.CharField(max_length=100, blank=True))
    clock = internal(models.CharField(max_length=10, choices=ClockKind.choices))
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            # One clock climbs one ladder.
            models.UniqueConstraint(
                fields=["clock"], condition=Q(in_force=True), name="ladder_once_for_clock"
            ),
        ]
        ordering = ("code",)

    def __str__(self) -> str:
        return in_reader_language(self.name, self.name_en)


class Rung(models.Model):
    """One step of a ladder: how late it is, and who is told then; without such a person the fallback is.

    How late: after a share of the limit (100 is the due moment), or an amount of time after the due moment.
    """

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="rungs")
    ordinal = models.SmallIntegerField()
    after_percent = models.SmallIntegerField(null=True, blank=True)
    after_amount = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    after_kind = internal(models.CharField(max_length=20, choices=LIMIT_KINDS, blank=True))
    # Whoever holds this post in the area of this level around the matter; without a level, the nearest one.
    role = internal(models.CharField(max_length=20, choices=Role.choices, blank=True))
    level = internal(models.CharField(max_length=12, choices=Level.choices, blank=True))
    # Or the people of one unit, wherever the matter is.
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    fallback_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ladder", "ordinal"], name="rung_once"),
            # A rung says how late in one way, and has somebody to tell.
            models.CheckConstraint(
                condition=Q(after_percent__range=(1, 1000), after_amount=None, after_kind="")
                | (Q(after_percent=None, after_amount__gt=0) & ~Q(after_kind="")),
                name="rung_after_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(role="", unit=None) | Q(fallback_account__isnull=False),
                name="rung_tells_somebody",
            ),
        ]
        ordering = ("ladder", "ordinal")

    def __str__(self) -> str:
        return f"{self.ladder} {self.ordinal}"
