"""Addresses of the whole product."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("people/", include("kam.people.urls")),
    path("products/", include("kam.catalogue.urls")),
    path("jobs/", include("kam.jobs.urls")),
    path("messages/", include("kam.outbox.urls")),
    path("approvals/", include("kam.approvals.urls")),
    path("clients/", include("accounts.care.client_urls")),
    path("clients/", include("accounts.urls")),
    path("visits/", include("visits.urls")),
    path("care/", include("accounts.care.urls")),
    path("", include("kam.core.urls")),
    path("", include("kam.desk.urls")),
]

handler400 = "kam.desk.views.errors.bad_request"
handler403 = "kam.desk.views.errors.forbidden"
handler404 = "kam.desk.views.errors.not_found"
handler500 = "kam.desk.views.errors.crashed"
