"""Addresses of this domain."""

from django.urls import path

from wangge.territory.views import absences, badges, boundary_files, forces, maps, posts

app_name = "territory"
urlpatterns = [
    path("base.json", maps.base, name="base"),
    path("areas.json", maps.areas, name="areas"),
    path("tiles/ground/<int:z>/<int:x>/<int:y>.mvt", maps.ground_tile, name="ground_tile"),
    path("tiles/unit-grids/<int:z>/<int:x>/<int:y>.mvt", maps.unit_grid_tile, name="unit_grid_tile"),
    path("tiles/areas/<slug:level>/<int:z>/<int:x>/<int:y>.mvt", maps.area_tile, name="area_tile"),
    path("files/", boundary_files.files, name="files"),
    path("files/<uuid:pk>/", boundary_files.file, name="file"),
    path("files/<uuid:pk>/confirmation/", boundary_files.confirmation, name="file_confirmation"),
    path("files/<uuid:pk>/looking/", boundary_files.looking, name="file_looking"),
    path("files/<uuid:pk>/dropping/", boundary_files.dropping, name="file_dropping"),
    path("export/", boundary_files.export, name="export"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:pk>/ending/", posts.ending, name="ending"),
    path("people/<int:pk>/posts/", posts.posts_of, name="posts_of"),
    path("people/<int:pk>/administrator/", posts.administrator, name="administrator"),
    path("forces/", forces.forces, name="forces"),
    path("forces/list/", forces.behind, name="behind"),
    path("forces/plates.pdf", forces.plates, name="plates"),
    path("forces/badges.pdf", badges.badges_to_print, name="badges_to_print"),
    path("forces/<int:pk>/", forces.area, name="forces_of"),
    path("forces/posts/<int:pk>/ending/", forces.force_ending, name="force_ending"),
    path("posts/<int:pk>/phone/", forces.phone, name="phone"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:pk>/ending/", absences.absence_ending, name="absence_ending"),
    path("people/<int:pk>/absence/", absences.new_absence, name="new_absence"),
    path("people/<int:pk>/badges/", badges.badges_of, name="badges_of"),
    path("badges/<uuid:pk>/revocation/", badges.revocation, name="revocation"),
    path("my-badge/", badges.my_badge, name="my_badge"),
    path("my-badge/photo/", badges.my_photo, name="my_photo"),
    path("my-badge/photo/withdrawal/", badges.photo_withdrawal, name="photo_withdrawal"),
]
