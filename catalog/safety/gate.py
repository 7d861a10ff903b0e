"""Which products the law keeps out of the shop: covered, or with a covered part, and nobody in the EU named to reach.

One definition, held by every publication (`catalog.publication.openness`), whoever wrote the product.
"""

from typing import Any, Final

from django.db.models import BooleanField, Func

EU: Final = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
_LETTERS: Final = ", ".join(f"'{code}'" for code in EU)


def _in_reach(party: str) -> str:
    """A postal and an electronic address, in the Union (GPSR Articles 16 and 19)."""
    return f"{party}.postal_address <> '' AND ({party}.email <> '' OR {party}.url <> '') AND {party}.country IN ({_LETTERS})"


def _parts_of(product_id: str) -> str:
    """SQL for the listed products of what is inside the kits of a listed product."""
    return (
        "SELECT COALESCE(inside.parent_id, inside.id) FROM catalogue_product box"
        " JOIN partner_stockrecord box_record ON box_record.product_id = box.id"
        " JOIN catalog_kitpart piece ON piece.kit_id = box_record.id"
        " JOIN partner_stockrecord inside_record ON inside_record.id = piece.component_id"
        " JOIN catalogue_product inside ON inside.id = inside_record.product_id"
        f" WHERE box.id = {product_id} OR box.parent_id = {product_id}"
    )


def withheld_sql(product_id: str) -> str:
    """Whether the listed product of this SQL expression is kept out, itself or for what is inside. Holds no percent sign.

    A shop that covers no category is asked that once, and not for each product.
    """
    return (
        "(EXISTS (SELECT 1 FROM catalog_coveredcategory) AND EXISTS (SELECT 1 FROM catalogue_productcategory link"
        " JOIN catalogue_category own ON own.id = link.category_id"
        " JOIN catalog_coveredcategory covered ON true"
        " JOIN catalogue_category top ON top.id = covered.category_id AND starts_with(own.path, top.path)"
        " LEFT JOIN catalog_productsafety safety ON safety.product_id = link.product_id"
        " LEFT JOIN catalog_party maker ON maker.id = safety.maker_id"
        " LEFT JOIN catalog_party person ON person.id = safety.responsible_id"
        f" WHERE link.product_id IN (SELECT {product_id} UNION ALL {_parts_of(product_id)})"
        f" AND (({_in_reach('maker')}) OR ({_in_reach('person')})) IS NOT TRUE))"
    )


class IsWithheld(Func):
    """The same over a product id, for query sets."""

    template = withheld_sql("%(expressions)s")
    output_field: Any = BooleanField()
