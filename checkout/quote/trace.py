"""The trace: every step to the total with the row it came from, and the replay that does the sums again from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.kits.contents import take_off
from catalog.pricing.showing import Turned
from checkout.quote.figures import Discount, Item, TraceStep
from checkout.quote.item_facts import ItemText
from checkout.quote.tax_math import Taxed, TaxSum, without_taxes
from checkout.quote.terms import Terms
from checkout.tax.rates import Rate
from checkout.tax.rounding import Rounding
from shipping.rates.quote import Rate as ShippingRate
from shop.money import ZERO, split_money

SHIPPING = "shipping"


class Tracer:
    """Collects steps in order. Kinds: part, kit, turned, text, export, base, promotion, shipping, tax, rounding."""

    def __init__(self) -> None:
        self._steps: list[TraceStep] = []

    def steps(self) -> tuple[TraceStep, ...]:
        return tuple(self._steps)

    def text(self, item: Item, text: ItemText, price: Decimal) -> None:
        """What is written on it; `price` is that of the unit with all surcharges."""
        bare = price - sum((one.surcharge for one in item.texts), ZERO)
        operands = {"bare": str(bare), "surcharge": str(text.surcharge)}
        cost = f"{text.surcharge} each" if text.surcharge else "no charge"
        words = f"{text.name} “{text.text}”: {cost}"
        self._add("text", item.key, f"option:{text.option_id}", operands, text.surcharge, words)

    def kit(self, item: Item, price: Decimal) -> None:
        """What the parts cost singly, and how the kit's price comes from that."""
        whole = ZERO
        for part in item.parts:
            each = part.unit_price or ZERO
            whole += each * part.quantity
            words = (
                f"Inside: {part.words}, {each} each" if part.unit_price else f"Inside: {part.words}, not sold singly"
            )
            operands = {"price": str(each), "quantity": str(part.quantity)}
            self._add("part", item.key, f"stock_record:{part.stock_record_id}", operands, each * part.quantity, words)
        source = f"kit:{item.stock_record_id}"
        if item.percent_off is None:
            self._add(
                "kit", item.key, source, {"price": str(price)}, price, f"Fixed price; the parts cost {whole} singly"
            )
        elif item.turned is not None:
            words = f"{item.percent_off.normalize():f} % off the parts, as their prices were entered"
            self._add("kit", item.key, source, {"price": str(price)}, price, words)
        else:
            operands = {"percent_off": str(item.percent_off)}
            words = f"Parts for {whole}, {item.percent_off.normalize():f} % off"
            self._add("kit", item.key, source, operands, price, words)

    def turned(self, item: Item, turned: Turned, price: Decimal) -> None:
        """From the price that was entered to the one that is shown."""
        operands = {
            "entered": str(turned.entered),
            "rate": str(turned.rate),
            "mode": "added" if turned.adds_tax else "out",
        }
        percent = f"{(turned.rate * 100).normalize():f} %"
        way = f"without tax, with {percent}" if turned.adds_tax else f"with {percent} tax, without it"
        words = f"{turned.entered} entered {way}: {price}"
        self._add("turned", item.key, f"stock_record:{item.stock_record_id}", operands, price, words)

    def export(self, item: Item, original: Decimal, shares: Sequence[tuple[Rate, Decimal]]) -> None:
        """`shares`: the home country's rates with their weights."""
        operands = {"price": str(original), "home_rate": " ".join(str(rate.rate) for rate, _ in shares)}
        if len(shares) > 1:
            operands["weight"] = " ".join(str(weight) for _, weight in shares)
        words = f"Sent abroad: {original} without {' and '.join(rate.name for rate, _ in shares)}"
        source = " ".join(f"tax_rate:{rate.rate_id}" for rate, _ in shares)
        self._add("export", item.key, source, operands, item.unit_price, words)

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

    def tax(self, subject: str, rate: Rate, taxed: Taxed, terms: Terms, *, weight: Decimal | None = None) -> None:
        """`weight` of this rate's share, for a line that is shared out over several."""
        is_included = terms.contains_tax
        operands = {"rate": str(rate.rate), "mode": "included" if is_included else "added"}
        if terms.rounding is not Rounding.LINE:
            operands["rounding"] = terms.rounding.value
        if weight is not None:
            operands["weight"] = str(weight)
        source = f"tax_rate:{rate.rate_id}" if rate.rate_id else "tax_rate:export"
        base = taxed.gross if is_included else taxed.net
        words = f"{rate.name} {'contained in' if is_included else 'on'} {base}"
        self._add("tax", subject, source, operands, taxed.tax, words)
        if taxed.tax != taxed.exact:
            difference = (taxed.tax - taxed.exact).quantize(Decimal("1e-8"))
            source = "rule:half-up" if terms.rounding is Rounding.LINE else f"rule:{terms.rounding}"
            self._add("rounding", subject, source, {}, difference, terms.rounding.words)

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
    parts: dict[str, Decimal] = {}
    running: dict[str, Decimal] = {}
    before: dict[str, Decimal] = {}
    tax_steps: dict[str, list[TraceStep]] = {}
    for step in steps:
        operands = step.operands
        if step.kind == "part":
            worth = Decimal(operands["price"]) * int(operands["quantity"])
            parts[step.subject] = parts.get(step.subject, ZERO) + worth
        elif step.kind == "kit":
            unit[step.subject] = _replay_kit(step, parts[step.subject], currency)
        elif step.kind == "turned":
            unit[step.subject] = _replay_turned(step, currency)
        elif step.kind == "text":
            known = unit.get(step.subject, Decimal(operands["bare"]))
            unit[step.subject] = known + Decimal(operands["surcharge"])
        elif step.kind == "export":
            unit[step.subject] = _replay_export(step, currency)
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


