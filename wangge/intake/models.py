"""Keys of other systems, and when our list of services last changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wangge.common.privacy import internal


class ApiKey(models.Model):
    """A key with which another system sends reports and reads what is public; only its fingerprint is stored."""

    name = internal(models.CharField(_("name"), max_length=80, unique=True))
    key_hash = internal(models.BinaryField(max_length=32, unique=True))
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True, help_text="the day only: enough to find forgotten keys")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ServiceListChange(models.Model):
    """When the list of services took on this content: the Open311 changeset that clients cache by."""

    digest = internal(models.CharField(max_length=64, unique=True))
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
