"""People who work with the platform: accounts, units, roles. Where they work (posts) is in `territory`."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from wangge.common.languages import in_reader_language
from wangge.common.masking import mask_phone
from wangge.common.privacy import internal, personal, public


class Role(models.TextChoices):
    """What a person does in an area; each post names one."""

    ACCEPTOR = "acceptor", _("Acceptor")
    DUTY_CHIEF = "duty_chief", _("Duty chief")
    DISPATCHER = "dispatcher", _("Dispatcher")
    CLERK = "clerk", _("Department clerk")
    UNIT_LEAD = "unit_lead", _("Unit lead")
    GRID_LEAD = "grid_lead", _("Grid lead")
    GRID_WORKER = "grid_worker", _("Grid worker")
    DEPUTY = "deputy", _("Deputy grid worker")
    INFORMANT = "informant", _("Informant")
    OVERSEER = "overseer", _("Overseer")
    LEADER = "leader", _("Leader")
    TERRITORY = "territory", _("Territory administrator")


class UnitKind(models.TextChoices):
    CENTRE = "centre", _("Centre")
    STATION = "station", _("Community station")
    DEPARTMENT = "department", _("Department")
    COMPANY = "company", _("Company")
    COMMITTEE = "committee", _("Committee")


class Unit(models.Model):
    """An organisation that works on cases: department, centre, station, property company, committee."""

    code = public(models.CharField(max_length=40, unique=True))
    name = public(models.CharField(max_length=100))
    name_en = public(models.CharField(max_length=160, blank=True))
    kind = public(models.CharField(max_length=12, choices=UnitKind.choices))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    phone = public(models.CharField(max_length=40, blank=True))
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """Store a new account; without a password it cannot sign in until one is set."""
        account = self.model(username=self.model.normalize_username(username), **fields)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """One person's way in. Rights come from posts (territory) and, for administrators, from `AdminPost`."""

    username = personal(
        models.CharField(_("account name"), max_length=60, unique=True),
        purpose="signing in",
        basis="official duty",
        retention="while employed, then 3 years",
    )
    name = personal(
        models.CharField(_("name"), max_length=60),
        purpose="knowing who did a step",
        basis="official duty",
        retention="while employed, then 3 years",
    )
    phone = personal(
        models.CharField(_("phone"), max_length=40, blank=True),
        purpose="reaching a colleague on duty",
        basis="official duty",
        retention="while employed",
    )
    password = internal(models.CharField(max_length=200))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)
    language = internal(models.CharField(max_length=10, blank=True))
    # What a visitor of a demo may try as this person; only accounts with one can be entered without a password.
    demo_hint = public(models.CharField(max_length=200, blank=True))
    demo_hint_en = public(models.CharField(max_length=200, blank=True))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name

    def must_renew_password(self, at: datetime) -> bool:
        """Tell whether the password was issued by somebody else or is older than the installation allows."""
        since = self.password_changed_at or self.created_at
        return self.must_change_password or at - since > settings.PASSWORD_MAX_AGE

    @property
    def hint(self) -> str:
        """What a visitor of a demo may try as this person, in the reader's language."""
        return in_reader_language(self.demo_hint, self.demo_hint_en)

    @property
    def masked_phone(self) -> str:
        """The phone as colleagues see it in lists."""
        return mask_phone(self.phone)

    @property
    def admin_role(self) -> str | None:
        """The administrator role this account holds, if any."""
        post = getattr(self, "admin_post", None)
        return post.role if post else None


# Whoever asks for something: signed in or not.
Person = Account | AnonymousUser


class AdminRole(models.TextChoices):
    """Three separate administrators, so that no one person can act and erase the trace (MLPS level 3)."""

    SYSTEM = "system_admin", _("System administrator")
    SECURITY = "security_admin", _("Security administrator")
    AUDIT = "audit_admin", _("Audit administrator")


class AdminPost(models.Model):
    """The one administrator role an account may hold; one-to-one keeps the three roles apart."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="admin_post")
    role = internal(models.CharField(max_length=20, choices=AdminRole.choices))

    def __str__(self) -> str:
        return f"{self.account}: {self.get_role_display()}"


class OldPassword(models.Model):
    """Hashes of earlier passwords, so that the last five are not used again."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="old_passwords")
    password = internal(models.CharField(max_length=200))
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-set_at"])]

    def __str__(self) -> str:
        return f"{self.account} {self.set_at:%Y-%m-%d}"
