"""Staff name the parts of a kit on the product's page; what cannot be gets a sentence."""

from decimal import Decimal

import pytest

from catalog.kits.contents import contents_of
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.backoffice.test_a_product_is_kept_on_one_page import save
from tests.shopfloor import make_product, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA03")]


def test_parts_and_percentage_make_the_price_and_stand_in_the_audit_log() -> None:
    client = staff_client()
    make_product("Cup", price="12.00", sku="CUP")
    make_product("Pot", price="40.00", sku="POT")
    kit = make_product("Tea for two", price="99.00", stock=0, sku="TEA2")
    prefix = f"v{kit.pk}"
    typed = {f"{prefix}__components": "CUP*2|POT", f"{prefix}__kit_percent_off": "25"}
    assert save(client, kit, **typed).status_code == 200, "a price changes: it needs a reason"
    assert save(client, kit, **typed, reason="a present").status_code == 303
    made = contents_of([record_of(kit).pk])[record_of(kit).pk]
    assert [(part.sku, part.quantity) for part in made.parts] == [("CUP", 2), ("POT", 1)]
    assert record_of(kit).price == Decimal("48.00")
    assert AuditEntry.objects.filter(subject_type="product").latest("pk").after["TEA2: components"] == "CUP*2|POT"
    both = {f"{prefix}__kit_percent_off": "", f"{prefix}__price": "45.00"}
    assert save(client, kit, **both, reason="fixed").status_code == 303
    assert record_of(kit).price == Decimal("45.00")
    assert save(client, kit, **{f"{prefix}__components": ""}, reason="single").status_code == 303
    assert contents_of([record_of(kit).pk]) == {}


def test_unknown_parts_and_stock_of_its_own_are_refused_with_a_sentence() -> None:
    client = staff_client()
    make_product("Cup", sku="CUP")
    kit = make_product("Tea for two", stock=3, sku="TEA2")
    prefix = f"v{kit.pk}"
    for typed, sentence in (
        ("GONE*1", "There is no SKU GONE."),
        ("CUP*0", "is not a part of a kit"),
        ("CUP*1", "TEA2 has 3 units on hand."),
    ):
        page = save(client, kit, **{f"{prefix}__components": typed}, reason="try").content.decode()
        assert sentence in page
    assert contents_of([record_of(kit).pk]) == {}
