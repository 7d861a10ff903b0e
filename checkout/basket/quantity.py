"""A quantity from a form, or a sentence."""

from checkout.basket.limits import MAX_QUANTITY


class BasketRefusal(Exception):
    """What was asked cannot be done; the message is a sentence for the shopper, and the basket is as before."""


def read_quantity(value: str | None, *, lowest: int = 1) -> int:
    """A whole number from `lowest` to MAX_QUANTITY; a missing one is 1. Raises BasketRefusal."""
    text = "1" if value is None else value.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BasketRefusal(f"Please give the quantity as a whole number from {lowest} to {MAX_QUANTITY}.")
    quantity = int(text)
    if not lowest <= quantity <= MAX_QUANTITY:
        raise BasketRefusal(f"Please choose a quantity from {lowest} to {MAX_QUANTITY}. For more, write to us.")
    return quantity
