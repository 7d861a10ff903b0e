"""GTIN, tariff code, origin and size: refused in words, and read from one place by feed, customs and packing."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from oscar.apps.catalogue.models import Product

from catalog.customs import READERS, WrongFact
from catalog.gtin import WrongGtin, read_gtin
from catalog.importing.apply import import_file
from catalog.importing.import_work import ImportOptions
from catalog.logistics import Parcel, logistics_of, set_logistics
from tests.backoffice.desk import staff_client
from tests.backoffice.test_a_product_is_kept_on_one_page import save
from tests.shopfloor import make_product, make_variants, record_of

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
    client, lamp = staff_client(), make_product("Lamp", weight="1.250")
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


def test_a_variant_has_its_parents_facts_unless_it_has_its_own() -> None:
    cushion, children = make_variants("Cushion", weight="0.400")
    set_logistics(cushion.pk, facts={"hs_code": "630790", "origin": "PT", "length_mm": "500"})
    set_logistics(children["red"].pk, facts={"length_mm": "700"})
    found = logistics_of([child.pk for child in children.values()])
    assert (found[children["red"].pk].length_mm, found[children["red"].pk].hs_code) == (700, "630790")
    assert (found[children["blue"].pk].length_mm, found[children["blue"].pk].origin) == (500, "PT")
    assert found[children["blue"].pk].weight_kg == Decimal("0.400")
