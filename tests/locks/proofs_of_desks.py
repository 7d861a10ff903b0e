"""Locks of what staff do on the pages of the back office."""

import itertools

from django.test import Client
from oscar.apps.catalogue.models import Product

from catalog.publication.archive import archive_products
from tests.backoffice.desk import make_staff, sign_in
from tests.backoffice.test_a_product_is_kept_on_one_page import save
from tests.locks.race import Proofs, Race
from tests.shopfloor import make_product

PROOFS = Proofs()
_serial = itertools.count(1)


@PROOFS(
    "shop/backoffice/product_writing.py: _lock_product",
    protects="what is archived while its page is saved is not shown again by that",
)
def an_archiving_while_a_page_is_saved() -> Race:
    thing, client = make_product(), Client()
    sign_in(client, make_staff(email=f"desk{next(_serial)}@shop.example"))
    return Race(
        first=lambda: save(client, thing, is_public="on"),
        rival=lambda: archive_products([thing.pk]),
        is_broken=lambda *_: Product.objects.get(pk=thing.pk).is_public,
        before='UPDATE "?catalogue_product',
    )
