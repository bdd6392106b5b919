"""What every stored text is for: purpose, legal basis, sensitivity and retention (design: trust).

A field that may hold words says what it holds through `public`, `internal` or `personal`. The check below runs
before each migration, so that a field without a statement never reaches a database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.apps import AppConfig, apps
from django.core import checks
from django.db import models


class Sensitivity(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Statement:
    """Why a field exists, on what ground, how sensitive it is and how long it is kept."""

    purpose: str
    basis: str
    sensitivity: Sensitivity
    retention: str


F = TypeVar("F", bound="models.Field[Any, Any]")

TEXT_FIELDS = (models.CharField, models.TextField, models.BinaryField, models.JSONField, models.FileField)


def _state(field: F, statement: Statement) -> F:
    field.privacy = statement  # type: ignore[attr-defined]  # Django fields carry no such attribute of their own
    return field


def public(field: F) -> F:
    """Declare a field that anybody may read (names of areas, classes, units)."""
    return _state(field, Statement("service", "public information", Sensitivity.PUBLIC, "kept"))


def internal(field: F) -> F:
    """Declare a field that concerns the work and no person (codes, reasons, hashes)."""
    return _state(field, Statement("service", "official duty", Sensitivity.INTERNAL, "kept with its record"))


def personal(field: F, *, purpose: str, basis: str, retention: str, sensitive: bool = False) -> F:
    """Declare a field that concerns a person; `sensitive` ones must be sealed in the database."""
    level = Sensitivity.SENSITIVE if sensitive else Sensitivity.PERSONAL
    return _state(field, Statement(purpose, basis, level, retention))


def statement_of(field: "models.Field[Any, Any]") -> Statement | None:
    """Return what a field says it holds, or None when it says nothing."""
    return getattr(field, "privacy", None)


def _own_fields() -> Iterator["models.Field[Any, Any]"]:
    for model in apps.get_models():
        if model.__module__.startswith("wangge."):
            yield from (f for f in model._meta.local_fields if isinstance(f, TEXT_FIELDS))


def every_text_field_says_what_it_holds(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Refuse to start or migrate while a text field of ours carries no statement."""
    return [
        checks.Error(
            f"{field.model._meta.label}.{field.name} does not say what it holds.",
            hint="Wrap it in public(), internal() or personal() of wangge.common.privacy.",
            id="wangge.E001",
        )
        for field in _own_fields()
        if statement_of(field) is None and not getattr(field, "primary_key", False)
    ]
