"""The payment page of ours. It holds no field of its own: without JavaScript it leads on to the provider's page."""

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from checkout.orders.access import find_order, order_path
from checkout.orders.views import private_page
from checkout.payments.attempts import State
from checkout.payments.element.scripts import list_scripts, page_policy
from checkout.payments.errors import ProviderRefused, ProviderUnavailable
from checkout.payments.providers import gateway_of
from checkout.payments.records import PaymentAttempt


@private_page
@require_GET
def show_card_page(request: HttpRequest, token: str) -> HttpResponse:
    """An order that waits for no card leads to its own page, which says why."""
    order = find_order(token)
    attempt = PaymentAttempt.objects.filter(order=order, state=State.OPEN, is_embedded=True).first()
    if attempt is None:
        return HttpResponseRedirect(order_path(token))
    try:
        secret = gateway_of(attempt).secret_of(attempt.session_id)
    except (ProviderUnavailable, ProviderRefused):
        secret = ""
    context = {
        "order": {
            "number": order.number,
            "amount": attempt.amount,
            "currency": attempt.currency,
            "url": order_path(token),
        },
        "scripts": list_scripts() if secret else (),
        "secret": secret,
        "key": settings.STRIPE_PUBLISHABLE_KEY,
    }
    answer = render(request, "orders/card.html", context)
    return csp_replace(dict(page_policy()))(lambda request: answer)(request)  # type: ignore[return-value]
