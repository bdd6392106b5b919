"""Every text that somebody types has a length beyond which it is refused in words, not cut and not kept."""

import importlib
import pkgutil
from collections.abc import Iterator

from django import forms

import wangge

# Read by functions of their own that say in words what is too long, or that take anything else for nothing.
ELSEWHERE = {("ReportForm", "text"), ("ReportForm", "token")}


def _forms(base: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)


def _everything() -> None:
    for module in pkgutil.walk_packages(wangge.__path__, "wangge."):
        if "forms" in module.name:
            importlib.import_module(module.name)


def test_no_form_takes_words_without_end() -> None:
    _everything()
    endless = {
        (form.__name__, name)
        for form in _forms(forms.BaseForm)
        if form.__module__.startswith("wangge.") and ".tests." not in form.__module__
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField) and field.max_length is None
    }
    assert endless <= ELSEWHERE
