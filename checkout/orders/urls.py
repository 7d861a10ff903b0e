from django.urls import path

from checkout.orders.views import cancel, confirm, pay, show_order, show_paper
from checkout.reviews.views import review_bought_line

app_name = "orders"
urlpatterns = [
    path("<str:token>/", show_order, name="show"),
    path("<str:token>/pay/", pay, name="pay"),
    path("<str:token>/confirm/", confirm, name="confirm"),
    path("<str:token>/cancel/", cancel, name="cancel"),
    path("<str:token>/papers/<str:label>.<str:form>", show_paper, name="paper"),
    path("<str:token>/review/<int:line_id>/", review_bought_line, name="review"),
]
