"""Attachments: photos, recordings and documents that belong to a report, a case or whatever lies above us."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from wangge.common.ids import uuid7
from wangge.common.privacy import internal, personal

BASIS = "official duty (grid service management)"
RETENTION = "as the subject; gone when the subject is deleted"


class Kind(models.TextChoices):
    PHOTO = "photo", pgettext_lazy("attachment", "photo")
    AUDIO = "audio", pgettext_lazy("attachment", "recording")
    DOCUMENT = "document", pgettext_lazy("attachment", "document")


class Purpose(models.TextChoices):
    """What an attachment is to show."""

    REPORT = "report", pgettext_lazy("attachment", "report")
    BEFORE = "before", pgettext_lazy("attachment", "before the work")
    AFTER = "after", pgettext_lazy("attachment", "after the work")
    CHECK = "check", pgettext_lazy("attachment", "check")
    EVIDENCE = "evidence", pgettext_lazy("attachment", "evidence")
    COMMENT = "comment", pgettext_lazy("attachment", "comment")
    PORTRAIT = "portrait", pgettext_lazy("attachment", "portrait")


class Size(models.TextChoices):
    """The sizes a photo is served in; other files have only `full`."""

    THUMB = "thumb"
    MEDIUM = "medium"
    FULL = "full"


class Attachment(models.Model):
    """One file that belongs to one subject; several may share the same stored bytes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = internal(models.CharField(max_length=8, choices=Kind.choices))
    media_type = internal(models.CharField(max_length=40))
    size = models.PositiveIntegerField(help_text="bytes of the full size as stored")
    width = models.PositiveIntegerField(null=True, blank=True, help_text="pixels")
    height = models.PositiveIntegerField(null=True, blank=True, help_text="pixels")

    # Digests of what is stored, which carries no metadata; empty where there is no such size.
    sha256 = internal(models.CharField(max_length=64))
    medium_sha256 = internal(models.CharField(max_length=64, blank=True))
    thumb_sha256 = internal(models.CharField(max_length=64, blank=True))

    name = personal(
        models.CharField(max_length=120),
        purpose="recognising one's own file, and naming a refused one",
        basis=BASIS,
        retention=RETENTION,
    )
    taken_at = personal(
        models.DateTimeField(null=True, blank=True, help_text="what the camera says"),
        purpose="checking when a photo was taken",
        basis=BASIS,
        retention=RETENTION,
    )
    taken_lon = personal(
        models.FloatField(null=True, blank=True, help_text="degrees, WGS84, what the camera says"),
        purpose="suggesting and checking the place of a matter",
        basis=BASIS,
        retention=RETENTION,
    )
    taken_lat = personal(
        models.FloatField(null=True, blank=True, help_text="degrees, WGS84, what the camera says"),
        purpose="suggesting and checking the place of a matter",
        basis=BASIS,
        retention=RETENTION,
    )

    # What lies above us is named, not referenced: attachments know nothing of reports and cases.
    subject_kind = internal(models.CharField(max_length=16))
    subject_id = models.UUIDField()
    purpose = internal(models.CharField(max_length=8, choices=Purpose.choices))
    event_id = models.BigIntegerField(null=True, blank=True, help_text="the event it came with")

    uploaded_by = personal(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"),
        purpose="knowing who added a file; empty for reports without an account",
        basis=BASIS,
        retention=RETENTION,
    )
    uploaded_at = models.DateTimeField()

    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sealed = models.BooleanField(default=False, help_text="seen only by those who may see sealed files")
    blurred_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="blurred")

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject"),
            # "Does any attachment still need these bytes?"
            models.Index(fields=["sha256"], name="attachment_full"),
            models.Index(fields=["medium_sha256"], name="attachment_medium"),
            models.Index(fields=["thumb_sha256"], name="attachment_thumb"),
        ]
        constraints = [
            # A photo has all its sizes; anything else has one.
            models.CheckConstraint(
                condition=Q(kind=Kind.PHOTO, width__isnull=False, height__isnull=False)
                & ~Q(medium_sha256="")
                & ~Q(thumb_sha256="")
                | ~Q(kind=Kind.PHOTO) & Q(width=None, height=None, medium_sha256="", thumb_sha256=""),
                name="attachment_photo_has_sizes",
            ),
            # A place has both coordinates or neither, and lies on earth.
            models.CheckConstraint(
                condition=Q(taken_lon=None, taken_lat=None)
                | Q(taken_lon__isnull=False, taken_lat__isnull=False)
                & Q(taken_lon__range=(-180, 180), taken_lat__range=(-90, 90)),
                name="attachment_place_whole",
            ),
            # What the public sees, a named person has looked at.
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="attachment_published_by_someone",
            ),
            # The public never sees what is sealed, and never hears a voice.
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(sealed=False) & ~Q(kind=Kind.AUDIO),
                name="attachment_public_not_sealed",
            ),
            models.CheckConstraint(
                condition=~Q(blurred_from=F("id")), name="attachment_not_blurred_from_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_photo(self) -> bool:
        return self.kind == Kind.PHOTO

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def thumb_url(self) -> str:
        return self.url(Size.THUMB)

    @property
    def medium_url(self) -> str:
        return self.url(Size.MEDIUM)

    @property
    def full_url(self) -> str:
        return self.url(Size.FULL)

    def url(self, size: Size) -> str:
        """Return the address of one size, relative to the site."""
        return reverse("attachments:file", args=[self.pk, size.value])

    def digest(self, size: Size) -> str:
        """Return the digest under which this size is stored; empty where there is no such size."""
        return {Size.THUMB: self.thumb_sha256, Size.MEDIUM: self.medium_sha256, Size.FULL: self.sha256}[size]
