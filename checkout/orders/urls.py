from django.urls import path

from checkout.downloads.views import fetch_from_order
from checkout.orders.late_views import late_order
from checkout.orders.views import cancel, confirm, pay, show_order, show_paper
from checkout.payments.element.views import show_card_page
from checkout.reviews.views import review_bought_line

app_name = "orders"
urlpatterns = [
    path("late/<str:token>/", late_order, name="late"),
    path("<str:token>/", show_order, name="show"),
    path("<str:token>/pay/", pay, name="pay"),
    path("<str:token>/card/", show_card_page, name="card"),
    path("<str:token>/confirm/", confirm, name="confirm"),
    path("<str:token>/cancel/", cancel, name="cancel"),
    path("<str:token>/papers/<str:label>.<str:form>", show_paper, name="paper"),
    path("<str:token>/download/<int:entitlement_id>/", fetch_from_order, name="download"),
    path("<str:token>/review/<int:line_id>/", review_bought_line, name="review"),
]
