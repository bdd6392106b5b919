"""Addresses of this domain."""

from django.urls import path

from wangge.insight import views

app_name = "insight"
urlpatterns = [
    path("map/", views.one_map, name="map"),
    path("map/list/", views.map_list, name="map_list"),
    path("map/search/", views.map_search, name="map_search"),
    path("map/area/", views.map_area, name="map_area"),
    path("map/wall/", views.map_wall, name="map_wall"),
    path("overview/", views.overview, name="overview"),
    path("overview/wall/", views.wall, name="wall"),
    path("overview/list/", views.listing, name="list"),
    path("overview/points/", views.points, name="points"),
    path("scorecards/", views.cards, name="cards"),
    path("scorecards/mine/", views.mine, name="mine"),
    path("scorecards/mine/list/", views.mine_list, name="mine_list"),
    path("scorecards/frozen/", views.frozen_cards, name="frozen_cards"),
    path("scorecards/freezing/", views.freeze, name="freeze"),
    path("scorecards/frozen/<int:pk>/", views.frozen_card, name="frozen_card"),
    path("scorecards/frozen/<int:pk>/<int:row>/list/", views.frozen_list, name="frozen_list"),
    path("scorecards/frozen/<int:pk>/<int:row>/appeal/", views.new_appeal, name="new_appeal"),
    path("scorecards/appeals/<int:pk>/", views.appeal, name="appeal"),
    path("scorecards/rules/", views.rules, name="rules"),
    path("scorecards/rules/<slug:code>/", views.rule, name="rule"),
    path("scorecards/<slug:code>/", views.card, name="card"),
    path("scorecards/<slug:code>/list/", views.card_list, name="card_list"),
]
