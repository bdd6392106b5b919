"""Addresses of the register of addresses."""

from django.urls import path

from wangge.registry.addresses import views

urlpatterns = [
    path("", views.addresses, name="addresses"),
    path("new/", views.new, name="new_address"),
    path("<int:pk>/", views.address, name="address"),
    path("<int:pk>/parts/", views.change, {"name": "part"}, name="address_parts"),
    path("<int:pk>/rooms/", views.change, {"name": "room"}, name="address_rooms"),
    path("<int:pk>/correction/", views.change, {"name": "correction"}, name="address_correction"),
    path("<int:pk>/names/", views.change, {"name": "naming"}, name="address_names"),
    path("<int:pk>/merging/", views.change, {"name": "merging"}, name="address_merging"),
    path("<int:pk>/retirement/", views.change, {"name": "retirement"}, name="address_retirement"),
]
