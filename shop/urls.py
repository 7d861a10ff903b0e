"""Every public address of the shop."""

from django.contrib import admin
from django.urls import include, path

from catalog.media.serving import serve_picture

handler400 = "shop.storefront.refused.show_unreadable"
handler403 = "shop.storefront.refused.show_forbidden"
handler404 = "shop.storefront.not_found.show_not_found"
handler500 = "shop.storefront.not_found.show_failure"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("basket/", include("checkout.basket.urls")),
    path("checkout/", include("checkout.urls")),
    path("wishlist/", include("checkout.wishlist.urls")),
    path("alerts/", include("checkout.alerts.urls")),
    path("order/", include("checkout.orders.urls")),
    path("download/", include("checkout.downloads.urls")),
    path("account/", include("checkout.accounts.urls")),
    path("webhooks/", include("checkout.payments.urls")),
    path("media/<path:path>", serve_picture, name="media"),
    path("", include("shop.operations_urls")),
    path("", include("shop.storefront.urls")),
]
