from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "wangge.notifications"
    label = "notifications"
