"""Addresses of the foundation's own pages."""

from django.urls import path

from kam.core.exports import views as exports
from kam.core.exports.lists import ExportRunList
from kam.core.lists.export_log import ExportLogList

app_name = "core"
urlpatterns = [
    path("exports/", ExportLogList.as_view(), name="export_log"),
    path("exports/large/", ExportRunList.as_view(), name="export_run_list"),
    path("exports/large/<int:pk>/", exports.export_detail, name="export_detail"),
    path("exports/large/<int:pk>/cancel/", exports.ExportCancel.as_view(), name="export_cancel"),
    path("exports/large/<int:pk>/file/", exports.export_file, name="export_file"),
]
