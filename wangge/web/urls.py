"""Addresses of this domain."""

from django.urls import path

from wangge.web.views.display import display, language
from wangge.web.views.errors import offline
from wangge.web.views.start import start

app_name = "web"
urlpatterns = [
    path("start/", start, name="start"),
    path("language/", language, name="language"),
    path("display/", display, name="display"),
    path("offline/", offline, name="offline"),
]
