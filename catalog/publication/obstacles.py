"""What stands between a product and shoppers, in sentences: asked before anything is published."""

from collections.abc import Iterable
from typing import Final

from catalog.media.records import ProductMedia
from catalog.safety.writing import withheld_among

NO_CONTACT: Final = (
    "The law on product safety covers its category or that of something inside it, so it needs a maker in the EU, or an "
    "importer or responsible person there, with a postal and an electronic address. Name one under “Safety” of the product "
    "it is about."
)
NO_ALT: Final = (
    "A picture has no words for people who cannot see it. Say what it shows before the product is published."
)


def publication_obstacles(product_ids: Iterable[int]) -> dict[int, list[str]]:
    """By listed product that cannot be published as it is: why. Two queries."""
    ids = list(product_ids)
    found: dict[int, list[str]] = {pk: [NO_CONTACT] for pk in withheld_among(ids)}
    silent = ProductMedia.objects.filter(alt="")
    for own, parent in (silent.filter(product__in=ids) | silent.filter(product__parent__in=ids)).values_list(
        "product_id", "product__parent_id"
    ):
        reasons = found.setdefault(parent or own, [])
        if NO_ALT not in reasons:
            reasons.append(NO_ALT)
    return found
