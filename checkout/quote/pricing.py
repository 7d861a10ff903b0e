"""The pure core: from items, offers' results, a delivery rate and tax tables to a quote. No database, no clock.

Rules, in this order:

0. Unit prices are those that the pages show (`catalog.pricing.showing`): entered without tax and shown with it, or the
   other way round, each unit was turned and rounded once, and the line is that unit times the quantity.
1. A gross shop (PRICES_INCLUDE_TAX) shows the same gross price in every country of its tax area; the destination's tax
   is contained in it. For an export outside the EU each unit is sold at its price without the home country's tax,
   rounded once per unit, so that unit price times quantity is the line. A net shop adds the destination's tax.
2. Discounts come off the displayed price of the line. The free threshold of a delivery looks at goods after discounts.
3. Tax is worked out and rounded once per line and rate, or once per rate over the order where the country wants that. A kit whose parts are taxed differently is shared out over
   the rates in proportion to what its parts cost singly (to the minor unit, largest remainder). Delivery shares the fate of the goods: its price is split over their
   rates in proportion to their totals (to the minor unit, largest remainder) and taxed once per rate.
4. Total = lines + delivery. Nothing is rounded after that, so the parts always sum to the total.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from checkout.quote.figures import (
    Discount,
    Item,
    LineTax,
    MissingLine,
    Quote,
    QuoteLine,
    Refused,
    ShippingChoice,
    TaxLine,
)
from checkout.quote.tax_math import Taxed, TaxSum
from checkout.quote.terms import Terms, rate_shares
from checkout.quote.trace import Tracer
from checkout.tax.rates import Rate
from shipping.rates.quote import Rate as ShippingRate
from shop.money import ZERO, round_money, split_money


def price_basket(
    items: Sequence[Item],
    *,
    terms: Terms,
    original_prices: Mapping[str, Decimal],
    discounts: Sequence[Discount] = (),
    refused: Sequence[Refused] = (),
    methods: Sequence[ShippingRate] = (),
    shipping: ShippingRate | None = None,
    missing: Sequence[MissingLine] = (),
    refusals: Sequence[str] = (),
) -> Quote:
    """`items` at displayed prices (see checkout.quote.terms), `original_prices` by key as they stand in the price list.

    `discounts` on lines and on delivery, in the order they were given. Raises MissingTaxRate.
    """
    tracer = Tracer()
    off: dict[str, Decimal] = dict.fromkeys((item.key for item in items), ZERO)
    _trace_prices(tracer, items, terms, original_prices)
    for discount in discounts:
        for key, amount in discount.per_line.items():
            off[key] += amount
            tracer.promotion(discount, key, amount)
    sums = TaxSum(terms.rounding)
    lines = [_price_line(item, off[item.key], terms, tracer, sums) for item in items]
    choice, shares = _price_shipping(shipping, lines, discounts, terms, tracer, sums)
    taxes = _sum_taxes(lines, shares)
    shipping_net, shipping_tax = (choice.net, choice.tax) if choice else (ZERO, ZERO)
    total_net = sum((line.net for line in lines), shipping_net)
    total_tax = sum((line.tax for line in lines), shipping_tax)
    zero = round_money(ZERO, terms.currency)
    return Quote(
        currency=terms.currency,
        country=terms.destination.country,
        prices_include_tax=terms.prices_include_tax,
        is_export=terms.is_export,
        lines=tuple(lines),
        missing=tuple(missing),
        discounts=tuple(discounts),
        refused=tuple(refused),
        methods=tuple(methods),
        shipping=choice,
        taxes=taxes,
        goods_before_discount=sum((line.before_discount for line in lines), zero),
        goods_total=sum((line.total for line in lines), zero),
        total_net=total_net + zero,
        total_tax=total_tax + zero,
        total=total_net + total_tax + zero,
        trace=tracer.steps(),
        refusals=tuple(refusals),
        vat_id=terms.destination.vat_id,
        tax_country=terms.destination.tax_country,
    )


def _trace_prices(tracer: Tracer, items: Sequence[Item], terms: Terms, originals: Mapping[str, Decimal]) -> None:
    for item in items:
        bare = originals[item.key] - sum((one.surcharge for one in item.texts), ZERO)
        if item.parts:
            tracer.kit(item, bare)
        if item.turned is not None:
            tracer.turned(item, item.turned, bare)
        for text in item.texts:
            tracer.text(item, text, originals[item.key])
        if terms.prices_include_tax and terms.is_export:
            tracer.export(item, originals[item.key], rate_shares(item, terms.home))
        tracer.base(item)


def _price_line(item: Item, off: Decimal, terms: Terms, tracer: Tracer, sums: TaxSum) -> QuoteLine:
    before = item.unit_price * item.quantity
    shares = rate_shares(item, terms.destination)
    total = before - off
    amounts = split_money(total, [weight for _, weight in shares], terms.currency) if len(shares) > 1 else [total]
    taxes = []
    for (rate, weight), amount in zip(shares, amounts, strict=True):
        taxed = sums.add(amount, rate=rate.rate, is_included=terms.contains_tax, currency=terms.currency)
        tracer.tax(item.key, rate, taxed, terms, weight=weight if len(shares) > 1 else None)
        taxes.append(
            LineTax(
                tax_class=rate.tax_class,
                name=rate.name,
                rate=rate.rate,
                weight=weight,
                net=taxed.net,
                tax=taxed.tax,
                gross=taxed.gross,
            )
        )
    return QuoteLine(
        item=item,
        unit_price=item.unit_price,
        before_discount=before,
        discount=off,
        total=total,
        tax_rate=taxes[0].rate,
        tax_name=" and ".join(one.name for one in taxes),
        net=sum((one.net for one in taxes), ZERO),
        tax=sum((one.tax for one in taxes), ZERO),
        gross=sum((one.gross for one in taxes), ZERO),
        taxes=tuple(taxes),
    )


def _price_shipping(
    rate: ShippingRate | None,
    lines: Sequence[QuoteLine],
    discounts: Sequence[Discount],
    terms: Terms,
    tracer: Tracer,
    sums: TaxSum,
) -> tuple[ShippingChoice | None, list[tuple[Rate, Taxed]]]:
    if rate is None or not lines:
        return None, []
    tracer.shipping(rate)
    off = ZERO
    for discount in discounts:
        if discount.is_shipping:
            off += discount.amount
            tracer.promotion(discount, "shipping", discount.amount)
    price = rate.price - off
    shares = [
        (tax, sums.add(share, rate=tax.rate, is_included=terms.contains_tax, currency=terms.currency))
        for tax, share in _split_by_rate(price, lines, terms)
    ]
    for tax, taxed in shares:
        tracer.tax("shipping", tax, taxed, terms)
    choice = ShippingChoice(
        code=rate.code,
        name=rate.name,
        carrier=rate.carrier,
        days_min=rate.days_min,
        days_max=rate.days_max,
        before_discount=rate.price,
        price=price,
        net=sum((taxed.net for _, taxed in shares), ZERO),
        tax=sum((taxed.tax for _, taxed in shares), ZERO),
        gross=sum((taxed.gross for _, taxed in shares), ZERO),
    )
    return choice, shares


def _split_by_rate(price: Decimal, lines: Sequence[QuoteLine], terms: Terms) -> list[tuple[Rate, Decimal]]:
    """Delivery over the goods' rates, highest first, in proportion to what the goods of each rate cost.

    Goods that are all free count by their price before discounts.
    """
    are_free = not any(line.total for line in lines)
    weights: dict[Decimal, Decimal] = {}
    rates: dict[Decimal, Rate] = {}
    for line in lines:
        shares = rate_shares(line.item, terms.destination)
        amount = line.before_discount if are_free else line.total
        each = split_money(amount, [weight for _, weight in shares], terms.currency) if len(shares) > 1 else [amount]
        for (rate, _), part in zip(shares, each, strict=True):
            rates.setdefault(rate.rate, rate)
            weights[rate.rate] = weights.get(rate.rate, ZERO) + part
    order = sorted(weights, reverse=True)
    parts = split_money(price, [weights[rate] for rate in order], terms.currency)
    return [(rates[rate], part) for rate, part in zip(order, parts, strict=True)]


def _sum_taxes(lines: Sequence[QuoteLine], shares: Sequence[tuple[Rate, Taxed]]) -> tuple[TaxLine, ...]:
    sums: dict[Decimal, list[Decimal]] = {}
    names: dict[Decimal, str] = {}
    parts = [(one.rate, one.name, one.net, one.tax) for line in lines for one in line.taxes]
    parts += [(rate.rate, rate.name, taxed.net, taxed.tax) for rate, taxed in shares]
    for rate, name, net, tax in parts:
        names.setdefault(rate, name)
        entry = sums.setdefault(rate, [ZERO, ZERO])
        entry[0] += net
        entry[1] += tax
    return tuple(
        TaxLine(name=names[rate], rate=rate, net=net, tax=tax, gross=net + tax)
        for rate, (net, tax) in sorted(sums.items(), reverse=True)
    )
