"""Every public address of the shop."""

from django.contrib import admin
from django.urls import include, path

handler404 = "shop.storefront.not_found.show_not_found"
handler500 = "shop.storefront.not_found.show_failure"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("order/", include("checkout.orders.urls")),
    path("account/", include("checkout.accounts.urls")),
    path("webhooks/", include("checkout.payments.urls")),
    path("", include("shop.storefront.urls")),
]
