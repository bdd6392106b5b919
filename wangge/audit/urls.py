"""Addresses of this domain."""

from django.urls import path

from wangge.audit import views

app_name = "audit"
urlpatterns = [
    path("administration/log/", views.log, name="log"),
    path("administration/log/export/", views.export, name="export"),
    path("administration/log/verification/", views.verification, name="verification"),
    path("administration/log/anchors/", views.anchor, name="anchors"),
]
