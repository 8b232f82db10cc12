"""Addresses of sign-in and people."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from kam.people.lists import DelegationList, MemberList, UnitList
from kam.people.views import delegations, members, password, profile, sign_in, units

app_name = "people"
urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("password/", password.ChangePassword.as_view(), name="change_password"),
    path("profile/", profile.Profile.as_view(), name="profile"),
    path("profile/sessions/close/", profile.close_other_sessions, name="close_other_sessions"),
    path("", MemberList.as_view(), name="member_list"),
    path("new/", members.MemberCreate.as_view(), name="member_create"),
    path("<int:pk>/", members.member_detail, name="member_detail"),
    path("<int:pk>/edit/", members.MemberEdit.as_view(), name="member_edit"),
    path("<int:pk>/leave/", members.MemberLeave.as_view(), name="member_leave"),
    path("<int:pk>/return/", members.member_return, name="member_return"),
    path("<int:pk>/password/", members.member_password, name="member_password"),
    path("<int:pk>/unlock/", members.member_unlock, name="member_unlock"),
    path("units/", UnitList.as_view(), name="unit_list"),
    path("units/new/", units.UnitCreate.as_view(), name="unit_create"),
    path("units/<int:pk>/", units.unit_detail, name="unit_detail"),
    path("units/<int:pk>/edit/", units.UnitEdit.as_view(), name="unit_edit"),
    path("delegations/", DelegationList.as_view(), name="delegation_list"),
    path("delegations/new/", delegations.DelegationCreate.as_view(), name="delegation_create"),
    path("delegations/<int:pk>/", delegations.delegation_detail, name="delegation_detail"),
    path("delegations/<int:pk>/revoke/", delegations.delegation_revoke, name="delegation_revoke"),
]
