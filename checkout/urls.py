"""Addresses under /checkout/."""

from django.urls import path

from checkout.prepared.views import show_prepared, take_prepared
from checkout.steps import placing, views

app_name = "checkout"
urlpatterns = [
    path("", views.show_checkout, name="show"),
    path("contact/", views.save_contact_section, name="contact"),
    path("address/", views.save_address_section, name="address"),
    path("address/country/", views.change_country, name="country"),
    path("delivery/", views.save_delivery_section, name="delivery"),
    path("prepared/<str:secret>/", show_prepared, name="prepared"),
    path("prepared/<str:secret>/take/", take_prepared, name="take-prepared"),
    path("place/", placing.place, name="place"),
]
