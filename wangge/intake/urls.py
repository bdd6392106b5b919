"""Addresses of this domain."""

from django.urls import URLPattern

app_name = "intake"
urlpatterns: list[URLPattern] = []
