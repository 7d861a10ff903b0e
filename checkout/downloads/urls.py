"""Addresses under /download/."""

from django.urls import path

from checkout.downloads import views

app_name = "downloads"
urlpatterns = [
    path("<str:token>/", views.fetch, name="fetch"),
    path("<str:token>/prove/", views.prove, name="prove"),
]
