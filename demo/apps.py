from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The made-up district as a Django app, so that `demo` is a management command."""

    name = "demo"
    label = "demo"
