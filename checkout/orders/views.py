"""The guest's order page: see, pay again, cancel. The link is the key, so it is never leaked or cached."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from oscar.apps.order.models import Order

from checkout.invoices.giving import paper_response
from checkout.invoices.records import Paper
from checkout.orders.access import UnknownLink, find_order, order_path
from checkout.orders.cancel import CannotCancel, cancel_order
from checkout.orders.page import present_order
from checkout.payments.errors import PaymentNotPossible, ProviderRefused, ProviderUnavailable
from checkout.payments.records import PaymentAttempt
from checkout.payments.settle import settle_payment
from checkout.payments.start import leave_element
from checkout.reviews.bought_lines import lines_to_review
from checkout.shield.door import PaymentHeld, open_payment
from checkout.shield.proof import NoMail, ask_for_mail
from checkout.shield.showing import show_hold
from checkout.shield.visitor import visitor_of

LONGEST_CODE = 64
PROVIDER_AWAY = "The payment provider cannot be reached just now. Nothing was charged. Please try again in a minute."


def private_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Nobody else learns the address: no referrer to other sites, no index, no cache; also on redirects and on the page
    for a link that opens nothing, which is the same for a wrong, a revoked and an expired one.

    The page itself says `same-origin`, because with `no-referrer` browsers send `Origin: null` with its own forms.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except UnknownLink:
            response = render(request, "errors/404.html", status=404)
        response["Referrer-Policy"] = "same-origin" if response.status_code == 200 else "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store, private"
        return response

    return wrapped


@private_page
@require_GET
def show_order(request: HttpRequest, token: str) -> HttpResponse:
    """`?session_id=` brings the shopper back from paying: the provider is asked; the address itself proves nothing."""
    order = find_order(token)
    session_id = request.GET.get("session_id", "").replace("\x00", "")[:120]
    if session_id:
        has_answer = _settle_returned(order, session_id)
        return HttpResponseRedirect(order_path(token) + ("" if has_answer else "?returned=1"))
    shown = present_order(order, token=token, has_returned="returned" in request.GET, has_left="left" in request.GET)
    context = {
        "order": shown,
        "reviews": lines_to_review(order, page=order_path(token)),
        "hold": show_hold(order, page=order_path(token)),
        "proof": request.GET.get("proof", "")[:LONGEST_CODE],
    }
    return render(request, "orders/order.html", context)


def _settle_returned(order: Order, session_id: str) -> bool:
    """False when the provider could not say yet whether it was paid; the webhook or the sweeper will."""
    attempt = PaymentAttempt.objects.filter(order=order, session_id=session_id).first()
    if attempt is None:
        return True
    try:
        attempt = settle_payment(attempt.pk)
    except (ProviderUnavailable, ProviderRefused):
        return False
    return attempt.state != PaymentAttempt.State.OPEN


@private_page
@require_GET
def show_paper(request: HttpRequest, token: str, label: str, form: str) -> HttpResponse:
    """An invoice or credit note of this order, as PDF or as UBL; anything else is as unknown as a wrong link."""
    order = find_order(token)
    paper = Paper.objects.filter(order=order, label=label).first()
    answer = paper_response(paper, form) if paper is not None else None
    if answer is None:
        raise UnknownLink
    return answer


@private_page
@require_POST
def pay(request: HttpRequest, token: str) -> HttpResponse:
    order = find_order(token)
    try:
        if "hosted" in request.POST:
            leave_element(order.pk)
        url = open_payment(order, visitor=visitor_of(request), proof=request.POST.get("proof", "")[:LONGEST_CODE])
    except PaymentHeld:
        pass  # The page says why, and the ways on.
    except PaymentNotPossible as refusal:
        messages.warning(request, str(refusal))
    except (ProviderUnavailable, ProviderRefused):
        messages.error(request, PROVIDER_AWAY)
    else:
        return _see_other(url)
    return _see_other(order_path(token))


@private_page
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The slower path of a held payment: a mail with a code."""
    order = find_order(token)
    try:
        address = ask_for_mail(order)
    except NoMail as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"We have written to {address}. Open the link in that mail to go on.")
    return _see_other(order_path(token))


@private_page
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    order = find_order(token)
    try:
        cancel_order(order.pk, reason="The shopper asked for it.", actor_name="shopper", only_unpacked=True)
    except CannotCancel as refusal:
        messages.warning(request, str(refusal))
    except (ProviderUnavailable, ProviderRefused):
        messages.error(request, "The payment provider cannot be reached just now. Please try again in a minute.")
    else:
        messages.success(request, f"Order {order.number} is cancelled.")
    return _see_other(order_path(token))


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
