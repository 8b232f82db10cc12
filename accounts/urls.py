"""Addresses of the client dossier."""

from django.urls import path

from accounts.lists import AccountList
from accounts.views import detail

app_name = "accounts"
urlpatterns = [
    path("", AccountList.as_view(), name="account_list"),
    path("<int:pk>/", detail.account_detail, name="account_detail"),
]
