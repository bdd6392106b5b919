"""Addresses of the register of facilities, within those of the registry."""

from django.urls import path

from wangge.registry.facilities import views

urlpatterns = [
    path("", views.facilities, name="facilities"),
    path("files/", views.files, name="facility_files"),
    path("files/<uuid:pk>/", views.file, name="facility_file"),
    path("files/<uuid:pk>/confirmation/", views.confirmation, name="facility_file_confirmation"),
    path("files/<uuid:pk>/looking/", views.looking, name="facility_file_looking"),
    path("files/<uuid:pk>/dropping/", views.dropping, name="facility_file_dropping"),
]
