"""Addresses of the desk."""

from django.urls import path

from kam.desk.views.language import language
from kam.desk.views.notices import notice_open, notices, notices_read
from kam.desk.views.search import search
from kam.desk.views.workbench import workbench

app_name = "desk"
urlpatterns = [
    path("", workbench, name="workbench"),
    path("search/", search, name="search"),
    path("notices/", notices, name="notices"),
    path("notices/read/", notices_read, name="notices_read"),
    path("notices/<int:pk>/open/", notice_open, name="notice_open"),
    path("language/", language, name="language"),
]
