"""No text field of ours reaches a database without saying what it holds."""

from django.apps import apps
from django.db import models

from wangge.common.privacy import Sensitivity, every_text_field_says_what_it_holds, statement_of
from wangge.common.sealing import SealedTextField


def test_every_text_field_says_what_it_holds() -> None:
    assert every_text_field_says_what_it_holds() == []


def test_a_field_without_a_statement_is_named_and_refused() -> None:
    field = next(f for f in apps.get_model("cases", "Report")._meta.local_fields if f.name == "text")
    statement = field.__dict__.pop("privacy")
    try:
        errors = every_text_field_says_what_it_holds()
    finally:
        field.privacy = statement
    assert ["Report.text" in error.msg for error in errors] == [True]


def test_sensitive_fields_are_sealed_in_the_database() -> None:
    fields = [f for model in apps.get_models() for f in model._meta.local_fields]
    sensitive = [f for f in fields if (s := statement_of(f)) and s.sensitivity is Sensitivity.SENSITIVE]
    assert sensitive
    assert all(isinstance(field, SealedTextField) for field in sensitive)


def test_personal_fields_state_purpose_basis_and_retention() -> None:
    fields: list[models.Field] = [f for model in apps.get_models() for f in model._meta.local_fields]
    for field in fields:
        statement = statement_of(field)
        if statement and statement.sensitivity in {Sensitivity.PERSONAL, Sensitivity.SENSITIVE}:
            assert statement.purpose, field
            assert statement.basis, field
            assert statement.retention, field
