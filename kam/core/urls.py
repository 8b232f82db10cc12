"""Addresses of the foundation's own pages."""

from django.urls import path

from kam.core.lists.export_log import ExportLogList

app_name = "core"
urlpatterns = [
    path("exports/", ExportLogList.as_view(), name="export_log"),
]
