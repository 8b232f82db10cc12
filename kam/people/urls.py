"""Addresses of sign-in and people."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from kam.people.views import password, profile, sign_in

app_name = "people"
urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("password/", password.ChangePassword.as_view(), name="change_password"),
    path("profile/", profile.Profile.as_view(), name="profile"),
    path("profile/sessions/close/", profile.close_other_sessions, name="close_other_sessions"),
]
