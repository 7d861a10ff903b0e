"""Addresses under /alerts/."""

from django.urls import path

from checkout.alerts import views

app_name = "alerts"
urlpatterns = [
    path("ask/<int:product_id>/", views.ask, name="ask"),
    path("stop/<str:token>/", views.stop, name="stop"),
]
