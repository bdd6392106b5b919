"""Addresses of this domain."""

from django.urls import include, path

app_name = "intake"
urlpatterns = [
    path("", include("wangge.intake.channels.web.urls")),
    path("", include("wangge.intake.channels.hotline.urls")),
]
