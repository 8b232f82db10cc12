"""Addresses of the catalogue."""

from django.urls import path

from kam.catalogue import views
from kam.catalogue.lists import ProductList

app_name = "catalogue"
urlpatterns = [
    path("", ProductList.as_view(), name="product_list"),
    path("new/", views.ProductCreate.as_view(), name="product_create"),
    path("<int:pk>/", views.product_detail, name="product_detail"),
    path("<int:pk>/edit/", views.ProductEdit.as_view(), name="product_edit"),
]
