"""Addresses of the extracts of OpenStreetMap, within those of the registry."""

from django.urls import path

from wangge.registry.osm import views

urlpatterns = [
    path("", views.extracts, name="extracts"),
    path("<uuid:pk>/", views.extract, name="extract"),
    path("<uuid:pk>/confirmation/", views.confirmation, name="extract_confirmation"),
    path("<uuid:pk>/looking/", views.looking, name="extract_looking"),
    path("<uuid:pk>/dropping/", views.dropping, name="extract_dropping"),
]
