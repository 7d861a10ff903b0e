"""GTIN, tariff code, origin and size: refused in words, and read from one place by feed, customs and packing."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import override_settings
from oscar.apps.catalogue.models import Product

from catalog.customs import READERS, WrongFact
from catalog.gtin import WrongGtin, read_gtin
from catalog.importing.apply import import_file
from catalog.importing.import_work import ImportOptions
from catalog.logistics import Parcel, logistics_of, set_logistics
from catalog.models import PriceDetail
from catalog.search.index import refresh_documents
from shipping.fulfilment.opening import open_shipments
from shop.storefront.feeds.formats import FORMATS
from shop.storefront.feeds.items import FeedItem, stream_items
from tests.backoffice.desk import staff_client
from tests.backoffice.test_a_product_is_kept_on_one_page import save
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product, make_variants, open_shop, record_of

pytestmark = pytest.mark.django_db


@pytest.mark.feature("CA10")
@pytest.mark.parametrize(("gtin", "expected"), [("4006381333932", "1"), ("96385075", "4"), ("036000291453", "2")])
def test_a_bad_check_digit_is_refused_with_the_expected_one_at_form_and_file_alike(
    gtin: str, expected: str, tmp_path: Path
) -> None:
    lamp = make_product("Lamp")
    sentence = f"The check digit of this GTIN is {gtin[-1]}, but it should be {expected}. Compare it with the package."
    answer = save(staff_client(), lamp, **{f"v{lamp.pk}__gtin": gtin})
    assert answer.context["forms"].sellables[0].errors["gtin"] == [sentence]
    row = {"handle": lamp.slug, "sku": record_of(lamp).partner_sku, "title": "Lamp", "price": "10", "gtin": gtin}
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(row) + "\n")
    report = import_file(ImportOptions(path=file, format_name="native", actor_name="tests"), watch=lambda change: None)
    assert [error.reason for error in report.errors] == [sentence]
    with pytest.raises(WrongGtin):
        read_gtin(gtin)
    assert read_gtin(gtin[:-1] + expected) == gtin[:-1] + expected
    assert not Product.objects.get(pk=lamp.pk).upc


def test_a_gtin_is_saved_and_belongs_to_one_thing() -> None:
    client, lamp, jug = staff_client(), make_product("Lamp"), make_product("Jug")
    assert save(client, lamp, **{f"v{lamp.pk}__gtin": "4 006381 333931"}).status_code == 303
    assert Product.objects.get(pk=lamp.pk).upc == "4006381333931"
    answer = save(client, jug, **{f"v{jug.pk}__gtin": "4006381333931"})
    assert "Another product has this GTIN" in answer.content.decode()
    assert save(client, lamp, **{f"v{lamp.pk}__gtin": ""}).status_code == 303
    assert not Product.objects.get(pk=lamp.pk).upc


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("hs_code", "69", "is not a tariff code. Expected 6, 8 or 10 digits, such as 6912.00."),
        ("hs_code", "770100", "There is no chapter 77 in the tariff."),
        ("origin", "Germany", "“Germany” is not a country's code. Write DE."),
        ("origin", "EU", "Write the two letters of ISO 3166"),
        ("length_mm", "12.5", "is not a side in whole millimetres"),
        ("width_mm", "0", "is not a side in whole millimetres"),
    ],
)
def test_what_customs_and_packing_could_not_use_is_refused_in_words(name: str, text: str, words: str) -> None:
    with pytest.raises(WrongFact) as refused:
        READERS[name](text)
    assert words in str(refused.value)
    lamp = make_product("Lamp")
    assert words in save(staff_client(), lamp, **{f"facts__{name}": text}).context["forms"].facts.errors[name][0]


@pytest.mark.feature("CA10")
def test_feed_customs_and_packing_read_the_same_fields() -> None:
    open_shop()
    client, lamp = staff_client(), make_product("Lamp", weight="1.250", stock=5)
    answer = save(
        client, lamp, facts__hs_code="9405.11.90", facts__origin="de", facts__length_mm="300", facts__width_mm="200",
        facts__height_mm="450", **{f"v{lamp.pk}__gtin": "4006381333931"},
    )  # fmt: skip
    assert answer.status_code == 303
    assert logistics_of([lamp.pk]) == {
        lamp.pk: Parcel(
            hs_code="94051190", origin="DE", length_mm=300, width_mm=200, height_mm=450,
            weight_kg=Decimal("1.250"), gtin="4006381333931",
        )
    }  # fmt: skip
    google, meta, agents = (
        FORMATS[name].fill(feed_item(lamp)) for name in ("google.xml", "meta.csv", "products.jsonl")
    )
    sides = [google[f"shipping_{side}"] for side in ("length", "width", "height")]
    assert (google["gtin"], google["shipping_weight"], sides) == (
        "4006381333931",
        "1.25 kg",
        ["30 cm", "20 cm", "45 cm"],
    )
    assert (meta["gtin"], meta["shipping_weight"], meta["origin_country"]) == ("4006381333931", "1.25 kg", "DE")
    assert agents["gtin"] == "4006381333931"
    order = make_paid_order((lamp, 2))
    [shipment] = open_shipments(order.pk)
    slip = f"/admin/fulfilment/shipment/{shipment.pk}/slip/"
    page = client.get(slip).content.decode()
    assert "1.25 kg, 300 × 200 × 450 mm" in page
    assert "2.5 kg without the packing" in page
    assert "For customs" not in page
    with override_settings(SHOP_COUNTRY="CH"):
        customs = client.get(slip).content.decode().partition("For customs")[2]
    told = ("94051190", "DE", "1.25 kg")
    assert [words for words in told if words not in customs] == []


def test_what_nobody_said_is_left_out_of_feeds_and_named_for_customs() -> None:
    open_shop()
    client, lamp = staff_client(), make_product("Lamp", stock=3)
    PriceDetail.objects.filter(stock_record=record_of(lamp)).update(weight_kg=None)
    row = FORMATS["google.xml"].fill(feed_item(lamp))
    assert not any(text for name, text in row.items() if name.startswith("shipping_"))
    [shipment] = open_shipments(make_paid_order((lamp, 1)).pk)
    with override_settings(SHOP_COUNTRY="CH"):
        page = client.get(f"/admin/fulfilment/shipment/{shipment.pk}/slip/").content.decode()
    assert page.count("not known") >= 3
    assert "without the packing" not in page


def feed_item(product: Product) -> FeedItem:
    refresh_documents([product.pk])
    return next(item for item in stream_items() if item.product_id == product.pk)


def test_a_variant_has_its_parents_facts_unless_it_has_its_own() -> None:
    cushion, children = make_variants("Cushion", weight="0.400")
    set_logistics(cushion.pk, facts={"hs_code": "630790", "origin": "PT", "length_mm": "500"})
    set_logistics(children["red"].pk, facts={"length_mm": "700"})
    found = logistics_of([child.pk for child in children.values()])
    assert (found[children["red"].pk].length_mm, found[children["red"].pk].hs_code) == (700, "630790")
    assert (found[children["blue"].pk].length_mm, found[children["blue"].pk].origin) == (500, "PT")
    assert found[children["blue"].pk].weight_kg == Decimal("0.400")
