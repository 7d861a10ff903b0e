"""A knitting pattern to download and a vase to send; a shop of two countries."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from oscar.apps.catalogue.models import Product, ProductClass
from oscar.apps.order.models import Order

from catalog.digital.offered import place_file
from catalog.digital.store import store_file
from checkout.downloads.granting import deliver_downloads
from checkout.downloads.records import Entitlement
from checkout.quote.records import CheckoutDraft
from checkout.terms import IMMEDIATE, give_consent
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_draft, make_product, open_shop

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 40


@pytest.fixture
def pattern(db: None, settings: Any, tmp_path: Path) -> Product:
    settings.GOODS_ROOT = tmp_path / "goods"
    open_shop()
    kind = ProductClass.objects.create(name="Download", requires_shipping=False, track_stock=False)
    product = make_product("Throw pattern", price="11.90", stock=0, product_class=kind)
    file = store_file(name="throw-pattern.pdf", chunks=[CONTENT], actor=None)
    place_file(file.pk, product_ids=[product.pk])
    return product


def draft_of(*things: Any, **fields: Any) -> CheckoutDraft:
    draft = make_draft(*things, **fields)
    draft.consents = give_consent(draft.consents, IMMEDIATE, at=timezone.now())
    draft.save()
    return draft


@pytest.fixture
def right(pattern: Product) -> Entitlement:
    """Bought, paid and delivered."""
    order: Order = make_paid_order(draft=draft_of(pattern))
    deliver_downloads(order.pk)
    return Entitlement.objects.get(order=order)
