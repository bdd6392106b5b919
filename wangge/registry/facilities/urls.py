"""Addresses of the register of facilities, within those of the registry."""

from django.urls import path

from wangge.registry.facilities import pages, views

urlpatterns = [
    path("", views.facilities, name="facilities"),
    *pages.PAGES.urls("files/"),
]
