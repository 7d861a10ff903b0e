"""The rows of a summary: each figure with the sentences of its trace."""

from dataclasses import dataclass, field
from decimal import Decimal

from checkout.quote.figures import Discount, Quote, TraceStep
from shop.money import format_money


@dataclass(frozen=True, slots=True)
class Row:
    """`words` stand in place of an amount. `explanation` opens under the figure."""

    label: str
    amount: Decimal | None
    words: str = ""
    is_given: bool = False
    explanation: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Totals:
    """See templates/components/summary_totals.html."""

    currency: str
    rows: list[Row]
    total: Decimal
    total_label: str
    tax_words: str


def explain_totals(quote: Quote, *, delivery_words: str = "") -> Totals:
    """`delivery_words` say what is known of a delivery that is not chosen yet ("from 4.90 EUR")."""
    rows = [Row("Goods", quote.goods_before_discount, explanation=_goods(quote))]
    rows += [_discount_row(one, quote) for one in quote.discounts if one.amount and not one.is_shipping]
    rows.append(_delivery_row(quote, delivery_words))
    if not quote.prices_include_tax and not quote.is_export:
        rows += [Row(tax.name, tax.tax, explanation=_tax(quote, tax.rate)) for tax in quote.taxes if tax.rate]
    return Totals(
        currency=quote.currency,
        rows=rows,
        total=quote.total,
        total_label="Total" if quote.shipping else "Total without delivery",
        tax_words=_tax_words(quote),
    )


def _goods(quote: Quote) -> list[str]:
    """Each line's sum, and under it how its price came about when that is more than a row of the price list."""
    sentences = []
    for line in quote.lines:
        how = [
            step.words for step in quote.trace if step.subject == line.item.key and step.kind in ("part", "kit", "text")
        ]
        each = f"{line.item.quantity} × {_money(line.unit_price, quote)} = {_money(line.before_discount, quote)}"
        sentences += [f"{line.item.title}: {each}", *how]
    return sentences


def _discount_row(one: Discount, quote: Quote) -> Row:
    titles = {line.item.key: line.item.title for line in quote.lines}
    label = f"{one.name} ({one.voucher_code})" if one.voucher_code else one.name
    parts = [f"{titles[key]}: {_money(amount, quote)} off" for key, amount in one.per_line.items() if amount]
    return Row(label, -one.amount, is_given=True, explanation=parts)


def _delivery_row(quote: Quote, delivery_words: str) -> Row:
    if quote.shipping is None:
        return Row("Delivery", None, words=delivery_words or "chosen at the checkout")
    steps = [step for step in quote.trace if step.subject == "shipping" and step.kind in ("shipping", "promotion")]
    explanation = [f"{step.words}: {_money(step.amount, quote)}" for step in steps]
    return Row(
        f"Delivery, {quote.shipping.name}",
        quote.shipping.price,
        words="" if quote.shipping.price else "Free",
        is_given=not quote.shipping.price,
        explanation=explanation,
    )


def _tax(quote: Quote, rate: Decimal) -> list[str]:
    return [
        f"{_subject(step, quote)}: {step.words} = {_money(step.amount, quote)}"
        for step in quote.trace
        if step.kind == "tax" and Decimal(step.operands["rate"]) == rate
    ]


def _subject(step: TraceStep, quote: Quote) -> str:
    return next((line.item.title for line in quote.lines if line.item.key == step.subject), "Delivery")


def _tax_words(quote: Quote) -> str:
    if quote.vat_id:
        return f"No VAT is charged: the recipient accounts for it under VAT id {quote.vat_id} (reverse charge)."
    if quote.is_export:
        return "Sent out of the EU's VAT area: no VAT is charged. Duty and import tax are paid on arrival."
    if not quote.prices_include_tax:
        return ""
    parts = [f"{tax.name} {_money(tax.tax, quote)}" for tax in quote.taxes if tax.rate]
    return f"Includes {', '.join(parts)}." if parts else ""


def _money(amount: Decimal, quote: Quote) -> str:
    return format_money(amount, quote.currency)
