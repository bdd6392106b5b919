from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "wangge.web"
    label = "web"

    def ready(self) -> None:
        """Let every form ask for what is missing as a person would: Django's own words speak of fields."""
        Field.default_error_messages["required"] = _("Please fill this in.")
