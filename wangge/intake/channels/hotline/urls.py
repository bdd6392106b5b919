"""Addresses of the desk's calls."""

from django.urls import path

from wangge.intake.channels.hotline.views import call, near, places

urlpatterns = [
    path("desk/new/", call, name="call"),
    path("desk/new/places/", places, name="call_places"),
    path("desk/new/near/", near, name="call_near"),
]
