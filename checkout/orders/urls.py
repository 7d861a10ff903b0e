from django.urls import path

from checkout.orders.views import cancel, pay, show_order

app_name = "orders"
urlpatterns = [
    path("<str:token>/", show_order, name="show"),
    path("<str:token>/pay/", pay, name="pay"),
    path("<str:token>/cancel/", cancel, name="cancel"),
]
