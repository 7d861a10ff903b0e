"""What lies in a parcel: the thing that was ordered, or, of a kit, the part that is fetched from the shelf."""

from dataclasses import dataclass

from shipping.fulfilment.models import ShipmentLine

RELATED = ("order_line__product", "allocation__level__stock_record__product__parent")
"""What `packed_thing` reads of a shipment line, for select_related or prefetch_related."""
WRITTEN = "order_line__attributes"
"""For prefetch_related only."""


@dataclass(frozen=True, slots=True)
class PackedThing:
    """`kit` is the title of the kit that it is a part of, "" for what was ordered by itself.

    `texts` is what has to be written on it: `Engraving: Ada`.
    """

    sku: str
    title: str
    product_id: int | None
    parent_id: int | None
    kit: str = ""
    texts: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        named = f"{self.title} (in {self.kit})" if self.kit else self.title
        return "; ".join((named, *self.texts))


def packed_thing(line: ShipmentLine) -> PackedThing:
    """Asks nothing of the database when the line was read with RELATED and WRITTEN."""
    ordered = line.order_line
    texts = tuple(f"{one.type}: {one.value}" for one in ordered.attributes.all())
    allocation = line.allocation
    record = allocation.level.stock_record if allocation is not None else None
    if record is not None and ordered.stockrecord_id is not None and record.pk != ordered.stockrecord_id:
        product = record.product
        return PackedThing(
            sku=record.partner_sku,
            title=product.get_title(),
            product_id=product.pk,
            parent_id=product.parent_id,
            kit=ordered.title,
            texts=texts,
        )
    product = ordered.product
    return PackedThing(
        sku=ordered.partner_sku,
        title=ordered.title,
        product_id=product.pk if product else None,
        parent_id=product.parent_id if product else None,
        texts=texts,
    )
