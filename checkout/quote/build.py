"""Build the quote of a basket: read everything once (a constant number of queries), then price it purely."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import IntegerField, QuerySet
from oscar.apps.basket.models import Basket

from checkout.quote.by_download import BY_DOWNLOAD, rate_by_download
from checkout.quote.clock import database_now
from checkout.quote.figures import Discount, Item, Quote
from checkout.quote.items import load_items
from checkout.quote.origin import is_taxed_at_home
from checkout.quote.pricing import price_basket
from checkout.quote.promotion import apply_promotions
from checkout.quote.records import CheckoutDraft
from checkout.quote.terms import Terms, displayed_items, displayed_rate
from checkout.tax.local_date import local_date
from checkout.tax.rates import MissingTaxRate, Rate, RateTable, rates_for
from checkout.tax.reverse_charge import relieved_by
from checkout.tax.zones import Place, find_place
from shipping.rates.quote import CannotShip, methods_for
from shipping.rates.quote import Rate as ShippingRate
from shop.money import ZERO
from shop.written_once import given, written_once


def build_quote(
    basket: Basket,
    *,
    country: str = "",
    postcode: str = "",
    vat_id: str = "",
    method_code: str = "",
    customer_key: str = "",
    vouchers: Mapping[str, int] | None = None,
    now: datetime | None = None,
) -> Quote:
    """The price of a basket now, sent to `country` (empty: the shop's own) by `method_code` (empty: not chosen yet).

    `postcode` tells the parts of a country apart that are taxed in their own way; `vat_id` is what a company typed, which
    takes the tax off only when it was confirmed (see checkout.tax.reverse_charge).

    `customer_key` is the buyer's lower-case e-mail address, for offers that each customer has a number of times.
    `vouchers` (ids by code) and `now` save the questions to callers who have just asked them. Never raises for what a
    shopper or a merchant may have left open: a quote that cannot become an order says so in `refusals`.
    """
    items, missing = load_items(basket, currency=settings.SHOP_CURRENCY)
    place = find_place(country=country or settings.SHOP_COUNTRY, postcode=postcode)
    if not country:
        place = replace(place, is_unsure=False)
    terms, refusals = _terms(items, place=place, vat_id=relieved_by(vat_id, place), now=now or database_now())
    shown = displayed_items(items, terms)
    promotions = apply_promotions(
        shown,
        vouchers=vouchers_of(basket) if vouchers is None else vouchers,
        customer_key=customer_key,
        currency=terms.currency,
    )
    methods: list[ShippingRate] = []
    if items:
        try:
            methods = _methods(shown, promotions.discounts, terms)
        except CannotShip as problem:
            refusals.append(problem.sentence)
        method_code = BY_DOWNLOAD if _needs_no_parcel(items) else method_code
    chosen = next((method for method in methods if method.code == method_code), None)
    on_delivery = promotions.on_delivery(chosen, currency=terms.currency) if chosen else []
    return price_basket(
        shown,
        terms=terms,
        original_prices={item.key: item.unit_price for item in items},
        discounts=[*promotions.discounts, *on_delivery],
        refused=promotions.refused,
        methods=[promotions.reduce(method, currency=terms.currency) for method in methods],
        shipping=chosen,
        missing=missing,
        refusals=refusals,
    )


def quote_draft(draft: CheckoutDraft, *, now: datetime | None = None) -> Quote:
    """The quote of a checkout as far as it is filled in; `now` as in `build_quote`."""
    return build_quote(
        draft.basket,
        country=draft.address.get("country", ""),
        postcode=draft.address.get("postcode", ""),
        vat_id=draft.vat_id,
        method_code=draft.method_code,
        customer_key=draft.email.lower(),
        now=now,
    )


def vouchers_of(basket: Basket) -> dict[str, int]:
    """Ids by code of the vouchers on the basket, in alphabetical order. One query."""
    return dict(_vouchers.ask(basket=basket.pk))


@written_once
def _vouchers() -> QuerySet[Any, Any]:
    links = Basket.vouchers.through.objects.filter(basket=given("basket", IntegerField()))
    return links.order_by("voucher__code").values_list("voucher__code", "voucher_id")


def _terms(items: Sequence[Item], *, place: Place, vat_id: str, now: datetime) -> tuple[Terms, list[str]]:
    """Tax tables of home and destination. A missing rate becomes zero and a refusal, so that pages can still be shown."""
    home = settings.SHOP_COUNTRY
    tables = rates_for([Place(code=home, country=home), place], on=local_date(place.code, at=now))
    if vat_id:
        tables[place.code] = replace(tables[place.code], rates={}, is_export=True, vat_id=vat_id)
    elif is_taxed_at_home(place, items, tables[home], on=local_date(home, at=now)):
        tables[place.code] = replace(tables[home], country=place.country, tax_country=home)
    refusals: list[str] = []
    complete: dict[str, RateTable] = {}
    for code, table in tables.items():
        rates = dict(table.rates)
        for tax_class in {name for item in items for name in item.tax_weights}:
            try:
                table.rate_of(tax_class)
            except MissingTaxRate as problem:
                rates[tax_class] = Rate(tax_class=tax_class, rate=ZERO, name="Tax not known", rate_id=None)
                if problem.sentence not in refusals:
                    refusals.append(problem.sentence)
        complete[code] = replace(table, rates=rates)
    terms = Terms(
        currency=settings.SHOP_CURRENCY,
        prices_include_tax=settings.PRICES_INCLUDE_TAX,
        home=complete[home],
        destination=complete[place.code],
    )
    return terms, refusals


def _methods(items: Sequence[Item], discounts: Sequence[Discount], terms: Terms) -> list[ShippingRate]:
    """Ways to send it, at the price of this destination: an export's delivery is without the home country's tax too.

    What is downloaded weighs nothing, and counts for the free threshold of what travels beside it.
    """
    if _needs_no_parcel(items):
        return [rate_by_download(terms.currency)]
    off = sum((amount for discount in discounts for amount in discount.per_line.values()), ZERO)
    goods = sum((item.unit_price * item.quantity for item in items), ZERO) - off
    weight = sum((item.weight_kg * item.quantity for item in items if item.needs_parcel), Decimal(0))
    rates = methods_for(country=terms.destination.country, weight_kg=weight, goods_total=goods, currency=terms.currency)
    return [displayed_rate(rate, items, terms) for rate in rates]


def _needs_no_parcel(items: Sequence[Item]) -> bool:
    return bool(items) and not any(item.needs_parcel for item in items)
