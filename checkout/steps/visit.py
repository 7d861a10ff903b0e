"""A visit to the checkout: which basket and draft a request speaks of, and the page as it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from oscar.apps.basket.models import Basket

from checkout.basket.cookies import read_basket_id, remember_basket
from checkout.basket.finding import find_basket
from checkout.basket.views import BASKET_URL, SeeOther
from checkout.quote.build import quote_draft
from checkout.quote.compare import describe_changes
from checkout.quote.figures import Quote
from checkout.quote.records import CheckoutDraft
from checkout.steps.page import Answer, checkout_context
from checkout.steps.placed import order_page_of
from checkout.steps.review import read_shown
from checkout.steps.saving import AlreadyPlaced

CHECKOUT_URL = "/checkout/"


@dataclass(frozen=True, slots=True)
class Visit:
    """An open checkout. The draft is not stored before the first section is saved."""

    basket: Basket
    draft: CheckoutDraft


def with_checkout(view: Callable[[HttpRequest, Visit], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Finds the visitor's checkout. Without a basket: to the order it became, or to the empty basket."""

    @wraps(view)
    def found(request: HttpRequest) -> HttpResponse:
        basket = find_basket(request).basket
        if basket is None:
            return SeeOther(order_page_of(request) or BASKET_URL)
        draft = CheckoutDraft.objects.filter(basket=basket).first() or CheckoutDraft(
            basket=basket, owner_id=basket.owner_id
        )
        draft.basket = basket
        try:
            return view(request, Visit(basket=basket, draft=draft))
        except AlreadyPlaced:
            return SeeOther(order_page_of(request) or BASKET_URL)

    return never_cache(found)


def basket_problem(quote: Quote) -> str:
    """Why the basket must be put right before anything else; empty when it is fine."""
    if not quote.lines and not quote.missing:
        return "Your basket is empty."
    if quote.missing or any(line.is_short for line in quote.lines):
        return "Please put right what is marked in your basket, then go on. Nothing was ordered or paid."
    return ""


def say_changes(request: HttpRequest, quote: Quote) -> None:
    """What changed by itself since the page with this form was shown: old, new and why, a sentence for each.

    `quote` is that of before the form is saved: what the shopper changes with it is no news to them.
    """
    shown = read_shown(request.POST.get("quote", ""))
    for one in describe_changes(shown, quote) if shown is not None else ():
        reason = f" {one.reason}" if one.reason else ""
        messages.warning(request, f"{one.what}: {one.old} → {one.new}.{reason} Nothing has been paid.")


def render_checkout(
    request: HttpRequest,
    draft: CheckoutDraft,
    *,
    quote: Quote | None = None,
    edit: str = "",
    answer: Answer | None = None,
    status: int | None = None,
) -> HttpResponse:
    """The page with an answer to a POST (422, so that nobody takes it for saved), or as it stands (200)."""
    email = str(getattr(request.user, "email", ""))
    context = checkout_context(draft, quote or quote_draft(draft), edit=edit, answer=answer, email=email)
    # htmx swaps successful answers only.
    code = 200 if answer is None or request.htmx else 422  # type: ignore[attr-defined]
    response = render(request, "checkout/checkout.html", context, status=status or code)
    if read_basket_id(request) != draft.basket_id:
        remember_basket(response, basket_id=draft.basket_id, count=context["basket"]["count"])
    return response
