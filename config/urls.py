"""All addresses; each domain keeps its own list."""

from django.urls import include, path

urlpatterns = [
    path("files/", include("wangge.attachments.urls")),
]
