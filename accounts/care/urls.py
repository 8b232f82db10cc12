"""Addresses of care."""

from django.urls import path, register_converter

from accounts.care.converters import MonthConverter
from accounts.care.lists import CareList
from accounts.care.views import care, month, recheck

register_converter(MonthConverter, "month")

app_name = "care"
urlpatterns = [
    path("", CareList.as_view(), name="month"),
    path("<month:month>/", CareList.as_view(), name="month_of"),
    path("calendar/", month.month_calendar, name="calendar"),
    path("calendar/<month:month>/", month.month_calendar, name="calendar_of"),
    path("recheck/", recheck.week, name="recheck"),
    path("<int:pk>/", care.care_detail, name="care_detail"),
    path("<int:pk>/verify/", recheck.CareVerify.as_view(), name="care_verify"),
    path("<int:pk>/correct/", recheck.CareCorrect.as_view(), name="care_correct"),
    path("<int:pk>/prepare/", care.CarePrepare.as_view(), name="care_prepare"),
    path("<int:pk>/greeted/", care.CareGreeted.as_view(), name="care_greeted"),
    path("<int:pk>/not-reached/", care.CareNotReached.as_view(), name="care_not_reached"),
    path("<int:pk>/leave-out/", care.CareLeaveOut.as_view(), name="care_leave_out"),
    path("<int:pk>/take-up/", care.CareTakeUp.as_view(), name="care_take_up"),
]
