"""Addresses of this domain."""

from django.urls import path

from wangge.fieldwork import views

app_name = "fieldwork"
urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/report/", views.report, name="report"),
    path("tasks/<uuid:task_id>/", views.task, name="task"),
    path("tasks/<uuid:task_id>/result/", views.result, name="result"),
]
