"""Addresses of the desk."""

from django.urls import path

from kam.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.workbench, name="workbench"),
    path("language/", views.language, name="language"),
]
