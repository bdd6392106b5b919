"""Controls of Django forms in our look, with their help and error announced."""

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

CLASSES: dict[type[forms.Widget], str] = {
    forms.CheckboxInput: "form-check-input",
    forms.CheckboxSelectMultiple: "form-check-input",
    forms.RadioSelect: "form-check-input",
    forms.Select: "form-select",
}


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Tell whether the label stands behind the control."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw the control itself; what was typed stays, wrong or not."""
    widget = field.field.widget
    classes = next((css for kind, css in CLASSES.items() if isinstance(widget, kind)), "form-control")
    attributes: dict[str, str | bool] = {
        "class": f"{classes} {widget.attrs.get('class', '')} {'is-invalid' if field.errors else ''}".strip()
    }
    described = [f"{field.auto_id}_{part}" for part, there in _notes(field) if there]
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    drawn = field.as_widget(attrs=attributes)
    # What was drawn goes along where a form has to know whether somebody changed it.
    return drawn + field.as_hidden(only_initial=True) if field.field.show_hidden_initial else drawn


def _notes(field: BoundField) -> list[tuple[str, bool]]:
    return [("error", bool(field.errors)), ("help", bool(field.help_text))]
