"""Addresses of this domain."""

from django.urls import path

from wangge.territory import views

app_name = "territory"
urlpatterns = [
    path("base.json", views.base, name="base"),
    path("areas.json", views.areas, name="areas"),
]
