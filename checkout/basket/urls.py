"""Addresses under /basket/."""

from django.urls import path

from checkout.basket import views

app_name = "basket"
urlpatterns = [
    path("", views.show_basket, name="show"),
    path("add/<int:product_id>/", views.add_to_basket, name="add"),
    path("update/<int:line_id>/", views.update_line, name="update"),
    path("remove/<int:line_id>/", views.remove_from_basket, name="remove"),
    path("mend/", views.mend, name="mend"),
    path("voucher/", views.add_voucher, name="add-voucher"),
    path("voucher/remove/<int:voucher_id>/", views.remove_voucher, name="remove-voucher"),
]
