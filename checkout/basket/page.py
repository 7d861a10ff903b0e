"""What the basket page shows: lines, totals with their explanations, offers, codes, the way to free delivery."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from oscar.apps.basket.models import Basket

from checkout.basket.proposals import propose_for
from checkout.basket.shown_lines import show_lines, show_missing
from checkout.quote.build import build_quote, vouchers_of
from checkout.quote.explanation import explain_totals
from checkout.quote.figures import Quote
from shop.money import format_money

MOST_HINTS = 3


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


def basket_context(
    basket: Basket | None, *, customer_key: str = "", code_form: CodeForm | None = None
) -> dict[str, Any]:
    """The context of templates/basket/basket.html. Without a basket nothing is asked of the database."""
    if basket is None:
        return {"basket": {"lines": [], "count": 0, "currency": settings.SHOP_CURRENCY}}
    vouchers = vouchers_of(basket)
    quote = build_quote(basket, vouchers=vouchers, customer_key=customer_key)
    lines = show_lines(quote)
    is_fine = bool(quote.lines) and not quote.missing and not any(line.is_short for line in quote.lines)
    return {
        "basket": {
            "lines": [*lines, *(show_missing(one, currency=quote.currency) for one in quote.missing)],
            "count": sum(line.quantity for line in lines),
            "currency": quote.currency,
        },
        "quote": quote,
        "totals": explain_totals(quote, delivery_words=_delivery_words(quote)),
        "free_delivery": free_delivery(quote),
        "promotions": show_promotions(quote),
        "voucher": show_vouchers(vouchers, code_form=code_form),
        "checkout_url": "/checkout/" if is_fine else "",
        "suggestions": _suggestions(quote),
    }


def _suggestions(quote: Quote) -> Sequence[Any]:
    """Nothing goes with what cannot be had."""
    if all(line.item.saleable == 0 for line in quote.lines):
        return []
    return propose_for([line.item.parent_id or line.item.product_id for line in quote.lines])


def free_delivery(quote: Quote) -> dict[str, Any] | None:
    """How far it is to the nearest free threshold of any method; None when no method has one."""
    near = [method for method in quote.methods if method.missing_to_free is not None]
    if not near:
        return None
    best = min(near, key=lambda method: method.missing_to_free or 0)
    return {
        "missing": best.missing_to_free,
        "threshold": best.free_from,
        "reached": quote.goods_total,
        "currency": quote.currency,
    }


def show_promotions(quote: Quote) -> dict[str, Any]:
    """All that was given and each refused code; of the shop's own offers only the first few hints."""
    codes = [one for one in quote.refused if one.voucher_code]
    hints = [one for one in quote.refused if not one.voucher_code][:MOST_HINTS]
    return {
        "applied": [{"name": one.voucher_code or one.name, "amount": one.amount} for one in quote.discounts],
        "refused": [{"name": one.voucher_code or one.name, "reason": one.reason} for one in [*codes, *hints]],
    }


def show_vouchers(vouchers: Mapping[str, int], *, code_form: CodeForm | None = None, back: str = "") -> dict[str, Any]:
    """`vouchers` on the basket, ids by code; `back`: where the forms return to, when it is not the basket page."""
    query = f"?next={back}" if back else ""
    return {
        "form": code_form or CodeForm(),
        "add_url": f"/basket/voucher/{query}",
        "codes": [
            {"code": code, "remove_url": f"/basket/voucher/remove/{pk}/{query}"} for code, pk in vouchers.items()
        ],
    }


def _delivery_words(quote: Quote) -> str:
    if not quote.methods:
        return ""
    cheapest = min(method.price for method in quote.methods)
    return f"from {format_money(cheapest, quote.currency)}" if cheapest else "Free"
