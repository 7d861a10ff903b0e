"""Give a product another address. The old one is remembered by the database (see catalog.addresses.moved)."""

import re
from typing import Final

from django.db import transaction
from oscar.apps.catalogue.models import Product

from catalog.importing.runs import lock_writing
from catalog.search.index import refresh_documents

# What the address table of the shop routes to a product.
_HANDLE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")


class AddressRefused(ValueError):
    """The address cannot be given; the message is the sentence to show."""


@transaction.atomic
def rename_product(product_id: int, *, slug: str) -> str:
    """The path of the product from now on. Its search document follows in the same transaction.

    Addresses are given out one after the other, here and by imports: no two products get the same. Raises AddressRefused.
    """
    wanted = slug.strip().lower()
    if not _HANDLE.fullmatch(wanted):
        raise AddressRefused(
            f"“{slug[:60]}” cannot be a part of an address. Use small letters, digits, - and _ , for example blue-lamp."
        )
    lock_writing()
    product = Product.objects.exclude(structure=Product.CHILD).get(pk=product_id)
    holder = Product.objects.filter(slug=wanted).exclude(structure=Product.CHILD).exclude(pk=product_id).first()
    if holder is not None:
        raise AddressRefused(
            f"“{holder.title}” is at /p/{wanted}/ already. Choose another address, or rename that first."
        )
    if product.slug != wanted:
        Product.objects.filter(pk=product_id).update(slug=wanted)
        refresh_documents([product_id])
    return f"/p/{wanted}/"
