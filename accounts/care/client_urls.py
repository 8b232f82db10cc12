"""Address of care on a client's page."""

from django.urls import path

from accounts.care.views.client import client_care

app_name = "client_care"
urlpatterns = [path("<int:pk>/care/", client_care, name="tab")]
