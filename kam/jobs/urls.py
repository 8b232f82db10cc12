"""Addresses of scheduled jobs."""

from django.urls import path

from kam.jobs import views
from kam.jobs.lists import JobRunList

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="job_list"),
    path("runs/", JobRunList.as_view(), name="run_list"),
    path("runs/<int:pk>/", views.run_detail, name="run_detail"),
    path("runs/<int:pk>/again/", views.run_again, name="run_again"),
]
