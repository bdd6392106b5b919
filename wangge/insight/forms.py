"""What people type in evaluation: which card, an appeal, a decision, the rule of a score."""

import math
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.insight.models import Appeal
from wangge.insight.queries.cards import Row
from wangge.insight.scoring.schemes import Scheme, Term

MOST_LINES = 2000  # characters of all bands of a term, or of all grades


class AppealForm(forms.Form):
    """Which number is wrong, which is right, and why."""

    count = forms.ChoiceField(label=pgettext_lazy("scorecard", "Figure"))
    wanted = forms.IntegerField(label=_("It should be"), min_value=0, max_value=2**31 - 1)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Which cases, and what is wrong about them. No personal data of residents."),
    )

    def __init__(self, row: Row, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(n.count.code, f"{n.count.label}: {n.number}") for n in row.numbers.values()]
        self.fields["count"].choices = choices  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Grant an appeal with a number, or refuse it; why, in both cases."""

    granted = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", pgettext_lazy("appeal", "Grant")), ("no", pgettext_lazy("appeal", "Refuse"))],
        widget=forms.RadioSelect,
    )
    corrected = forms.IntegerField(
        label=_("Corrected number"),
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("It is shown beside the frozen number, which stays."),
    )
    note = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, asked: Appeal, data: Any = None) -> None:
        super().__init__(data, initial={"corrected": asked.wanted})

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("granted") == "yes" and said.get("corrected") is None:
            self.add_error("corrected", _("Please say which number stands beside the frozen one."))
        return said


class RuleForm(forms.Form):
    """The weights, bands and grades of one score; what is judged stays as it is."""

    def __init__(self, scheme: Scheme, names: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scheme = scheme
        for number, (term, name) in enumerate(zip(scheme.terms, names, strict=True)):
            self._add_term(number, term, name)
        self.fields["grades"] = forms.CharField(
            label=_("Grades"),
            initial=_lines((name, least) for least, name in scheme.grades),
            max_length=MOST_LINES,
            widget=forms.Textarea(attrs={"rows": len(scheme.grades) + 1}),
            help_text=_(
                "One a line: the grade, and the points from which on it is given. The last one is 0."
            ),
        )

    def _add_term(self, number: int, term: Term, name: str) -> None:
        self.fields[f"weight_{number}"] = forms.FloatField(
            label=_("Weight of “%(name)s”, %%") % {"name": name},
            min_value=0,
            max_value=100,
            initial=term.weight,
        )
        if term.count:
            self.fields[f"bands_{number}"] = forms.CharField(
                label=_("Bands of “%(name)s”") % {"name": name},
                initial=_lines([*term.bands, ("*", term.beyond)]),
                max_length=MOST_LINES,
                widget=forms.Textarea(attrs={"rows": len(term.bands) + 2}),
                help_text=_(
                    "One a line: up to how many in 30 days, and the mark. A star is everything above."
                ),
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in [name for name in said if name.startswith(("bands_", "grades"))]:
            try:
                said[name] = _pairs(said[name])
            except ValueError:
                self.add_error(name, _("Please write two values a line, with a space between them."))
        return said

    def as_scheme(self) -> Scheme:
        """The rule as it was typed; for a valid form."""
        said = self.cleaned_data
        terms = tuple(self._term(number, term) for number, term in enumerate(self.scheme.terms))
        return Scheme(terms, tuple((points, name) for name, points in said["grades"]))

    def _term(self, number: int, term: Term) -> Term:
        weight = self.cleaned_data[f"weight_{number}"]
        if term.rate:
            return Term(weight, rate=term.rate)
        pairs = self.cleaned_data[f"bands_{number}"]
        bands = tuple((float(upto), mark) for upto, mark in pairs if upto != "*")
        beyond = next((mark for upto, mark in pairs if upto == "*"), 0.0)
        return Term(weight, count=term.count, bands=bands, beyond=beyond, each_grid=term.each_grid)

    @property
    def faults(self) -> dict[str, str]:
        """Which field shows a refusal that concerns several."""
        bands = next((name for name in self.fields if name.startswith("bands_")), "grades")
        return {"weights": "weight_0", "bands": bands, "grades": "grades"}


def _lines(pairs: Any) -> str:
    return "\n".join(
        " ".join(f"{word:g}" if isinstance(word, float | int) else word for word in p) for p in pairs
    )


def _pairs(text: str) -> list[tuple[str, float]]:
    """Read "A 90" line by line; raises ValueError."""
    pairs = []
    for line in text.splitlines():
        if line.strip():
            name, number = line.split()
            pairs.append((name, _finite(number)))
            if name != "*" and not name.isalpha():
                _finite(name)
    return pairs


def _finite(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise ValueError(word)
    return number
