"""Locks of what lists and searches are counted and ordered by, and of products that are deleted."""

from typing import Any

from django.db import connection, transaction

from catalog.publication.archive import Removal, remove_product
from catalog.search.index import refresh_documents
from catalog.search.popularity import set_popularity
from catalog.search.tally import ListTally, fold_tally, recount_lists
from checkout.basket.lines import add_line, choose_product
from inventory.models import StockLevel, StockMovement
from tests.locks.race import Proofs, Race
from tests.shopfloor import make_basket, make_category, make_product, make_product_class, record_of

PROOFS = Proofs()
_MARK = "SELECT 'not committed yet'"


def _mark() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MARK)


def _fold_while_recounting(*, is_rivals: bool) -> Race:
    """Of one category's tally, spread over the rows of three products."""
    shelf = make_category("Lock shelf")
    recount_lists()
    for _ in range(3):
        refresh_documents([make_product(category=shelf).pk])
    listed = ListTally.objects.filter(category_id=shelf.pk, facet_id=0)
    right = sum(listed.values_list("products", flat=True))

    def fold() -> None:
        with transaction.atomic():
            assert fold_tally()
            _mark()

    return Race(
        first=fold,
        rival=recount_lists,
        before=_MARK,
        is_rivals=is_rivals,
        is_broken=lambda *_: sum(listed.values_list("products", flat=True)) != right,
    )


@PROOFS("catalog/search/tally.py: fold_tally", protects="a fold and a recount of facets do not both leave their sums")
def a_recount_while_facets_are_folded() -> Race:
    return _fold_while_recounting(is_rivals=False)


@PROOFS("catalog/search/tally.py: recount_lists", protects="a recount waits for the fold, and counts nothing twice")
def a_fold_while_facets_are_recounted() -> Race:
    return _fold_while_recounting(is_rivals=True)


@PROOFS("catalog/search/popularity.py: _SET", protects="two writers of documents lock them in one order")
def a_refresh_while_popularity_is_set() -> Race:
    one, other = make_product().pk, make_product().pk
    for product_id in (other, one):  # The later key lies first in the table, and would be updated first.
        refresh_documents([product_id])

    def refresh() -> None:
        with transaction.atomic():
            refresh_documents([one])
            _mark()
            refresh_documents([other])

    return Race(
        first=refresh,
        rival=lambda: set_popularity({one: 5, other: 7}),
        before=_MARK,
        is_rivals=True,
        is_broken=lambda *answers: answers[1] != 2,
    )


@PROOFS(
    "catalog/publication/archive.py: remove_product",
    protects="a product is not deleted out of the basket into which somebody has just put it",
)
def a_shopper_takes_what_is_being_deleted() -> Race:
    thing = make_product(stock=0, product_class=make_product_class("Lock service", track_stock=False))
    record = record_of(thing)
    StockLevel.objects.filter(stock_record=record).delete()
    assert not StockMovement.objects.filter(stock_record=record).exists()
    basket, wish = make_basket(), choose_product(thing.pk)

    def is_broken(removal: Any, line: Any) -> bool:
        return removal is Removal.DELETED and not isinstance(line, Exception)

    return Race(
        first=lambda: remove_product(thing.pk, actor=None),
        rival=lambda: add_line(basket_id=basket.pk, wish=wish, quantity=1).pk,
        before="SAVEPOINT",
        is_broken=is_broken,
    )