def _replay_kit(step: TraceStep, whole: Decimal, currency: str) -> Decimal:
    if "percent_off" in step.operands:
        return take_off(whole, percent=Decimal(step.operands["percent_off"]), currency=currency)
    return Decimal(step.operands["price"])


def _replay_turned(step: TraceStep, currency: str) -> Decimal:
    entered, rate = Decimal(step.operands["entered"]), Decimal(step.operands["rate"])
    return Turned(entered=entered, rate=rate, adds_tax=step.operands["mode"] == "added").result(currency)


def _replay_export(step: TraceStep, currency: str) -> Decimal:
    rates = [Decimal(rate) for rate in step.operands["home_rate"].split()]
    weights = [Decimal(weight) for weight in step.operands.get("weight", "1").split()]
    shares = list(zip(rates, weights, strict=True))
    return without_taxes(Decimal(step.operands["price"]), shares=shares, currency=currency)


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
    at_rate: dict[Decimal, Decimal] = {}
    for key, amount in weighed.items():
        for step, share in zip(tax_steps[key], _shares(amount, tax_steps[key], currency), strict=True):
            rate = Decimal(step.operands["rate"])
            at_rate[rate] = at_rate.get(rate, ZERO) + share
    sums = TaxSum(_rounding_of(tax_steps))
    for subject, steps in tax_steps.items():
        if subject == SHIPPING:
            weights = [at_rate[Decimal(step.operands["rate"])] for step in steps]
            shares = split_money(running[SHIPPING], weights, currency)
        else:
            shares = _shares(running[subject], steps, currency)
        for step, share in zip(steps, shares, strict=True):
            is_included = step.operands["mode"] == "included"
            rate = Decimal(step.operands["rate"])
            taxed = sums.add(share, rate=rate, is_included=is_included, currency=currency)
            gross[subject] = gross.get(subject, ZERO) + taxed.gross
            net += taxed.net
            tax += taxed.tax
    return Replayed(gross=gross, net=net, tax=tax, total=net + tax)


def _rounding_of(tax_steps: Mapping[str, list[TraceStep]]) -> Rounding:
    """One rule for the whole order."""
    stored = {step.operands.get("rounding", Rounding.LINE.value) for steps in tax_steps.values() for step in steps}
    return Rounding(stored.pop()) if stored else Rounding.LINE


def _shares(amount: Decimal, steps: Sequence[TraceStep], currency: str) -> list[Decimal]:
    """A line's amount over its rates; the whole of it when there is one."""
    if len(steps) == 1:
        return [amount]
    return split_money(amount, [Decimal(step.operands["weight"]) for step in steps], currency)
