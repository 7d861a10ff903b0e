"""Addresses under /checkout/."""

from django.urls import path

from checkout.steps import placing, views

app_name = "checkout"
urlpatterns = [
    path("", views.show_checkout, name="show"),
    path("contact/", views.save_contact_section, name="contact"),
    path("address/", views.save_address_section, name="address"),
    path("address/country/", views.change_country, name="country"),
    path("delivery/", views.save_delivery_section, name="delivery"),
    path("place/", placing.place, name="place"),
]
