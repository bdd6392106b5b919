"""Addresses of this domain."""

from django.urls import path

from wangge.notifications.views import administration, centre, preferences, shown

app_name = "notifications"
urlpatterns = [
    path("notices/", centre.centre, name="centre"),
    path("notices/unread/", centre.unread, name="unread"),
    path("notices/reading/", centre.reading, name="reading"),
    path("notices/<int:pk>/", centre.opening, name="opening"),
    path("notices/preferences/", preferences.preferences, name="preferences"),
    path("notices/preferences/address/", preferences.address, name="address"),
    path("notices/preferences/test/", preferences.test, name="test"),
    path("notices/preferences/browser/", preferences.browser, name="browser"),
    path("notices/worker.js", preferences.worker_script, name="worker_script"),
    path("demo/messages/", shown.messages, name="shown"),
    path("administration/channels/", administration.channels, name="channels"),
]
