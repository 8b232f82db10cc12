"""Addresses of visits."""

from django.urls import path

from visits.lists import LogList, PlanList
from visits.views import logs, plans

app_name = "visits"
urlpatterns = [
    path("", LogList.as_view(), name="log_list"),
    path("new/", logs.log_start, name="log_start"),
    path("at/<int:account_pk>/brief/", logs.brief, name="brief"),
    path("at/<int:account_pk>/new/", logs.LogFile.as_view(), name="log_file"),
    path("plans/", PlanList.as_view(), name="plan_list"),
    path("plans/new/", plans.PlanOpen.as_view(), name="plan_open"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/client/", plans.line_start, name="line_start"),
    path("plans/<int:pk>/at/<int:account_pk>/", plans.LineAdd.as_view(), name="line_add"),
    path("plans/<int:pk>/suggested/", plans.SuggestionsAdd.as_view(), name="suggestions_add"),
    path("plans/<int:pk>/submit/", plans.PlanSubmit.as_view(), name="plan_submit"),
    path("plans/lines/<int:pk>/edit/", plans.LineEdit.as_view(), name="line_edit"),
    path("plans/lines/<int:pk>/cancel/", plans.LineCancel.as_view(), name="line_cancel"),
    path("<int:pk>/", logs.log_detail, name="log_detail"),
    path("<int:pk>/edit/", logs.LogEdit.as_view(), name="log_edit"),
    path("<int:pk>/review/", logs.LogHandle.as_view(), name="log_handle"),
    path("<int:pk>/next-done/", logs.NextStepDone.as_view(), name="next_step_done"),
    path("<int:pk>/photos/new/", logs.PhotosAdd.as_view(), name="photos_add"),
    path("<int:pk>/photos/<int:photo_pk>/", logs.photo, name="photo"),
    path("<int:pk>/photos/<int:photo_pk>/remove/", logs.PhotoRemove.as_view(), name="photo_remove"),
]
