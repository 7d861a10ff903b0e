"""Thousands of random carts: parts sum to the total, the trace replays to the same figures, nothing goes below zero."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kits.contents import take_off
from checkout.quote.figures import Discount, Item, Quote
from checkout.quote.item_facts import ItemPart
from checkout.quote.pricing import price_basket
from checkout.quote.terms import Terms, displayed_items, displayed_rate
from checkout.quote.trace import read_trace, replay
from checkout.tax.rates import Rate, RateTable
from checkout.tax.rounding import Rounding
from shipping.rates.quote import Rate as ShippingRate
from shop.money import round_money, smallest_amount

CLASSES = {"standard": "0.19", "reduced": "0.07", "books": "0.055", "zero": "0"}


def table(country: str, rates: dict[str, str], *, is_export: bool = False) -> RateTable:
    return RateTable(
        country=country,
        rates={
            name: Rate(tax_class=name, rate=Decimal(rate), name=f"VAT {rate}", rate_id=number)
            for number, (name, rate) in enumerate(rates.items(), 1)
        },
        is_export=is_export,
    )


HOME = table("DE", CLASSES)
ABROAD = table("FI", {"standard": "0.255", "reduced": "0.135", "books": "0.135", "zero": "0"})
EXPORT = table("CH", {}, is_export=True)


def money(currency: str, low: int = 0, high: int = 500_000) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda units: units * smallest_amount(currency))


@st.composite
def kits(draw: st.DrawFn, item: Item, currency: str) -> Item:
    """The item as a kit of one to four parts in any tax classes, at a fixed price or one that follows them."""
    parts = tuple(
        ItemPart(
            stock_record_id=1000 * item.line_id + number,
            sku=f"P{number}",
            title=f"Part {number}",
            quantity=draw(st.integers(1, 5)),
            unit_price=draw(st.none() | money(currency, high=20_000)),
            tax_class=draw(st.sampled_from(sorted(CLASSES))),
        )
        for number in range(draw(st.integers(1, 4)))
    )
    if not draw(st.booleans()):
        return replace(item, parts=parts)
    percent = draw(st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100))
    whole = sum(((part.unit_price or 0) * part.quantity for part in parts), Decimal(0))
    return replace(
        item, parts=parts, percent_off=percent, unit_price=take_off(whole, percent=percent, currency=currency)
    )


@st.composite
def quotes(draw: st.DrawFn, currency: str) -> Quote:
    terms = Terms(
        currency=currency,
        prices_include_tax=draw(st.booleans()),
        home=HOME,
        destination=replace(
            draw(st.sampled_from([HOME, ABROAD, EXPORT])), rounding=draw(st.sampled_from(list(Rounding)))
        ),
    )
    items = [
        Item(
            key=f"line:{number}",
            line_id=number,
            product_id=number,
            stock_record_id=number,
            sku=f"S{number}",
            name=f"Thing {number}",
            label="",
            unit_price=draw(money(currency)),
            quantity=draw(st.integers(1, 99)),
            tax_class=draw(st.sampled_from(sorted(CLASSES))),
        )
        for number in range(1, draw(st.integers(1, 8)) + 1)
    ]
    items = [draw(kits(item, currency)) if draw(st.integers(0, 3)) == 0 else item for item in items]
    shown = displayed_items(items, terms)
    discounts = _draw_discounts(draw, shown, currency)
    method = None
    if draw(st.booleans()):
        price = draw(money(currency, high=10_000))
        method = displayed_rate(
            ShippingRate(
                code="standard",
                name="Standard",
                carrier="",
                price=price,
                days_min=1,
                days_max=2,
                free_from=None,
                missing_to_free=None,
                method_id=1,
                band_id=1,
                full_price=price,
            ),
            shown,
            terms,
        )
        if draw(st.booleans()):
            off = round_money(method.price * draw(st.integers(0, 100)) / 100, currency)
            discounts.append(
                Discount(offer_id=9, name="Delivery", voucher_code="", amount=off, per_line={}, is_shipping=True)
            )
    return price_basket(
        shown,
        terms=terms,
        original_prices={item.key: item.unit_price for item in items},
        discounts=discounts,
        methods=[method] if method else [],
        shipping=method,
    )


def _draw_discounts(draw: st.DrawFn, items: list[Item], currency: str) -> list[Discount]:
    left = {item.key: item.unit_price * item.quantity for item in items}
    discounts = []
    for number in range(draw(st.integers(0, 3))):
        percent = draw(st.integers(0, 100))
        per_line = {key: round_money(amount * percent / 100, currency) for key, amount in left.items()}
        left = {key: amount - per_line[key] for key, amount in left.items()}
        discounts.append(
            Discount(
                offer_id=number + 1,
                name=f"Offer {number}",
                voucher_code="",
                amount=sum(per_line.values(), Decimal(0)),
                per_line=per_line,
            )
        )
    return discounts


def check_sums(quote: Quote) -> None:
    unit = smallest_amount(quote.currency)
    shipping = [quote.shipping] if quote.shipping else []
    parts = [*quote.lines, *shipping]
    for part in parts:
        assert part.net + part.tax == part.gross
        assert part.gross >= 0
    assert quote.total == sum((part.gross for part in parts), Decimal(0))
    assert quote.total_net + quote.total_tax == quote.total
    assert sum((tax.tax for tax in quote.taxes), Decimal(0)) == quote.total_tax
    assert sum((tax.net for tax in quote.taxes), Decimal(0)) == quote.total_net
    assert (
        quote.goods_before_discount - sum((one.amount for one in quote.discounts if not one.is_shipping), Decimal(0))
        == quote.goods_total
    )
    for figure in (quote.total, quote.total_net, quote.total_tax, *(line.tax for line in quote.lines)):
        assert figure % unit == 0
    if quote.prices_include_tax:
        shown = quote.goods_total + (quote.shipping.price if quote.shipping else 0)
        assert shown == quote.total


@pytest.mark.feature("PR01", "PR06")
@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
@pytest.mark.parametrize("carts", [100, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(7200)])])
def test_random_carts_add_up_and_replay(currency: str, carts: int) -> None:
    @settings(max_examples=carts, deadline=None, suppress_health_check=list(HealthCheck))
    @given(quotes(currency))
    def run(quote: Quote) -> None:
        check_sums(quote)
        replayed = replay(read_trace(quote.to_json()["trace"]), currency=currency)
        assert (replayed.net, replayed.tax, replayed.total) == (quote.total_net, quote.total_tax, quote.total)
        assert all(replayed.gross[line.item.key] == line.gross for line in quote.lines)

    run()


@pytest.mark.feature("PR01")
@pytest.mark.parametrize(("currency", "price"), [("EUR", "33.33"), ("JPY", "333"), ("KWD", "33.33")])
def test_a_hundred_percent_off_is_exactly_nothing(currency: str, price: str) -> None:
    terms = Terms(currency=currency, prices_include_tax=True, home=HOME, destination=HOME)
    item = Item(
        key="line:1", line_id=1, product_id=1, stock_record_id=1, sku="A", name="A", label="",
        unit_price=Decimal(price), quantity=3,
    )  # fmt: skip
    whole = 3 * Decimal(price)
    off = Discount(offer_id=1, name="All", voucher_code="", amount=whole, per_line={"line:1": whole})
    quote = price_basket([item], terms=terms, original_prices={"line:1": item.unit_price}, discounts=[off])
    assert (quote.total, quote.total_tax, quote.lines[0].net) == (0, 0, 0)


def test_the_digest_covers_what_is_seen_and_nothing_else() -> None:
    terms = Terms(currency="EUR", prices_include_tax=True, home=HOME, destination=HOME)
    item = Item(
        key="line:1", line_id=1, product_id=1, stock_record_id=1, sku="A", name="A", label="",
        unit_price=Decimal("10.00"), quantity=1, saleable=5,
    )  # fmt: skip

    def digest(changed: Item) -> str:
        return price_basket([changed], terms=terms, original_prices={"line:1": changed.unit_price}).digest

    assert digest(item) == digest(replace(item, saleable=3, weight_kg=Decimal(9)))
    assert digest(item) != digest(replace(item, unit_price=Decimal("10.01")))
    assert digest(item) != digest(replace(item, quantity=2))
    assert digest(item) != digest(replace(item, name="B"))
