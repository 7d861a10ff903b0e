"""Put a basket right by one press: of what is short the shopper takes what is left, and what is gone is taken out."""

from oscar.apps.basket.models import Basket

from checkout.basket.lines import remove_line, set_quantity
from checkout.basket.quantity import BasketRefusal
from checkout.quote.build import build_quote


def mend_basket(basket: Basket) -> list[str]:
    """A sentence for each line that changed; none when the basket was right. Other lines stay as they are."""
    quote = build_quote(basket)
    said = []
    for gone in quote.missing:
        said += _without(basket, gone.line_id)
    for line in quote.lines:
        if line.is_short:
            try:
                note = set_quantity(basket_id=basket.pk, line_id=line.item.line_id, quantity=line.item.quantity)
            except BasketRefusal:
                said += _without(basket, line.item.line_id)
            else:
                said += [note] if note else []
    return said


def _without(basket: Basket, line_id: int) -> list[str]:
    try:
        return [f"{remove_line(basket_id=basket.pk, line_id=line_id)} was taken out of your basket."]
    except BasketRefusal:
        return []
