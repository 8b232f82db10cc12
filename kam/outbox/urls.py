"""Addresses of messages."""

from django.urls import path

from kam.outbox import views
from kam.outbox.lists import MessageList

app_name = "outbox"
urlpatterns = [
    path("", MessageList.as_view(), name="message_list"),
    path("channels/", views.channels, name="channels"),
    path("<int:pk>/", views.message_detail, name="message_detail"),
    path("<int:pk>/resend/", views.Resend.as_view(), name="message_resend"),
    path("<int:pk>/give-up/", views.GiveUp.as_view(), name="message_give_up"),
]
