"""The extra questions of a class as fields of a form; answers are kept under the question's code."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wangge.cases.models import MatterClass, Question
from wangge.common.forms import CleanText, MomentInput

PREFIX = "q_"
MOST_CHARACTERS = {"string": 200, "text": 1000}


class QuestionsForm(forms.Form):
    """The questions of one class; a class without questions gives an empty form."""

    def __init__(self, matter: MatterClass | None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        asked = matter.questions.filter(in_force=True).select_related("only_if") if matter else ()
        self.questions = list(asked)
        for question in self.questions:
            self.fields[PREFIX + question.code] = _field(question)

    def rows(self) -> Iterator[tuple[forms.BoundField, str, str]]:
        """Each field with the name of the field it hangs on and the answers that ask for it."""
        for question in self.questions:
            leader = PREFIX + question.only_if.code if question.only_if else ""
            yield self[PREFIX + question.code], leader, " ".join(question.only_if_answers)

    def clean(self) -> dict[str, Any]:
        """Forget what was said to a question that is not asked; ask for an answer where it is."""
        for question in self.questions:
            name = PREFIX + question.code
            if not question.is_asked(self.answers()):
                self.cleaned_data.pop(name, None)
                self.errors.pop(name, None)
            elif question.required and not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        return self.cleaned_data

    def answers(self) -> dict[str, Any]:
        """What was answered, by the code of the question; empty answers are left out."""
        found = {name.removeprefix(PREFIX): value for name, value in self.cleaned_data.items()}
        return {code: _plain(value) for code, value in found.items() if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    return (
        value.isoformat()
        if hasattr(value, "isoformat")
        else str(value)
        if not isinstance(value, list)
        else value
    )


def _field(question: Question) -> forms.Field:
    common: dict[str, Any] = {
        "label": str(question),
        "help_text": question.hint_label,
        "required": question.required and question.only_if is None,
        "error_messages": {"required": _("Please answer this question.")},
    }
    kinds = Question.Datatype
    if question.datatype == kinds.NUMBER:
        return forms.DecimalField(**common, max_digits=12)
    if question.datatype == kinds.DATETIME:
        return forms.DateTimeField(
            **common,
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
            widget=MomentInput(),
        )
    if question.datatype == kinds.SINGLE:
        return forms.ChoiceField(**common, choices=[("", _("Please choose")), *question.choices])
    if question.datatype == kinds.MULTI:
        return forms.MultipleChoiceField(
            **common, choices=question.choices, widget=forms.CheckboxSelectMultiple
        )
    widget = forms.Textarea(attrs={"rows": 2}) if question.datatype == kinds.TEXT else None
    return CleanText(**common, max_length=MOST_CHARACTERS[question.datatype], widget=widget)
