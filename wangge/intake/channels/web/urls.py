"""Addresses of the residents' pages."""

from django.urls import path

from wangge.intake.channels.web.views import follow, grids, home, matters, messages, report, wishes

urlpatterns = [
    path("", home.home, name="home"),
    path("nearby/", home.nearby, name="nearby"),
    path("report/", report.report, name="report"),
    path("report/places.json", report.places, name="places"),
    path("report/classes.json", report.classes, name="classes"),
    path("report/questions/", report.questions, name="questions"),
    path("m/<str:code>/", follow.follow, name="follow"),
    path("m/<str:code>/received/", follow.received, name="received"),
    path("m/<str:code>/additions/", follow.add, name="add"),
    path("m/<str:code>/urging/", wishes.urge, name="urge"),
    path("m/<str:code>/withdrawal/", wishes.withdraw, name="withdraw"),
    path("m/<str:code>/rating/", follow.rate, name="rate"),
    path("m/<str:code>/messages/", messages.messages_about, name="messages"),
    path("m/<str:code>/photos/<uuid:photo_id>/<str:size>/", follow.photo, name="own_photo"),
    path("my-grid/", grids.my_grid, name="my_grid"),
    path("g/<str:code>/", grids.grid, name="grid"),
    path("badge/", grids.look_up, name="look_up"),
    path("badge/<str:serial>/", grids.badge, name="badge"),
    path("badge/<str:serial>/photo/", grids.badge_photo, name="badge_photo"),
    path("matters/", matters.matters, name="matters"),
    path("matters/points.json", matters.points, name="points"),
    path("matters/<int:number>/", matters.matter, name="matter"),
]
