"""Write a quote down as Oscar's order: header, addresses, lines, prices, discounts. Bulk: the same statements for any size."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError
from django.db.models import QuerySet
from oscar.apps.address.models import Country
from oscar.apps.order.models import (
    BillingAddress,
    Line,
    LineAttribute,
    LinePrice,
    Order,
    OrderDiscount,
    OrderLineDiscount,
    ShippingAddress,
)
from oscar.apps.partner.models import StockRecord
from phonenumber_field.phonenumber import to_python
from psycopg.errors import UniqueViolation

from checkout.order_number import new_order_number
from checkout.orders.records import LinePart
from checkout.orders.states import PENDING
from checkout.quote.figures import Discount, Quote, QuoteLine
from checkout.quote.records import CheckoutDraft
from checkout.quote.tax_math import tax_amount
from checkout.tax.rates import country_name
from shop.money import ZERO, split_money
from shop.written_once import any_of, written_once

NUMBER_KEY = "order_order_number_key"


class NumberTaken(Exception):
    """Another order has the number that was drawn for this one; nothing else is wrong. To be written again."""


def write_order(draft: CheckoutDraft, quote: Quote, *, at: datetime) -> Order:
    """The order with everything that hangs on it, in the caller's transaction. The quote must have a delivery.

    Raises NumberTaken.
    """
    order = _write_header(draft, quote, at=at)
    lines = _write_lines(order, quote)
    _write_parts(lines, quote)
    _write_texts(lines, quote)
    _write_prices(order, lines, quote)
    _write_discounts(order, lines, quote)
    return order


def _write_header(draft: CheckoutDraft, quote: Quote, *, at: datetime) -> Order:
    assert quote.shipping is not None
    billing = draft.billing_address or draft.address
    countries = _find_countries({draft.address["country"], billing["country"]})
    order = Order(
        number=new_order_number(),
        site_id=settings.SITE_ID,
        basket_id=draft.basket_id,
        user_id=draft.owner_id,
        guest_email=draft.email,
        currency=quote.currency,
        total_incl_tax=quote.total,
        total_excl_tax=quote.total_net,
        shipping_incl_tax=quote.shipping.gross,
        shipping_excl_tax=quote.shipping.net,
        shipping_method=quote.shipping.name,
        shipping_code=quote.shipping.code,
        status=PENDING,
        date_placed=at,
        shipping_address=_write_destination(draft, countries) if quote.needs_parcel else None,
        billing_address=BillingAddress.objects.create(**address_fields(billing, countries)),
    )
    try:
        order.save(force_insert=True)
    except IntegrityError as conflict:
        if isinstance(conflict.__cause__, UniqueViolation) and conflict.__cause__.diag.constraint_name == NUMBER_KEY:
            raise NumberTaken from conflict
        raise
    return order


def _write_destination(draft: CheckoutDraft, countries: Mapping[str, Country]) -> ShippingAddress:
    phone = phone_fields(draft.phone, draft.address["country"])
    return ShippingAddress.objects.create(**address_fields(draft.address, countries), **phone)


def _find_countries(codes: set[str]) -> dict[str, Country]:
    """By code; one that Oscar's table does not know yet is entered. One query when it knows them."""
    found = {row[0]: Country(*row) for row in _countries.ask(codes=list(codes))}
    for code in codes - found.keys():
        names = dict.fromkeys(("printable_name", "name"), country_name(code))
        found[code], _ = Country.objects.get_or_create(
            iso_3166_1_a2=code, defaults={**names, "is_shipping_country": True}
        )
    return found


@written_once
def _countries() -> QuerySet[Any, Any]:
    columns = [field.attname for field in Country._meta.concrete_fields]
    return Country.objects.filter(any_of("address_country.iso_3166_1_a2", "codes")).order_by().values_list(*columns)


def address_fields(address: Mapping[str, str], countries: Mapping[str, Country]) -> dict[str, Any]:
    """Oscar's fields from ours: line3 holds the district, line4 the city, state the region."""
    return {
        "first_name": address.get("first_name", ""),
        "last_name": address.get("last_name", ""),
        "line1": address.get("line1", ""),
        "line2": address.get("line2", ""),
        "line3": address.get("district", ""),
        "line4": address.get("city", ""),
        "state": address.get("region", ""),
        "postcode": address.get("postcode", ""),
        "country": countries[address["country"]],
        "search_text": " ".join(value for value in address.values() if value),
    }


def phone_fields(phone: str, country: str) -> dict[str, Any]:
    """A number that is none is kept as the shopper wrote it, for the person who rings."""
    number = to_python(phone, region=country) if phone else None
    if number and number.is_valid():
        return {"phone_number": number}
    return {"notes": f"Phone: {phone}"} if phone else {}


