from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "wangge.attachments"
    label = "attachments"
