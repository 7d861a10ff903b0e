"""Take away what an import made, when nothing else has come to need it."""

from collections.abc import Iterable, Sequence

from django.db import connection
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.importing.ports import read_stock
from catalog.importing.states import ProductState, SkuState
from catalog.kits.records import Kit

_IN_USE = """
SELECT record.id FROM partner_stockrecord record WHERE record.id = ANY(%s) AND (
    EXISTS (SELECT 1 FROM order_line line WHERE line.stockrecord_id = record.id)
    OR EXISTS (SELECT 1 FROM basket_line line WHERE line.stockrecord_id = record.id)
    OR EXISTS (SELECT 1 FROM catalog_kitpart part WHERE part.component_id = record.id AND NOT part.kit_id = ANY(%s)))
"""


def find_needed(states: Iterable[SkuState]) -> set[str]:
    """SKUs whose rows have to stay: ordered, in a basket, with a stock ledger, or a part of another kit."""
    by_record = {state.stock_record_id: state.sku for state in states if state.stock_record_id is not None}
    with connection.cursor() as cursor:
        cursor.execute(_IN_USE, (list(by_record), list(by_record)))
        needed = {row[0] for row in cursor.fetchall()}
    counted = set(read_stock([record for record in by_record if record is not None]))
    return {by_record[record] for record in needed | counted}


def remove_skus(states: Sequence[SkuState]) -> None:
    """The stock records; and the variants' rows (a stand-alone product's row goes with the product)."""
    if states:
        Kit.objects.filter(pk__in=[state.stock_record_id for state in states]).delete()
        StockRecord.objects.filter(pk__in=[state.stock_record_id for state in states]).delete()
        Product.objects.filter(pk__in=[state.id for state in states], structure=Product.CHILD).delete()


def remove_products(states: Sequence[ProductState]) -> None:
    if states:
        Product.objects.filter(pk__in=[state.id for state in states]).delete()
