from django.urls import path

from checkout.payments.webhooks import receive_event

app_name = "payments"
urlpatterns = [path("stripe/", receive_event, name="stripe")]
