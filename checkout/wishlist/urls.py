"""Addresses under /wishlist/."""

from django.urls import path

from checkout.wishlist import views

app_name = "wishlist"
urlpatterns = [
    path("", views.show_wishlist, name="show"),
    path("add/<int:product_id>/", views.add_to_wishlist, name="add"),
    path("remove/<int:product_id>/", views.remove_from_wishlist, name="remove"),
    path("to-basket/<int:product_id>/", views.move_to_basket, name="to-basket"),
    path("from-basket/<int:line_id>/", views.move_from_basket, name="from-basket"),
]
