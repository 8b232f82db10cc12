"""Addresses of the approvals."""

from django.urls import path

from kam.approvals import views
from kam.approvals.lists import RequestList

app_name = "approvals"
urlpatterns = [
    path("", RequestList.as_view(), name="request_list"),
    path("<int:pk>/", views.request_detail, name="request_detail"),
    path("<int:pk>/decide/", views.request_decide, name="request_decide"),
    path("<int:pk>/withdraw/", views.request_withdraw, name="request_withdraw"),
    path("<int:pk>/carry-out/", views.request_carry_out, name="request_carry_out"),
    path("<int:pk>/files/<int:file_pk>/", views.document, name="document"),
]
