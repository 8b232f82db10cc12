"""Addresses of visits."""

from django.urls import path

from visits.lists import LogList
from visits.views import logs

app_name = "visits"
urlpatterns = [
    path("", LogList.as_view(), name="log_list"),
    path("new/", logs.log_start, name="log_start"),
    path("at/<int:account_pk>/brief/", logs.brief, name="brief"),
    path("at/<int:account_pk>/new/", logs.LogFile.as_view(), name="log_file"),
    path("<int:pk>/", logs.log_detail, name="log_detail"),
    path("<int:pk>/edit/", logs.LogEdit.as_view(), name="log_edit"),
    path("<int:pk>/review/", logs.LogHandle.as_view(), name="log_handle"),
    path("<int:pk>/next-done/", logs.NextStepDone.as_view(), name="next_step_done"),
    path("<int:pk>/photos/new/", logs.PhotosAdd.as_view(), name="photos_add"),
    path("<int:pk>/photos/<int:photo_pk>/", logs.photo, name="photo"),
    path("<int:pk>/photos/<int:photo_pk>/remove/", logs.PhotoRemove.as_view(), name="photo_remove"),
]