def _write_lines(order: Order, quote: Quote) -> dict[str, Line]:
    """Lines by key of the quote."""
    ids = [line.item.stock_record_id for line in quote.lines]
    records = {record.id: record for record in (_Record(*row) for row in _records.ask(ids=ids))}
    lines = {line.item.key: _line(order, line, records[line.item.stock_record_id], quote=quote) for line in quote.lines}
    Line.objects.bulk_create(lines.values())
    return lines


class _Record(NamedTuple):
    id: int
    partner_id: int
    partner_name: str
    partner_sku: str
    product_id: int
    upc: str | None


@written_once
def _records() -> QuerySet[Any, Any]:
    asked = StockRecord.objects.filter(any_of("partner_stockrecord.id", "ids")).order_by()
    return asked.values_list("pk", "partner_id", "partner__name", "partner_sku", "product_id", "product__upc")


def _line(order: Order, line: QuoteLine, record: _Record, *, quote: Quote) -> Line:
    before_net, before_gross = _taxed(line.before_discount, line, quote) if line.discount else (line.net, line.gross)
    unit_net, unit_gross = _taxed(line.unit_price, line, quote)
    return Line(
        order=order,
        partner_id=record.partner_id,
        partner_name=record.partner_name,
        partner_sku=record.partner_sku,
        stockrecord_id=record.id,
        product_id=record.product_id,
        title=line.item.title[:255],
        upc=record.upc,
        quantity=line.item.quantity,
        line_price_incl_tax=line.gross,
        line_price_excl_tax=line.net,
        line_price_before_discounts_incl_tax=before_gross,
        line_price_before_discounts_excl_tax=before_net,
        unit_price_incl_tax=unit_gross,
        unit_price_excl_tax=unit_net,
        tax_code=", ".join(f"{one.tax_class} {one.rate}" for one in line.taxes)[:64],
        status=PENDING,
        num_allocated=0,
    )


def _taxed(amount: Decimal, line: QuoteLine, quote: Quote) -> tuple[Decimal, Decimal]:
    """Net and gross of an amount of this line, shared out over its rates as the line itself is."""
    contains_tax = quote.prices_include_tax and not quote.is_export
    net = gross = ZERO
    for one, share in zip(
        line.taxes, split_money(amount, [one.weight for one in line.taxes], quote.currency), strict=True
    ):
        taxed = tax_amount(share, rate=one.rate, is_included=contains_tax, currency=quote.currency)
        net, gross = net + taxed.net, gross + taxed.gross
    return net, gross


def _write_parts(lines: Mapping[str, Line], quote: Quote) -> None:
    """What each kit consisted of when it was ordered: what the shopper gets, whatever the kit becomes later."""
    LinePart.objects.bulk_create(
        LinePart(
            line=lines[line.item.key],
            stock_record_id=part.stock_record_id,
            sku=part.sku,
            title=part.title[:255],
            quantity=part.quantity,
        )
        for line in quote.lines
        for part in line.item.parts
    )


def _write_texts(lines: Mapping[str, Line], quote: Quote) -> None:
    LineAttribute.objects.bulk_create(
        LineAttribute(line=lines[line.item.key], option_id=one.option_id, type=one.name[:128], value=one.text)
        for line in quote.lines
        for one in line.item.texts
    )


def _write_prices(order: Order, lines: Mapping[str, Line], quote: Quote) -> None:
    """What each unit cost, in as many rows as there are different unit prices; they sum to the line."""
    rows = []
    for line in quote.lines:
        ones = [Decimal(1)] * line.item.quantity
        gross = split_money(line.gross, ones, quote.currency)
        net = split_money(line.net, ones, quote.currency)
        for (incl, excl), quantity in Counter(zip(gross, net, strict=True)).items():
            rows.append(
                LinePrice(
                    order=order,
                    line=lines[line.item.key],
                    quantity=quantity,
                    price_incl_tax=incl,
                    price_excl_tax=excl,
                    tax_code=lines[line.item.key].tax_code,
                )
            )
    LinePrice.objects.bulk_create(rows)


def _write_discounts(order: Order, lines: Mapping[str, Line], quote: Quote) -> None:
    given = [one for one in quote.discounts if one.amount]
    discounts = OrderDiscount.objects.bulk_create(_discount(order, one) for one in given)
    OrderLineDiscount.objects.bulk_create(
        OrderLineDiscount(
            line=lines[key],
            order_discount=discount,
            is_incl_tax=quote.prices_include_tax and not quote.is_export,
            amount=amount,
        )
        for discount, one in zip(discounts, given, strict=True)
        for key, amount in one.per_line.items()
        if amount
    )


def _discount(order: Order, one: Discount) -> OrderDiscount:
    return OrderDiscount(
        order=order,
        category=OrderDiscount.SHIPPING if one.is_shipping else OrderDiscount.BASKET,
        offer_id=one.offer_id,
        offer_name=one.name[:128],
        voucher_id=one.voucher_id,
        voucher_code=one.voucher_code,
        frequency=one.applications,
        amount=one.amount,
    )
