"""Addresses of this domain."""

from django.urls import path

from wangge.territory.views import maps, posts

app_name = "territory"
urlpatterns = [
    path("base.json", maps.base, name="base"),
    path("areas.json", maps.areas, name="areas"),
    path("tiles/ground/<int:z>/<int:x>/<int:y>.mvt", maps.ground_tile, name="ground_tile"),
    path("tiles/unit-grids/<int:z>/<int:x>/<int:y>.mvt", maps.unit_grid_tile, name="unit_grid_tile"),
    path("tiles/areas/<slug:level>/<int:z>/<int:x>/<int:y>.mvt", maps.area_tile, name="area_tile"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:pk>/ending/", posts.ending, name="ending"),
    path("people/<int:pk>/posts/", posts.posts_of, name="posts_of"),
    path("people/<int:pk>/administrator/", posts.administrator, name="administrator"),
]
