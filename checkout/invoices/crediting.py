"""The figures of a credit note: what of an invoice goes back, by name and by rate.

A refund of named parts (units of a line, the delivery) gives back the tax of exactly those; what is not named (goodwill,
everything that is left) is shared over what is left of each rate. Within a rate the tax is that of the sum credited so
far, less what was credited before, so that credit notes over the whole amount add up to the invoice's own tax to the cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from checkout.invoices.figures import Json, kind_of, line_category, rate_words
from checkout.invoices.mixed_kits import split_by_rate
from shop.money import ZERO, split_money

KEPT = ("order", "ordered_on", "currency", "prices_include_tax", "is_export", "seller", "buyer", "delivery")


@dataclass(frozen=True, slots=True)
class Named:
    """A part of a refund that has a name: `amount` gross; `sums` its gross sums by category and rate as they were invoiced."""

    name: str
    amount: Decimal
    sums: Mapping[str, Decimal]


def credit_figures(
    invoice: Json,
    *,
    label: str,
    amount: Decimal,
    before: Sequence[Json],
    reason: str,
    on: date,
    named: Sequence[Named] = (),
) -> Json:
    """A credit note over `amount` (gross, positive) of an invoice; `before` are those that the invoice has already."""
    rows = {kind_of(row): row for row in invoice["taxes"]}
    credited = {kind: _credited(before, kind) for kind in rows}
    left = {kind: Decimal(row["gross"]) - credited[kind] for kind, row in rows.items()}
    lines: list[Json] = []
    for name, kind, gross in _share_out(amount, named=named, left=left, rows=rows, currency=invoice["currency"]):
        row = rows[kind]
        tax = _tax_within(row, credited[kind] + gross) - _tax_within(row, credited[kind])
        credited[kind] += gross
        lines.append(_line(len(lines) + 1, name, row, gross=gross, tax=tax, invoice=invoice))
    taxes = [_sum(row, [one for one in lines if kind_of(one) == kind]) for kind, row in rows.items()]
    taxes = [row for row in taxes if Decimal(row["gross"])]
    return {
        **{name: invoice[name] for name in KEPT},
        **({"tax_country": invoice["tax_country"]} if "tax_country" in invoice else {}),
        "kind": "credit note",
        "issued_on": on.isoformat(),
        "corrects": {"label": label, "issued_on": invoice["issued_on"]},
        "reason": reason,
        "lines": lines,
        "charges": [],
        "taxes": taxes,
        "total_net": str(sum((Decimal(one["net"]) for one in taxes), ZERO)),
        "total_tax": str(sum((Decimal(one["tax"]) for one in taxes), ZERO)),
        "total": str(amount),
        "paid": str(amount),
        "paid_by": invoice.get("paid_by", "card"),
    }


def line_sums(quote: Mapping[str, Any], position: int) -> dict[str, Decimal]:
    """Gross by category and rate of the order's line at `position` (from 0), as invoiced; several for a kit of mixed parts."""
    sums: dict[str, Decimal] = {}
    for share in split_by_rate(quote["lines"][position], quote):
        kind = kind_of({"category": line_category(share, quote), "rate": rate_words(share["tax_rate"])})
        sums[kind] = sums.get(kind, ZERO) + Decimal(share["gross"])
    return sums


def delivery_sums(invoice: Json) -> dict[str, Decimal]:
    return {kind_of(charge): Decimal(charge["gross"]) for charge in invoice["charges"]}


def _credited(before: Sequence[Json], kind: str) -> Decimal:
    return sum((Decimal(row["gross"]) for note in before for row in note["taxes"] if kind_of(row) == kind), ZERO)


def _share_out(
    amount: Decimal, *, named: Sequence[Named], left: dict[str, Decimal], rows: Mapping[str, Json], currency: str
) -> list[tuple[str, str, Decimal]]:
    """(name, kind, gross) that sum to `amount`. A kind never gives more than it has left: what goodwill has taken from it
    before comes from the others."""
    shares, rest = [], amount
    for part in named:
        by_kind = split_money(part.amount, list(part.sums.values()), currency)
        for kind, wanted in zip(part.sums, by_kind, strict=True):
            gross = min(wanted, left.get(kind, ZERO), rest)
            if gross > ZERO:
                shares.append((part.name, kind, gross))
                left[kind] -= gross
                rest -= gross
    for kind, gross in zip(left, _proportion(list(left.values()), rest), strict=True):
        if gross:
            name = rows[kind]["name"]
            shares.append((f"Refund, {name}" if name else "Refund", kind, gross))
    return shares


def _proportion(sums: Sequence[Decimal], amount: Decimal) -> list[Decimal]:
    """`amount` over the sums: rounded running totals, so that no part exceeds its sum and all sum to the amount."""
    total = sum(sums, ZERO)
    unit = Decimal(1).scaleb(min(int(total.as_tuple().exponent), int(amount.as_tuple().exponent)))
    parts, running, given = [], ZERO, ZERO
    for one in sums:
        running += one
        share = (amount * running / total).quantize(unit, rounding=ROUND_HALF_UP) if total else ZERO
        parts.append(share - given)
        given = share
    return parts


def _tax_within(row: Json, gross: Decimal) -> Decimal:
    """The tax in a part of a row's gross sum, in the proportion of the row itself."""
    whole = Decimal(row["gross"])
    if not whole:
        return ZERO
    return (gross * Decimal(row["tax"]) / whole).quantize(Decimal(row["tax"]), rounding=ROUND_HALF_UP)


def _line(number: int, name: str, row: Json, *, gross: Decimal, tax: Decimal, invoice: Json) -> Json:
    net = gross - tax
    shown = str(gross if invoice["prices_include_tax"] else net)
    return {
        "number": number,
        "sku": "",
        "name": name,
        "quantity": 1,
        "unit_price": shown,
        "before_discount": shown,
        "discount": "0",
        "rate": row["rate"],
        "category": row["category"],
        "net": str(net),
        "tax": str(tax),
        "gross": str(gross),
    }


def _sum(row: Json, lines: Sequence[Json]) -> Json:
    return {**row, **{key: str(sum((Decimal(one[key]) for one in lines), ZERO)) for key in ("net", "tax", "gross")}}
