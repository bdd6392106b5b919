"""What codes look like here: a row for each level and kind that is not as the settings say."""

import re
from typing import Any

from django import forms
from django.contrib.messages import success
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import AdminRole
from wangge.audit.actions import record_access
from wangge.common.requests import client_address
from wangge.territory import codes
from wangge.territory.models import Area, CodePattern, GridKind, Level


class PatternForm(forms.Form):
    """A pattern with an example that fits it; an empty pattern takes the row away."""

    level = forms.ChoiceField(
        label=gettext_lazy("Level"), choices=[*Level.choices, (codes.UNIT_GRID, gettext_lazy("unit grid"))]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("every kind")), *GridKind.choices],
        required=False,
    )
    pattern = forms.CharField(
        label=gettext_lazy("Pattern"), max_length=120, required=False,
        help_text=gettext_lazy("A regular expression: [0-9]{15} is fifteen digits. Empty: as the settings say."),
    )  # fmt: skip
    example = forms.CharField(label=gettext_lazy("Example"), max_length=24, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("kind") and given.get("level") not in (Level.GRID, Level.MICRO):
            self.add_error("kind", _("Only grids have a kind."))
        if pattern := given.get("pattern"):
            try:
                fits = re.fullmatch(pattern, given.get("example", "")) is not None
            except re.error as wrong:
                self.add_error("pattern", _("This is not a regular expression: %(why)s.") % {"why": wrong})
            else:
                if not fits:
                    self.add_error("example", _("The example does not fit the pattern."))
        return given


@only(AdminRole.SYSTEM)
def patterns(request: HttpRequest) -> HttpResponse:
    """Show what codes look like, and change one pattern."""
    codes.load()
    form = PatternForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _store(request, form.cleaned_data)
        success(request, _("Saved."))
        return redirect("territory:patterns")
    own = {(row.level, row.kind): row for row in CodePattern.objects.all()}
    page = {"form": form, "lines": [_line(level, kind, own) for level, kind in _all()]}
    return render(request, "territory/patterns.html", page, status=422 if form.errors else 200)


def _all() -> list[tuple[str, str]]:
    kinds = [("grid", kind) for kind in (GridKind.GENERAL, GridKind.DEDICATED)]
    return [*((level.value, "") for level in Level), *kinds, (codes.UNIT_GRID, "")]


def _line(level: str, kind: str, own: dict[tuple[str, str], CodePattern]) -> dict[str, Any]:
    pattern, row = codes.pattern_of(level, kind), own.get((level, kind))
    known = Area.objects.filter(level=level, valid_to=None)
    known = known.filter(kind=kind) if kind else known
    return {
        "label": codes.in_words(level), "kind": str(GridKind(kind).label) if kind else "", "pattern": pattern,
        "example": row.example if row else "", "is_own": row is not None,
        "others": _others(known, pattern) if level != codes.UNIT_GRID else 0,
    }  # fmt: skip


def _others(known: QuerySet[Area], pattern: str) -> int:
    """How many areas have a code that does not fit."""
    fits = re.compile(pattern).fullmatch
    return sum(fits(code) is None for code in known.values_list("code", flat=True))


@transaction.atomic
def _store(request: HttpRequest, given: dict[str, Any]) -> None:
    where = {"level": given["level"], "kind": given["kind"]}
    if given["pattern"]:
        CodePattern.objects.update_or_create(
            **where, defaults={"pattern": given["pattern"], "example": given["example"]}
        )
    else:
        CodePattern.objects.filter(**where).delete()
    record_access(
        "code_pattern_changed", by=signed_in(request), at=timezone.now(), subject_kind="territory",
        subject_id="code_pattern", address=client_address(request), detail={**where, "pattern": given["pattern"]},
    )  # fmt: skip
    codes.load()
