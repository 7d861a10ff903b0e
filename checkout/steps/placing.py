"""Press the button: place the order, then lead to the payment page. A repeat leads to the same order."""

import logging
from typing import Any

from django.contrib import messages
from django.db.models import IntegerField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from checkout.basket.cookies import remember_basket
from checkout.basket.finding import find_basket, find_placed_basket
from checkout.basket.views import BASKET_URL, SeeOther
from checkout.orders.access import order_path
from checkout.orders.states import PENDING
from checkout.payments.errors import PaymentNotPossible, ProviderRefused, ProviderUnavailable
from checkout.placement import (
    REVIEW,
    CannotPlace,
    CheckoutIncomplete,
    PlacementResult,
    QuoteChanged,
    place_order,
)
from checkout.quote.build import quote_draft
from checkout.quote.compare import describe_changes
from checkout.quote.figures import Quote
from checkout.quote.records import CheckoutDraft
from checkout.quote.shortage import refuse_shortage
from checkout.shield.door import PaymentHeld, open_payment
from checkout.shield.visitor import visitor_of
from checkout.steps.page import Answer
from checkout.steps.review import TRAP, ReviewForm, is_hasty, read_provider, read_shown, shown_digest
from checkout.steps.visit import CHECKOUT_URL, render_checkout
from checkout.terms import IMMEDIATE, TERMS
from inventory.shortage import InsufficientStock
from promotions.offer_uses import OfferUsedUp
from promotions.vouchers import VoucherRefused
from shop.written_once import given, written_once

logger = logging.getLogger(__name__)

PROVIDER_AWAY = (
    "Your order is kept, but the payment page cannot be reached just now. Nothing was charged. "
    "Please press the button below in a minute."
)

FILLED_BY_PROGRAM = (
    "A field that nobody can see was filled in. If a program fills in forms for you, please turn it off here and press "
    "the button again. Nothing was ordered or paid."
)


@require_POST
@never_cache
def place(request: HttpRequest) -> HttpResponse:
    draft_id, order_id = _find_draft(request)
    if draft_id is None:
        messages.warning(request, "Please fill in the checkout first. Nothing was ordered or paid.")
        return SeeOther(CHECKOUT_URL)
    if order_id is not None:
        return _go_and_pay(request, place_order(draft_id, shown_digest=""))
    if request.POST.get(TRAP):
        messages.warning(request, FILLED_BY_PROGRAM)
        return SeeOther(CHECKOUT_URL)
    shown = read_shown(request.POST.get("quote", ""))
    try:
        refuse_shortage(draft_id)
        user = request.user if request.user.is_authenticated else None
        provider = read_provider(request.POST.get("payment", ""))
        ticked = {consent: bool(request.POST.get(consent.code)) for consent in (TERMS, IMMEDIATE)}
        digest = shown_digest(shown)
        return _go_and_pay(
            request, place_order(draft_id, shown_digest=digest, actor=user, provider=provider, ticked=ticked)
        )
    except CheckoutIncomplete as open_section:
        if open_section.section == REVIEW:
            draft = _read_draft(draft_id)
            quote = quote_draft(draft)
            form = ReviewForm(request.POST, has_downloads=quote.has_downloads)
            form.is_valid()
            return render_checkout(request, draft, quote=quote, answer=Answer(forms={REVIEW: form}))
        messages.warning(request, f"{open_section.sentence} Nothing was ordered or paid.")
        return SeeOther(f"{CHECKOUT_URL}?edit={open_section.section}")
    except InsufficientStock as shortage:
        return _back_to_basket(request, [line.sentence for line in shortage.short_lines])
    except CannotPlace as problem:
        return _back_to_basket(request, problem.sentences)
    except QuoteChanged as changed:
        return _show_changes(request, _read_draft(draft_id), shown, changed.quote)
    except (VoucherRefused, OfferUsedUp) as refusal:
        messages.warning(request, str(refusal))
        draft = _read_draft(draft_id)
        return _show_changes(request, draft, shown, quote_draft(draft))


def _find_draft(request: HttpRequest) -> tuple[int | None, int | None]:
    """The visitor's checkout and its order, by id: of the open basket, else of the one that has become an order (a
    repeated press)."""
    basket = find_basket(request).basket or find_placed_basket(request)
    found = _drafts.ask(basket=basket.pk) if basket is not None else []
    return found[0] if found else (None, None)  # type: ignore[return-value]


@written_once
def _drafts() -> QuerySet[Any, Any]:
    return CheckoutDraft.objects.filter(basket=given("basket", IntegerField())).order_by().values_list("pk", "order_id")


def _read_draft(draft_id: int) -> CheckoutDraft:
    return CheckoutDraft.objects.select_related("basket").get(pk=draft_id)


def _back_to_basket(request: HttpRequest, sentences: list[str]) -> HttpResponse:
    """To where it can be put right: with every short line, and the way to change it beside it."""
    for sentence in sentences:
        messages.error(request, sentence)
    messages.info(request, "Nothing was ordered or paid.")
    return SeeOther(BASKET_URL)


def _show_changes(
    request: HttpRequest, draft: CheckoutDraft, shown: dict[str, Any] | None, quote: Quote
) -> HttpResponse:
    """Old → new; the button below names the new sum and must be pressed again."""
    if shown is None:
        messages.warning(request, "Please look at your order once more and press the button again. Nothing was paid.")
        return render_checkout(request, draft, quote=quote, answer=Answer())
    return render_checkout(request, draft, quote=quote, answer=Answer(changes=describe_changes(shown, quote)))


def _go_and_pay(request: HttpRequest, result: PlacementResult) -> HttpResponse:
    """To the provider's page; to the order's own page when there is nothing to pay, or the provider is away."""
    target = order_path(result.token)
    if result.order.status == PENDING:
        try:
            visitor = visitor_of(request, is_hasty=is_hasty(request.POST.get("quote", "")))
            target = open_payment(result.order, visitor=visitor, fresh=result.attempt if result.is_new else None)
        except PaymentHeld:
            pass  # The order's page says why, and the ways on.
        except PaymentNotPossible as refusal:
            messages.warning(request, str(refusal))
        except (ProviderUnavailable, ProviderRefused) as problem:
            logger.warning("payment page for order %s: %s", result.order.number, problem)
            messages.error(request, PROVIDER_AWAY)
    response = SeeOther(target)
    if result.order.basket_id is not None:
        remember_basket(response, basket_id=result.order.basket_id, count=0)
    return response
