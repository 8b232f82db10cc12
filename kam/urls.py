"""Addresses of the whole product."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("people/", include("kam.people.urls")),
    path("approvals/", include("kam.approvals.urls")),
    path("clients/", include("accounts.urls")),
    path("", include("kam.core.urls")),
    path("", include("kam.desk.urls")),
]
