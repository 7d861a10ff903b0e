"""The page behind the link: what was prepared, as it stands now. Taking it leads into the shopper's own checkout."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from oscar.apps.basket.models import Basket

from checkout.basket.cookies import remember_basket
from checkout.basket.lines import count_units
from checkout.basket.shown_lines import show_lines, show_missing
from checkout.basket.views import BASKET_URL, SeeOther
from checkout.orders.access import UnknownLink, order_path, token_of
from checkout.orders.views import private_page
from checkout.prepared.preparing import find_prepared, path_of
from checkout.prepared.records import PreparedOrder
from checkout.quote.build import quote_draft
from checkout.quote.compare import describe_changes
from checkout.quote.explanation import explain_totals

CHECKOUT_URL = "/checkout/"


@private_page
@require_GET
def show_prepared(request: HttpRequest, secret: str) -> HttpResponse:
    record = _find(secret)
    if record.draft.order_id is not None:
        return SeeOther(order_path(token_of(record.draft.order_id)))
    if record.draft.basket.status != Basket.OPEN:
        return SeeOther(BASKET_URL)
    return render(request, "prepared/order.html", _context(record, path=path_of(secret)))


@private_page
@require_POST
def take_prepared(request: HttpRequest, secret: str) -> HttpResponse:
    """The basket becomes the visitor's; a second time leads to the same checkout, or to the order that it became."""
    record = _find(secret)
    if record.draft.order_id is not None:
        return SeeOther(order_path(token_of(record.draft.order_id)))
    response = SeeOther(CHECKOUT_URL)
    if record.draft.basket.status == Basket.OPEN:
        remember_basket(response, basket_id=record.draft.basket_id, count=count_units(record.draft.basket_id))
    return response


def _find(secret: str) -> PreparedOrder:
    record = find_prepared(secret)
    if record is None:
        raise UnknownLink
    return record


def _context(record: PreparedOrder, *, path: str) -> dict[str, Any]:
    quote = quote_draft(record.draft)
    changes = describe_changes(record.shown, quote)
    lines = [*show_lines(quote), *(show_missing(one, currency=quote.currency) for one in quote.missing)]
    return {
        "lines": lines,
        "currency": quote.currency,
        "totals": explain_totals(quote, delivery_words="chosen at the checkout"),
        "changes": {"rows": changes, "currency": quote.currency} if changes else None,
        "until": record.expires_at,
        "take_url": f"{path}take/",
    }
