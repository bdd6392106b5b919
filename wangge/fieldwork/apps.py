from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "wangge.fieldwork"
    label = "fieldwork"
