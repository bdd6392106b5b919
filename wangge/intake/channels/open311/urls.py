"""Addresses of Open311, below /open311/."""

from django.urls import re_path

from wangge.intake.channels.open311 import views

FORM = r"\.(?P<form>json|xml)$"

app_name = "open311"
urlpatterns = [
    re_path(rf"^(?:v2/)?discovery{FORM}", views.discovery, name="discovery"),
    re_path(rf"^v2/services{FORM}", views.service_list, name="services"),
    re_path(rf"^v2/services/(?P<code>[^/]+){FORM}", views.definition, name="definition"),
    re_path(rf"^v2/requests{FORM}", views.requests, name="requests"),
    re_path(rf"^v2/requests/(?P<number>[^/]+){FORM}", views.one, name="request"),
    re_path(rf"^v2/tokens/(?P<token>[^/]+){FORM}", views.token, name="token"),
    re_path(r"^(?P<path>.*)$", views.unknown),
]
