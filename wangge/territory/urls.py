"""Addresses of this domain."""

from django.urls import path

from wangge.territory import post_views, views

app_name = "territory"
urlpatterns = [
    path("base.json", views.base, name="base"),
    path("areas.json", views.areas, name="areas"),
    path("posts/", post_views.posts, name="posts"),
    path("posts/<int:pk>/ending/", post_views.ending, name="ending"),
    path("people/<int:pk>/posts/", post_views.posts_of, name="posts_of"),
    path("people/<int:pk>/administrator/", post_views.administrator, name="administrator"),
]
