"""Texts, attributes, variants, prices, counts and pictures on one page: prices and stock through their ledgers."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Product, ProductAttribute
from oscar.apps.partner.models import StockRecord
from PIL import Image

from catalog.models import PriceChange, PriceDetail, ProductMedia, SearchDocument
from catalog.search.index import refresh_documents
from inventory.models import StockLevel, StockMovement
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_category, make_product, make_product_class, make_variants, record_of

pytestmark = pytest.mark.django_db


def fields_of(client: Client, product: Product) -> dict[str, Any]:
    """What a browser would send back unchanged."""
    forms = client.get(f"/admin/catalogue/product/{product.pk}/change/").context["forms"]
    sent: dict[str, Any] = {}
    for form in (forms.product, *forms.sellables, *(one for _, one in forms.pictures), forms.facts, forms.upload):
        for bound in form:
            value = bound.value()
            if bound.field.widget.__class__.__name__.startswith("UnfoldBoolean"):
                if value:
                    sent[bound.html_name] = "on"
            elif value is not None:
                sent[bound.html_name] = value
    return sent


def save(client: Client, product: Product, **changes: Any):  # type: ignore[no-untyped-def]
    sent = fields_of(client, product) | {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(
        f"/admin/catalogue/product/{product.pk}/change/",
        {key: value for key, value in sent.items() if value is not None},
    )


def a_picture(kind: str = "PNG") -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (400, 500), "teal").save(data, kind)
    return SimpleUploadedFile("lamp.png", data.getvalue(), content_type="image/png")


def test_saving_without_a_change_writes_no_price_and_no_movement() -> None:
    client = staff_client()
    product, _ = make_variants("Cushion", price="34.90", compare_at="44.90")
    before = (PriceChange.objects.count(), StockMovement.objects.count())
    assert save(client, product).status_code == 303
    assert (PriceChange.objects.count(), StockMovement.objects.count()) == before


def test_texts_categories_and_publication_reach_the_search_document() -> None:
    client = staff_client("catalogue editor")
    lamps = make_category("Living", "Lamps")
    product = make_product("Lamp")
    refresh_documents([product.pk])
    answer = save(client, product, title="Heron lamp", description="Brass and oak.", categories=[lamps.pk])
    assert answer.status_code == 303
    document = SearchDocument.objects.get(pk=product.pk)
    assert document.title == "Heron lamp"
    assert lamps.pk in document.category_ids
    save(client, product, is_public=None)
    assert not SearchDocument.objects.filter(pk=product.pk).exists()
    assert "Heron lamp" in str(AuditEntry.objects.filter(action="change", subject_type="product").last().after)


def test_a_price_changes_through_its_history_with_a_reason() -> None:
    client = staff_client()
    product = make_product("Lamp", price="80.00")
    prefix = f"v{product.pk}"
    refused = save(client, product, **{f"{prefix}__price": "70.00"})
    assert refused.status_code == 200
    assert "Say why a price or a count changes" in refused.content.decode()
    assert record_of(product).price == Decimal("80.00")
    save(client, product, **{f"{prefix}__price": "70.00", f"{prefix}__compare_at": "80.00", "reason": "Summer"})
    change = PriceChange.objects.latest("pk")
    assert (change.price, change.compare_at_price) == (Decimal("70.00"), Decimal("80.00"))
    assert (change.actor_name, change.reason) == ("owner@shop.example", "Summer")
    assert SearchDocument.objects.get(pk=product.pk).price_min == Decimal("70.00")


def test_a_count_goes_through_the_stock_ledger() -> None:
    client = staff_client()
    product = make_product("Lamp", stock={"main": 5, "store": 2})
    level = StockLevel.objects.get(stock_record=record_of(product), location__code="store")
    save(client, product, **{f"v{product.pk}__count_{level.location_id}": "7", "reason": "Counted on Friday"})
    level.refresh_from_db()
    movement = StockMovement.objects.latest("pk")
    assert (level.on_hand, movement.kind, movement.quantity_delta) == (7, "count", 5)
    assert (movement.reason, movement.actor_name) == ("Counted on Friday", "owner@shop.example")
    assert record_of(product).num_in_stock == 12


def test_a_count_below_what_is_promised_is_refused_and_nothing_is_written() -> None:
    from tests.shipping.fulfilment.paid import make_paid_order

    client = staff_client()
    product = make_product("Lamp", stock=5)
    make_paid_order((product, 3))
    level = StockLevel.objects.get(stock_record=record_of(product))
    answer = save(client, product, title="Other", reason="Lost", **{f"v{product.pk}__count_{level.location_id}": "1"})
    assert "promised to paid orders" in answer.content.decode()
    assert Product.objects.get(pk=product.pk).title == "Lamp"


def test_a_variant_is_added_with_its_choice_sku_and_price() -> None:
    client = staff_client()
    product, _ = make_variants("Cushion", values=("red",), price="30.00")
    answer = save(
        client,
        product,
        new__axis_colour="green",
        new__sku="CUS-G",
        new__price="32.00",
        new__is_public="on",
        reason="New",
    )
    assert answer.status_code == 303
    child = Product.objects.get(parent=product, stockrecords__partner_sku="CUS-G")
    assert child.attr.colour == "green"
    assert record_of(child).price == Decimal("32.00")
    assert "colour:green" in SearchDocument.objects.get(pk=product.pk).facets


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("sku", "TAKEN", "belongs to another product"),
        ("sku", "", "This field is required."),
        ("price", "-1", "greater than or equal to 0"),
        ("price", "1.999", "1.999 cannot be paid: "),
        ("price", "cheap", "Enter a number."),
        ("weight_kg", "-5", "greater than or equal to 0"),
        ("tax_class", "invented", "Select a valid choice"),
    ],
)
def test_a_field_that_cannot_be_is_refused_in_words(field: str, value: str, words: str) -> None:
    client = staff_client()
    make_product(sku="TAKEN")
    product = make_product("Lamp", price="80.00")
    answer = save(client, product, reason="Why", **{f"v{product.pk}__{field}": value})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert record_of(product).price == Decimal("80.00")


def test_attributes_of_the_class_are_edited_by_their_type() -> None:
    client = staff_client()
    lamp_class = make_product_class("Lamp")
    height = ProductAttribute.objects.create(product_class=lamp_class, code="height", name="Height", type="integer")
    material = ProductAttribute.objects.create(product_class=lamp_class, code="material", name="Material", type="text")
    product = make_product("Lamp", product_class=lamp_class)
    answer = save(client, product, **{f"attribute_{height.pk}": "tall"})
    assert "is not a whole number, which Height expects" in answer.content.decode()
    save(client, product, **{f"attribute_{height.pk}": "42", f"attribute_{material.pk}": "Brass"})
    found = Product.objects.get(pk=product.pk)
    assert (found.attr.height, found.attr.material) == (42, "Brass")
    save(client, product, **{f"attribute_{material.pk}": ""})
    assert not found.attribute_values.filter(attribute=material).exists()


def test_a_picture_is_stored_shown_and_taken_off(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = staff_client()
    product = make_product("Lamp")
    save(client, product, upload__picture=a_picture(), upload__alt="A brass lamp")
    placed = ProductMedia.objects.get(product=product)
    assert placed.alt == "A brass lamp"
    assert SearchDocument.objects.get(pk=product.pk).picture is not None
    save(client, product, **{f"p{placed.pk}__remove": "on"})
    assert not ProductMedia.objects.filter(product=product).exists()


@pytest.mark.parametrize("data", [b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a"])
def test_what_is_no_picture_is_refused_in_words(data: bytes) -> None:
    client = staff_client()
    product = make_product("Lamp")
    answer = save(client, product, upload__picture=SimpleUploadedFile("a.png", data, content_type="image/png"))
    assert answer.status_code == 200
    assert "desk-notice is-danger" in answer.content.decode()
    assert not ProductMedia.objects.exists()


def test_a_new_product_begins_hidden_and_becomes_sellable() -> None:
    client = staff_client()
    answer = client.post(
        "/admin/catalogue/product/add/",
        {"title": "Tea bowl", "product_class": make_product_class().pk, "choices": ""},
    )
    product = Product.objects.get(title="Tea bowl")
    assert answer["Location"] == f"/admin/catalogue/product/{product.pk}/change/"
    assert not product.is_public
    prefix = f"v{product.pk}"
    answer = save(
        client, product, is_public="on", reason="New", **{f"{prefix}__sku": "BOWL", f"{prefix}__price": "18.00"}
    )
    assert answer.status_code == 303
    assert StockRecord.objects.get(partner_sku="BOWL").price == Decimal("18.00")
    assert PriceDetail.objects.get(stock_record__partner_sku="BOWL").tax_class == "standard"
    assert SearchDocument.objects.filter(pk=product.pk).exists()


def test_who_may_not_change_prices_cannot_post_them() -> None:
    client = staff_client("warehouse")
    product = make_product("Lamp", price="80.00", stock=5)
    level = StockLevel.objects.get(stock_record=record_of(product))
    save(
        client, product, title="Mine", reason="Counted",
        **{f"v{product.pk}__price": "1.00", f"v{product.pk}__count_{level.location_id}": "4"},
    )  # fmt: skip
    assert (record_of(product).price, record_of(product).num_in_stock) == (Decimal("80.00"), 4)
    assert Product.objects.get(pk=product.pk).title == "Lamp"
    assert staff_client("support").post(f"/admin/catalogue/product/{product.pk}/change/", {}).status_code == 403


def test_the_list_of_a_hundred_products_costs_what_ten_cost() -> None:
    client = staff_client()
    counts = []
    for number in (10, 90):
        for _ in range(number):
            make_product(category=make_category("Living"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/admin/catalogue/product/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15


def test_the_page_of_sixty_variants_costs_what_two_cost() -> None:
    client = staff_client()
    counts = []
    for number in (2, 60):
        product, _ = make_variants("Throw", values=[f"Colour {n}" for n in range(number)])
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/admin/catalogue/product/{product.pk}/change/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 30


def test_a_variants_address_leads_to_its_product() -> None:
    product, children = make_variants("Cushion")
    answer = staff_client().get(f"/admin/catalogue/product/{children['red'].pk}/change/")
    assert answer["Location"] == f"/admin/catalogue/product/{product.pk}/change/"
