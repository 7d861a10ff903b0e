"""Sign in, the second factor, and what a customer has. Allauth's own names stay bare: it reverses them itself."""

from django.urls import include, path

from checkout.accounts import views
from checkout.accounts.enrolment import enrol
from checkout.reviews.views import review_as_customer

_own = [
    path("", views.show_orders, name="orders"),
    path("orders/", views.show_orders, name="order_list"),
    path("orders/claim/", views.claim, name="claim"),
    path("review/<int:product_id>/", review_as_customer, name="review"),
]

urlpatterns = [
    path("", include((_own, "accounts"))),
    path("", include("allauth.account.urls")),
    path("second-factor/totp/activate/", enrol, name="mfa_activate_totp"),
    path("second-factor/", include("allauth.mfa.urls")),
]
