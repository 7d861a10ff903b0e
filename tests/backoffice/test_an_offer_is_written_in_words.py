"""One page makes range, condition and benefit; the basket then gets exactly what the sentence says."""

from decimal import Decimal

import pytest
from django.utils import timezone
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
from oscar.apps.voucher.models import Voucher

from promotions.offers import load_offers
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_category, make_product

pytestmark = pytest.mark.django_db

PLAIN = {
    "name": "Textile days",
    "benefit_type": "Percentage",
    "benefit_value": "10",
    "condition_type": "Count",
    "condition_value": "2",
    "offer_type": "Site",
    "priority": "0",
    "exclusive": "on",
}


def post(**changes: str):  # type: ignore[no-untyped-def]
    client = staff_client("marketing")
    return client.post("/admin/offer/conditionaloffer/add/", PLAIN | changes, follow=True)


def test_ten_per_cent_off_textiles_from_two_pieces() -> None:
    textiles = Range.objects.create(name="Textiles")
    textiles.included_categories.add(make_category("Living", "Textiles"))
    page = post(goods=str(textiles.pk)).content.decode()
    assert "10 % off Textiles from 2 pieces." in page
    (offer,) = load_offers()
    assert (offer.name, offer.condition.kind, offer.condition.value) == ("Textile days", "Count", Decimal(2))
    assert (offer.benefit.kind, offer.benefit.value) == ("Percentage", Decimal(10))
    assert offer.condition.range == offer.benefit.range
    assert AuditEntry.objects.get(subject_type="conditionaloffer").after["offer"].startswith("10 % off Textiles")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "10 % off all products from 2 pieces."),
        ({"benefit_type": "Absolute", "benefit_value": "5", "condition_type": "Value", "condition_value": "50"},
         "5.00 EUR off all products from 50.00 EUR."),
        ({"benefit_type": "Multibuy", "benefit_value": "", "condition_value": "3"}, "the cheapest of all products free from 3 pieces."),
        ({"benefit_type": "Fixed price", "benefit_value": "99"}, "all products together for 99.00 EUR from 2 pieces."),
        ({"benefit_type": "Shipping fixed price", "benefit_value": "0"}, "free delivery from 2 pieces."),
        ({"condition_value": "1", "offer_type": "Voucher"}, "10 % off all products, with a voucher code."),
    ],
)  # fmt: skip
def test_each_kind_has_its_sentence_and_is_understood(changes: dict[str, str], words: str) -> None:
    page = post(**changes).content.decode()
    assert words in page
    assert all(offer.is_understood for offer in load_offers())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"benefit_value": "110"}, "Per cent lie above 0 and not above 100."),
        ({"benefit_value": ""}, "Per cent lie above 0 and not above 100."),
        ({"benefit_type": "Absolute", "benefit_value": "0"}, "Write an amount greater than 0."),
        ({"benefit_type": "Fixed price", "condition_type": "Value"}, "A bundle needs a number of pieces"),
        ({"benefit_type": "Multibuy", "condition_value": "1"}, "ask for 2 or more"),
        ({"condition_value": "1.5"}, "Pieces are whole numbers"),
        ({"condition_value": "0"}, "greater than or equal to 0.01"),
        ({"start": "2026-12-03T18:00", "end": "2026-12-01T18:00"}, "It ends before it begins."),
        ({"start": "soon"}, "Write a day and a time"),
        ({"name": ""}, "This field is required."),
        ({"goods": "999"}, "Select a valid choice"),
        ({"max_discount": "NaN"}, "Enter a number."),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused_in_words(changes: dict[str, str], words: str) -> None:
    assert words in post(**changes).content.decode()
    assert not ConditionalOffer.objects.exists()
    assert not Condition.objects.exists()


def test_changing_an_offer_leaves_another_that_shares_its_parts_alone() -> None:
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    condition = Condition.objects.create(range=everything, type="Count", value=1)
    benefit = Benefit.objects.create(range=everything, type="Percentage", value=20)
    mine, other = (
        ConditionalOffer.objects.create(name=name, condition=condition, benefit=benefit) for name in ("Mine", "Other")
    )
    staff_client().post(f"/admin/offer/conditionaloffer/{mine.pk}/change/", PLAIN)
    other.refresh_from_db()
    mine.refresh_from_db()
    assert (other.benefit.value, mine.benefit.value) == (20, 10)


def test_a_switched_off_offer_gives_nothing() -> None:
    post(is_suspended="on")
    assert ConditionalOffer.objects.get().status == ConditionalOffer.SUSPENDED
    assert load_offers() == ()


def test_a_voucher_opens_its_offers_between_its_dates() -> None:
    post(offer_type="Voucher")
    offer = ConditionalOffer.objects.get()
    form = {
        "name": "Welcome", "code": "wel come 10", "offers": [offer.pk], "usage": Voucher.ONCE_PER_CUSTOMER,
        "start": "2020-01-01T00:00", "end": "2099-01-01T00:00",
    }  # fmt: skip
    client = staff_client()
    page = client.post("/admin/voucher/voucher/add/", form, follow=True).content.decode()
    voucher = Voucher.objects.get()
    assert voucher.code == "WELCOME10"
    assert "WELCOME10: 10 % off all products from 2 pieces, with a voucher code." in page
    assert len(load_offers(voucher_ids=[voucher.pk])) == 1
    for change, words in (
        ({"name": "Again"}, "Another voucher has this code"),
        ({"code": "OTHER"}, "Another voucher has this name."),
        ({"name": "B", "code": "B", "offers": []}, "Choose at least one offer."),
        ({"name": "B", "code": "B", "end": "2019-01-01T00:00"}, "It ends before it begins."),
    ):
        assert words in client.post("/admin/voucher/voucher/add/", form | change).content.decode()
    assert Voucher.objects.count() == 1
    assert voucher.end_datetime > timezone.now()


def test_a_range_names_products_by_sku_or_handle_or_says_which_is_unknown() -> None:
    lamp, bowl = make_product("Lamp", sku="LAMP-1"), make_product("Bowl")
    client = staff_client()
    form = {"name": "Picked", "included": f"LAMP-1\n{bowl.slug}\n", "excluded": ""}
    client.post("/admin/offer/range/add/", form)
    picked = Range.objects.get(name="Picked")
    assert set(picked.included_products.all()) == {lamp, bowl}
    refused = client.post("/admin/offer/range/add/", form | {"name": "Other", "included": "LAMP-1\nNOPE"})
    assert "no product with the SKU or the handle NOPE" in refused.content.decode()
    assert not Range.objects.filter(name="Other").exists()
    client.post(f"/admin/offer/range/{picked.pk}/change/", form | {"included": "LAMP-1"})
    assert set(picked.included_products.all()) == {lamp}
