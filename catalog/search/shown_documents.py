"""Search documents with their prices as shoppers read them.

A document holds entered prices, so that a new rate of tax counts at its midnight with nothing written. Where they are
shown otherwise (`catalog.pricing.showing`), questions ask this instead of the table: the planner looks through it, and
nothing is turned that a question does not mention. The tax class is that of the product's first stock record.
"""

from collections.abc import Iterable
from copy import copy

from django.conf import settings
from django.db import connection

from catalog.pricing.showing import Showing, current_showing
from catalog.search.records import SearchDocument
from shop.money import smallest_amount

PRICES = ("price_min", "price_max", "compare_at_price")
_CLASSES = """
SELECT stock_record_id, tax_class FROM catalog_pricedetail WHERE stock_record_id = ANY(%s)
"""
_TURNED = """(SELECT {columns} FROM catalog_searchdocument own
    LEFT JOIN catalog_pricedetail detail ON detail.stock_record_id = own.stock_record_ids[1])"""


def shown_documents() -> str:
    """What stands before the alias `document`: the table itself, or a question with the same columns.

    For SQL with named parameters (a literal per cent sign is written twice).
    """
    showing = current_showing()
    if showing.adds_tax is None:
        return "catalog_searchdocument"
    columns = [field.column for field in SearchDocument._meta.concrete_fields]
    parts = [f"{_price(name, showing)} AS {name}" if name in PRICES else f"own.{name}" for name in columns]
    return _TURNED.format(columns=", ".join(parts))


def turn_documents(documents: Iterable[SearchDocument]) -> list[SearchDocument]:
    """Documents that Django read from the table, as they are shown; one query where prices are turned."""
    showing, found = current_showing(), list(documents)
    if showing.adds_tax is None or not found:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_CLASSES, ([pk for one in found for pk in one.stock_record_ids[:1]],))
        classes = dict(cursor.fetchall())
    return [_turn(one, showing, classes.get(one.stock_record_ids[0] if one.stock_record_ids else 0)) for one in found]


def _turn(document: SearchDocument, showing: Showing, tax_class: str | None) -> SearchDocument:
    shown = copy(document)
    for name in PRICES:
        amount = showing.show(
            getattr(document, name), tax_class=tax_class or "standard", currency=settings.SHOP_CURRENCY
        )
        setattr(shown, name, amount)
    if shown.compare_at_price == shown.price_min:
        shown.compare_at_price = None
    return shown


def _price(name: str, showing: Showing) -> str:
    """A struck-through price that no longer differs, rounded, is none."""
    rounded = _rounded(f"own.{name}", showing)
    return f"NULLIF({rounded}, {_rounded('own.price_min', showing)})" if name == "compare_at_price" else rounded


def _rounded(amount: str, showing: Showing) -> str:
    if not showing.rates:
        return "NULL::numeric"
    digits = -int(smallest_amount(settings.SHOP_CURRENCY).as_tuple().exponent)
    factors = " ".join(f"WHEN {_quote(name)} THEN {1 + rate:f}" for name, rate in showing.rates.items())
    factor = f"CASE COALESCE(detail.tax_class, 'standard') {factors} END"
    return f"round({amount} {'*' if showing.adds_tax else '/'} {factor}, {digits})"


def _quote(text: str) -> str:
    """As a literal within SQL that has named parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"
