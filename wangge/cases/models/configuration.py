"""The configuration as versioned data: drafts, their changes, what a dry run found, and what was published."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from wangge.accounts.models import Unit
from wangge.cases.models.matter import Case
from wangge.common.privacy import internal, public


class ConfigVersion(models.Model):
    """Everything the configuration said from one moment on; cases carry the number they were filed with."""

    number = models.IntegerField(primary_key=True)
    published_at = models.DateTimeField()
    # None: set up by the program, or found changed outside the pages.
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = internal(models.TextField(blank=True))
    # All rows of all tables: {"conditions": [{"matter": "01037", "ordinal": 1, …}, …], …}.
    content = public(models.JSONField())

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return str(self.number)


class ConfigDraft(models.Model):
    """A set of changes against the published configuration, open until it is published or given up."""

    title = internal(models.CharField(max_length=100))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="a dry run before this moment no longer counts")
    note = internal(models.TextField(blank=True, help_text="why it is published"))
    # Decided, but not in force before this moment.
    due_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    failure = internal(models.TextField(blank=True, help_text="why it could not take effect when it was due"))
    version = models.OneToOneField(ConfigVersion, models.PROTECT, null=True, related_name="draft")
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Nothing waits for its day without somebody who decided it.
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(decided_by__isnull=False), name="config_draft_due_decided"
            ),
            # Published or given up, not both.
            models.CheckConstraint(
                condition=Q(version=None) | Q(discarded_at=None), name="config_draft_one_end"
            ),
        ]
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.version_id is None and self.discarded_at is None


class ConfigChange(models.Model):
    """One row of one table as a draft wants it: `before` as it was published then, `after` as it shall be."""

    draft = models.ForeignKey(ConfigDraft, models.CASCADE, related_name="changes")
    table = internal(models.CharField(max_length=20))
    key = public(models.CharField(max_length=200))
    before = public(models.JSONField(null=True))
    after = public(models.JSONField(null=True))
    revision = models.IntegerField(default=1, help_text="tells a stale form from a fresh one")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # A draft says one thing about a row.
            models.UniqueConstraint(fields=["draft", "table", "key"], name="config_change_once"),
        ]
        ordering = ("table", "key")

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class ConfigImport(models.Model):
    """A sheet that was read without fault and waits for somebody to look at what it would change."""

    draft = models.ForeignKey(ConfigDraft, models.CASCADE, related_name="imports")
    name = internal(models.CharField(max_length=200))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The rows it would change: [{"table": …, "key": …, "after": {…}}, …].
    rows = public(models.JSONField())

    def __str__(self) -> str:
        return self.name


class DryRun(models.Model):
    """What a draft would have done with the cases of some days; the draft's last run only is kept."""

    draft = models.OneToOneField(ConfigDraft, models.CASCADE, related_name="dry_run")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ran_at = models.DateTimeField()
    since = models.DateTimeField()
    cases = models.IntegerField(help_text="looked at")

    def __str__(self) -> str:
        return f"{self.draft}: {self.cases}"


class DryRunLine(models.Model):
    """One case that would have gone another way."""

    run = models.ForeignKey(DryRun, models.CASCADE, related_name="lines")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    old_unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    new_unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    old_limit = public(models.CharField(max_length=40))
    new_limit = public(models.CharField(max_length=40))
    refiled = models.BooleanField(help_text="class or filing condition no longer in force")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "case"], name="dry_run_line_once"),
            # A line is there because something differs.
            models.CheckConstraint(
                condition=Q(refiled=True)
                | ~Q(old_limit=F("new_limit"))
                | ~Q(old_unit=F("new_unit"))
                | Q(old_unit=None, new_unit__isnull=False)
                | Q(old_unit__isnull=False, new_unit=None),
                name="dry_run_line_differs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.case_id}"
