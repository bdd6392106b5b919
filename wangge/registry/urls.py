"""Addresses of this domain."""

from django.urls import path

from wangge.registry import views

app_name = "registry"
urlpatterns = [path("buildings.json", views.buildings, name="buildings")]
