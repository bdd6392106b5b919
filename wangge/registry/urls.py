"""Addresses of this domain."""

from django.urls import include, path

from wangge.registry import views
from wangge.registry.osm import pages as extracts

app_name = "registry"
urlpatterns = [
    path("buildings.json", views.buildings, name="buildings"),
    path("buildings/<int:pk>/card/", views.building_card, name="building_card"),
    path("facilities/<int:pk>/card/", views.facility_card, name="facility_card"),
    path("tiles/buildings/<int:z>/<int:x>/<int:y>.mvt", views.building_tile, name="building_tile"),
    path("tiles/facilities/<int:z>/<int:x>/<int:y>.mvt", views.facility_tile, name="facility_tile"),
    path("facilities/", include("wangge.registry.facilities.urls")),
    *extracts.PAGES.urls("extracts/"),
    path("addresses/", include("wangge.registry.addresses.urls")),
]
