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
    path("job/<str:code>/", views.job_detail, name="job_detail"),
    path("job/<str:code>/run/", views.JobRunNow.as_view(), name="job_run_now"),
    path("job/<str:code>/pause/", views.JobPause.as_view(), name="job_pause"),
    path("job/<str:code>/resume/", views.JobResume.as_view(), name="job_resume"),
]
