"""Addresses of this domain."""

from django.urls import path

from wangge.insight import views

app_name = "insight"
urlpatterns = [
    path("overview/", views.overview, name="overview"),
    path("overview/wall/", views.wall, name="wall"),
    path("overview/list/", views.listing, name="list"),
    path("overview/points/", views.points, name="points"),
]
