"""A glance at the shelf before the work of placing: a press that cannot succeed is refused for the price of one question.

It locks nothing and promises nothing. Whether the units are there is decided under the stock lock alone (see
inventory.reservation); what this lets through may still be refused there.
"""

from typing import Any, NamedTuple

from django.db.models import F, IntegerField, QuerySet
from oscar.apps.partner.models import StockRecord

from checkout.quote.items import labels_of, title_of
from inventory.availability import with_saleable
from inventory.shortage import InsufficientStock, ShortLine
from shop.written_once import given, written_once


def refuse_shortage(draft_id: int) -> None:
    """Raises InsufficientStock as the quote would, with every short line. One query; one more when a variant is short.

    Not for a checkout that has become an order: the units that this order holds are no longer there for anybody. Both
    are read in one statement, so a second press never finds the units gone and the order not yet there.
    """
    short = [line for line in map(_Asked._make, _asked.ask(draft=draft_id)) if line.is_short]
    if not short:
        return
    labels = labels_of(line.product_id for line in short if line.parent_title is not None)
    raise InsufficientStock(
        ShortLine(
            stock_record_id=line.stock_record_id,
            wanted=line.wanted,
            available=line.available or 0,
            title=title_of(line.title, parent=line.parent_title, label=labels.get(line.product_id, "")),
        )
        for line in short
    )


class _Asked(NamedTuple):
    stock_record_id: int
    available: int | None
    wanted: int
    product_id: int
    title: str
    parent_title: str | None

    @property
    def is_short(self) -> bool:
        return self.available is not None and self.available < self.wanted


@written_once
def _asked() -> QuerySet[Any, Any]:
    """The lines of a checkout in the order of the basket."""
    draft = given("draft", IntegerField())
    records = StockRecord.objects.filter(basket_lines__basket__draft=draft, basket_lines__basket__draft__order=None)
    asked = with_saleable(records.annotate(wanted=F("basket_lines__quantity")))
    columns = ("pk", "saleable", "wanted", "product_id", "product__title", "product__parent__title")
    return asked.order_by("basket_lines__date_created", "basket_lines__pk").values_list(*columns)
