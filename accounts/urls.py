"""Addresses of the client dossier."""

from django.urls import path

from accounts.lists import AccountList

app_name = "accounts"
urlpatterns = [
    path("", AccountList.as_view(), name="account_list"),
]
