"""What changed between the figures a shopper saw and those of now, line by line, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checkout.quote.figures import Quote
from shop.money import format_money

NOTHING = "–"
AT_ONCE = "sent at once"


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the notice: what, before, now, and why as a short sentence."""

    what: str
    old: str
    new: str
    reason: str


def describe_changes(shown: Mapping[str, Any], quote: Quote) -> list[Change]:
    """Rows from what was shown (`Quote.shown()` as the page carried it) to `quote`; the total comes last.

    Empty when both are the same.
    """
    now = quote.shown()
    if shown == now:
        return []
    currency = quote.currency
    changes = [
        *_lines(shown["lines"], now["lines"], currency),
        *_waits(shown.get("waits", []), now.get("waits", [])),
        *_discounts(shown["discounts"], now["discounts"], currency),
        *_shipping(shown["shipping"], now["shipping"], currency),
        *_taxes(shown["taxes"], now["taxes"], currency),
    ]
    if shown["total"] != now["total"]:
        changes.append(Change("Total", _money(shown["total"], currency), _money(now["total"], currency), ""))
    return changes or [Change("Order", "as you saw it", "with a detail changed", "Please look at it once more.")]


def _lines(old: list[Any], new: list[Any], currency: str) -> list[Change]:
    before, after = _by_sku(old), _by_sku(new)
    changes = []
    for sku, (_, title, quantity, unit, total) in before.items():
        if sku not in after:
            changes.append(Change(title, f"{quantity} × {_money(unit, currency)}", NOTHING, "No longer in the basket."))
            continue
        _, _, new_quantity, new_unit, new_total = after[sku]
        if unit != new_unit:
            changes.append(Change(title, _money(unit, currency), _money(new_unit, currency), "The price changed."))
        if quantity != new_quantity:
            changes.append(Change(title, f"{quantity} pieces", f"{new_quantity} pieces", "The quantity changed."))
        elif unit == new_unit and total != new_total:
            changes.append(Change(title, _money(total, currency), _money(new_total, currency), "The sum changed."))
    for sku, (_, title, quantity, unit, _) in after.items():
        if sku not in before:
            changes.append(Change(title, NOTHING, f"{quantity} × {_money(unit, currency)}", "New in the basket."))
    return changes


def _waits(old: list[Any], new: list[Any]) -> list[Change]:
    """When a thing is sent: at once, or from the day that is promised."""
    before = {(sku, title): words for sku, title, words in old}
    after = {(sku, title): words for sku, title, words in new}
    return [
        Change(title, before.get((sku, title), AT_ONCE), after.get((sku, title), AT_ONCE), "It is sent on another day.")
        for sku, title in [*before, *(key for key in after if key not in before)]
        if before.get((sku, title)) != after.get((sku, title))
    ]


def _by_sku(lines: list[Any]) -> dict[tuple[str, int], Any]:
    """The second line of a SKU (with another text on it) has a key of its own."""
    found: dict[tuple[str, int], Any] = {}
    for line in lines:
        found[line[0], sum(1 for sku, _ in found if sku == line[0])] = line
    return found


def _discounts(old: list[Any], new: list[Any], currency: str) -> list[Change]:
    before = {(name, code): amount for name, code, amount in old}
    after = {(name, code): amount for name, code, amount in new}
    changes = []
    for key in [*before, *(key for key in after if key not in before)]:
        if before.get(key) == after.get(key):
            continue
        name, code = key
        reason = (
            "The discount no longer applies."
            if key not in after
            else "A new discount applies."
            if key not in before
            else "The discount changed."
        )
        what = f"{name} ({code})" if code else name
        changes.append(Change(what, _off(before.get(key), currency), _off(after.get(key), currency), reason))
    return changes


def _shipping(old: list[Any] | None, new: list[Any] | None, currency: str) -> list[Change]:
    if old == new:
        return []
    if new is None:
        words = f"{old[1]}, {_money(old[2], currency)}" if old else NOTHING
        return [Change("Delivery", words, NOTHING, "This delivery is no longer possible. Please choose another.")]
    if old is None or old[0] != new[0]:
        words = f"{old[1]}, {_money(old[2], currency)}" if old else NOTHING
        return [Change("Delivery", words, f"{new[1]}, {_money(new[2], currency)}", "The delivery changed.")]
    reason = "The price of delivery changed." if old[2] != new[2] else "The delivery has another name."
    return [Change("Delivery", _money(old[2], currency), _money(new[2], currency), reason)]


def _taxes(old: list[Any], new: list[Any], currency: str) -> list[Change]:
    """Only a change of rates is worth a row; another amount at the same rates follows from the lines above."""
    if [name for name, _ in old] == [name for name, _ in new]:
        return []
    return [Change("Tax", _tax_words(old, currency), _tax_words(new, currency), "The tax rate changed.")]


def _tax_words(taxes: list[Any], currency: str) -> str:
    return ", ".join(f"{name}: {_money(amount, currency)}" for name, amount in taxes) or NOTHING


def _off(amount: str | None, currency: str) -> str:
    return NOTHING if amount is None else f"{_money(amount, currency)} off"


def _money(amount: str, currency: str) -> str:
    return format_money(Decimal(amount), currency)
