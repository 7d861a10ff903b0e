"""The trace: every step to the total with the row it came from, and the replay that does the sums again from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checkout.quote.figures import Discount, Item, TraceStep
from checkout.quote.tax_math import Taxed, tax_amount, without_tax
from checkout.tax.rates import Rate
from shipping.rates.quote import Rate as ShippingRate
from shop.money import ZERO, split_money

SHIPPING = "shipping"


class Tracer:
    """Collects steps in order. Kinds: export, base, promotion, shipping, tax, rounding."""

    def __init__(self) -> None:
        self._steps: list[TraceStep] = []

    def steps(self) -> tuple[TraceStep, ...]:
        return tuple(self._steps)

    def export(self, item: Item, original: Decimal, home: Rate) -> None:
        operands = {"price": str(original), "home_rate": str(home.rate)}
        words = f"Sent abroad: {original} without {home.name}"
        self._add("export", item.key, f"tax_rate:{home.rate_id}", operands, item.unit_price, words)

    def base(self, item: Item) -> None:
        operands = {"unit": str(item.unit_price), "quantity": str(item.quantity)}
        words = f"{item.quantity} × {item.unit_price} from the price list"
        source = f"stock_record:{item.stock_record_id}"
        self._add("base", item.key, source, operands, item.unit_price * item.quantity, words)

    def promotion(self, discount: Discount, subject: str, amount: Decimal) -> None:
        code = f" with code {discount.voucher_code}" if discount.voucher_code else ""
        words = f"{discount.name}{code}"
        self._add("promotion", subject, f"offer:{discount.offer_id}", {"off": str(amount)}, -amount, words)

    def shipping(self, rate: ShippingRate) -> None:
        words = rate.name
        if rate.missing_to_free == 0 and rate.free_from is not None:
            words = f"{rate.name}: free for goods of {rate.free_from} and more (otherwise {rate.full_price})"
        self._add("shipping", SHIPPING, f"band:{rate.band_id}", {"price": str(rate.price)}, rate.price, words)

    def tax(self, subject: str, rate: Rate, taxed: Taxed, *, is_included: bool) -> None:
        operands = {"rate": str(rate.rate), "mode": "included" if is_included else "added"}
        source = f"tax_rate:{rate.rate_id}" if rate.rate_id else "tax_rate:export"
        base = taxed.gross if is_included else taxed.net
        words = f"{rate.name} {'contained in' if is_included else 'on'} {base}"
        self._add("tax", subject, source, operands, taxed.tax, words)
        if taxed.tax != taxed.exact:
            difference = (taxed.tax - taxed.exact).quantize(Decimal("1e-8"))
            self._add("rounding", subject, "rule:half-up", {}, difference, "Rounded half up, once per line and rate")

    def _add(
        self, kind: str, subject: str, source: str, operands: Mapping[str, str], amount: Decimal, words: str
    ) -> None:
        self._steps.append(
            TraceStep(
                number=len(self._steps) + 1,
                kind=kind,
                subject=subject,
                source=source,
                operands=operands,
                amount=amount,
                words=words,
            )
        )


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the trace alone gives: gross per subject (line keys and `shipping`), and the totals."""

    gross: Mapping[str, Decimal]
    net: Decimal
    tax: Decimal
    total: Decimal


def read_trace(stored: Sequence[Mapping[str, Any]]) -> tuple[TraceStep, ...]:
    """Steps from the JSON of a stored quote."""
    return tuple(TraceStep(**{**step, "amount": Decimal(step["amount"])}) for step in stored)


def replay(steps: Sequence[TraceStep], *, currency: str) -> Replayed:
    """Do the sums again from the operands only (never from the amounts). The order of the steps is the order of work."""
    unit: dict[str, Decimal] = {}
    running: dict[str, Decimal] = {}
    before: dict[str, Decimal] = {}
    tax_steps: dict[str, list[TraceStep]] = {}
    for step in steps:
        operands = step.operands
        if step.kind == "export":
            price, rate = Decimal(operands["price"]), Decimal(operands["home_rate"])
            unit[step.subject] = without_tax(price, rate=rate, currency=currency)
        elif step.kind == "base":
            price = unit.get(step.subject, Decimal(operands["unit"]))
            running[step.subject] = before[step.subject] = price * int(operands["quantity"])
        elif step.kind == "shipping":
            running[SHIPPING] = Decimal(operands["price"])
        elif step.kind == "promotion":
            running[step.subject] -= Decimal(operands["off"])
        elif step.kind == "tax":
            tax_steps.setdefault(step.subject, []).append(step)
    return _replay_taxes(running, before, tax_steps, currency)


def _replay_taxes(
    running: Mapping[str, Decimal],
    before: Mapping[str, Decimal],
    tax_steps: Mapping[str, list[TraceStep]],
    currency: str,
) -> Replayed:
    gross: dict[str, Decimal] = {}
    net = tax = ZERO
    goods = {key: amount for key, amount in running.items() if key != SHIPPING}
    weighed = goods if any(goods.values()) else before
    for subject, steps in tax_steps.items():
        shares = [running[subject]]
        if subject == SHIPPING:
            weights = [_goods_at(step.operands["rate"], weighed, tax_steps) for step in steps]
            shares = split_money(running[SHIPPING], weights, currency)
        for step, share in zip(steps, shares, strict=True):
            is_included = step.operands["mode"] == "included"
            rate = Decimal(step.operands["rate"])
            taxed = tax_amount(share, rate=rate, is_included=is_included, currency=currency)
            gross[subject] = gross.get(subject, ZERO) + taxed.gross
            net += taxed.net
            tax += taxed.tax
    return Replayed(gross=gross, net=net, tax=tax, total=net + tax)


def _goods_at(rate: str, goods: Mapping[str, Decimal], tax_steps: Mapping[str, list[TraceStep]]) -> Decimal:
    same = (key for key in goods if Decimal(tax_steps[key][0].operands["rate"]) == Decimal(rate))
    return sum((goods[key] for key in same), ZERO)
