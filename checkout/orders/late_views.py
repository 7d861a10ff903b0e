"""`/order/late/<token>/`: what cancelling would do, asked; on POST done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from checkout.orders.access import link_of
from checkout.orders.cancel import CannotCancel
from checkout.orders.late_links import find_late_order
from checkout.orders.views import PROVIDER_AWAY, private_page
from checkout.orders.withdrawing import plan_withdrawal, withdraw_waiting
from checkout.payments.errors import ProviderRefused, ProviderUnavailable


@csrf_exempt
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def late_order(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail programs open links by themselves. The token is the proof, so that the
    form needs no cookie.
    """
    order = find_late_order(token)
    if request.method == "POST":
        try:
            done = withdraw_waiting(order)
        except CannotCancel as refusal:
            messages.warning(request, str(refusal))
        except (ProviderUnavailable, ProviderRefused):
            messages.error(request, PROVIDER_AWAY)
        else:
            if done.waiting:
                messages.success(request, "It is cancelled. The money goes back to you.")
        response = HttpResponseRedirect(request.path)
        response.status_code = 303
        return response
    plan = plan_withdrawal(order)
    context = {
        "number": order.number,
        "currency": order.currency,
        "lines": [f"{one.units} × {one.line.title}" for one in plan.waiting],
        "is_whole": plan.is_whole,
        "amount": plan.amount,
        "refusal": plan.refusal,
        "order_url": link_of(order.pk),
    }
    return render(request, "orders/late.html", context)
