"""Price, offer, tax, stock or delivery changes while the shopper is at the review: old → new, nothing placed, nothing paid."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from oscar.apps.basket.models import Basket
from oscar.apps.catalogue.models import Product
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
from oscar.apps.order.models import Order
from oscar.apps.partner.models import StockRecord

from checkout.models import TaxRate
from inventory.models import StockLevel
from shipping.rates.models import Band, Method
from tests.checkout.page.walk import ADDRESS, fill_in, hidden_quote
from tests.shopfloor import make_product, open_shop, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CC05")]


@pytest.fixture
def cushion(client: Client, monkeypatch: pytest.MonkeyPatch) -> Product:
    from checkout.steps import placing

    monkeypatch.setattr(placing, "open_payment", lambda order_id, **by: "https://pay.example/session")
    open_shop()
    product = make_product("Linen cushion", price="30.00", stock=5)
    client.post(f"/basket/add/{product.pk}/", {"quantity": "3"})
    return product


def make_offer(percent: str = "10") -> ConditionalOffer:
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    condition = Condition.objects.create(range=everything, type=Condition.COUNT, value=1)
    benefit = Benefit.objects.create(range=everything, type=Benefit.PERCENTAGE, value=Decimal(percent))
    return ConditionalOffer.objects.create(name="Autumn week", condition=condition, benefit=benefit)


def change_price(product: Product) -> None:
    StockRecord.objects.filter(product=product).update(price=Decimal("32.00"))


def begin_offer(product: Product) -> None:
    make_offer()


def change_tax(product: Product) -> None:
    TaxRate.objects.filter(country="DE", tax_class="standard").update(rate=Decimal("0.16"), name="VAT 16 %")


def raise_delivery(product: Product) -> None:
    Band.objects.filter(method__code="standard-de").update(price=Decimal("5.90"))


CHANGES: list[tuple[Callable[[Product], None], str, str, str]] = [
    (change_price, "30.00 EUR", "32.00 EUR", "The price changed."),
    (begin_offer, "94.90 EUR", "85.90 EUR", "A new discount applies."),
    (change_tax, "VAT 19 %", "VAT 16 %", "The tax rate changed."),
    (raise_delivery, "4.90 EUR", "5.90 EUR", "The price of delivery changed."),
]


@pytest.mark.parametrize(("change", "old", "new", "reason"), CHANGES)
def test_old_and_new_are_shown_and_must_be_confirmed(
    client: Client, cushion: Product, change: Callable[[Product], None], old: str, new: str, reason: str
) -> None:
    page = fill_in(client)
    assert "Pay 94.90 EUR" in page
    change(cushion)
    response = client.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on"})
    notice = response.content.decode()
    assert response.status_code == 422
    assert "Something changed while you were here" in notice
    assert "Nothing has been paid" in notice
    for words in (old, new, reason):
        assert words in notice, notice[notice.index("Something changed") :][:1500]
    assert not Order.objects.exists()
    confirmed = client.post("/checkout/place/", {"quote": hidden_quote(notice), "terms": "on"})
    assert confirmed["Location"] == "https://pay.example/session"
    order = Order.objects.get()
    assert f"Pay {order.total_incl_tax} EUR" in notice


def test_an_offer_that_ended_is_shown(client: Client, cushion: Product) -> None:
    offer = make_offer()
    page = fill_in(client)
    ConditionalOffer.objects.filter(pk=offer.pk).update(end_datetime=timezone.now() - timedelta(seconds=1))
    notice = client.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on"}).content.decode()
    assert "The discount no longer applies." in notice
    assert "9.00 EUR off" in notice
    assert not Order.objects.exists()


def test_stock_that_went_leads_to_the_basket_where_it_can_be_put_right(client: Client, cushion: Product) -> None:
    page = fill_in(client)
    StockLevel.objects.filter(stock_record=record_of(cushion)).update(buffer=3)
    response = client.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on"}, follow=True)
    basket = response.content.decode()
    assert response.redirect_chain == [("/basket/", 303)]
    assert "Only 2 of Linen cushion are left" in basket
    assert "Nothing was ordered or paid." in basket
    assert "Only 2 left. Please choose 2 or fewer." in basket
    assert 'href="/checkout/"' not in basket
    assert not Order.objects.exists()
    line = Basket.objects.get().lines.get()
    client.post(f"/basket/update/{line.pk}/", {"quantity": "2"})
    page = client.get("/checkout/").content.decode()
    assert "Pay 64.90 EUR" in page
    client.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on"})
    assert Order.objects.get().total_incl_tax == Decimal("64.90")


STEPS = [
    ("/checkout/contact/", {"email": "ada@example.com", "phone": ""}),
    ("/checkout/address/", ADDRESS),
    ("/checkout/delivery/", {"method": "standard-de"}),
]


@pytest.mark.parametrize("step", range(3), ids=["contact", "address", "delivery"])
@pytest.mark.parametrize(("change", "old", "new", "reason"), CHANGES)
def test_at_each_step_before_the_review_old_and_new_are_said_once(
    client: Client, cushion: Product, step: int, change: Callable[[Product], None], old: str, new: str, reason: str
) -> None:
    for address, data in STEPS[:step]:
        client.post(address, {**data, "quote": hidden_quote(client.get("/checkout/").content.decode())})
    page = client.get("/checkout/").content.decode()
    change(cushion)
    address, data = STEPS[step]
    answer = client.post(address, {**data, "quote": hidden_quote(page)}, follow=True)
    said = unescape(answer.content.decode())
    if change is raise_delivery:
        assert reason not in said, "no way of delivery had been chosen: the choices show their prices"
    elif change is change_tax:
        assert re.search(rf"Tax: {old}: \S+ EUR → {new}: \S+ EUR. {reason} Nothing has been paid.", said)
    elif change is not begin_offer:
        assert f"{old} → {new}. {reason} Nothing has been paid." in said
    else:
        assert "Autumn week: – → 9.00 EUR off. A new discount applies." in said
    assert "→" not in unescape(client.get("/checkout/").content.decode())
    assert not Order.objects.exists()


def test_what_the_shopper_changes_is_no_news_and_a_wrong_form_says_the_news_too(
    client: Client, cushion: Product
) -> None:
    for address, data in STEPS:
        page = client.get("/checkout/").content.decode()
        answer = client.post(address, {**data, "quote": hidden_quote(page)}, follow=True)
        assert "→" not in answer.content.decode()
    page = client.get("/checkout/?edit=contact").content.decode()
    change_price(cushion)
    answer = client.post("/checkout/contact/", {"email": "no address", "quote": hidden_quote(page)})
    assert answer.status_code == 422
    assert "30.00 EUR → 32.00 EUR. The price changed." in answer.content.decode()


@pytest.mark.parametrize("step", range(3), ids=["contact", "address", "delivery"])
def test_at_each_step_what_ran_short_is_put_right_by_one_press(client: Client, cushion: Product, step: int) -> None:
    for address, data in STEPS[:step]:
        client.post(address, data)
    StockLevel.objects.filter(stock_record=record_of(cushion)).update(buffer=3)
    address, data = STEPS[step]
    answer = client.post(address, data, follow=True)
    assert answer.redirect_chain[-1] == ("/basket/", 303)
    assert "Take what is left and go on" in answer.content.decode()
    mended = client.post("/basket/mend/", follow=True)
    assert mended.redirect_chain == [("/checkout/", 303)]
    assert "Linen cushion: only 2 left, so that is your quantity now." in mended.content.decode()
    assert Basket.objects.get().lines.get().quantity == 2
    assert client.post("/basket/mend/", follow=True).redirect_chain == [("/checkout/", 303)]
    assert Basket.objects.get().lines.get().quantity == 2


def test_one_press_takes_out_what_is_gone_and_leaves_the_rest(client: Client, cushion: Product) -> None:
    tea, gone = make_product("Tea", price="5.00"), make_product("Vase", price="9.00")
    for product in (tea, gone):
        client.post(f"/basket/add/{product.pk}/")
    Product.objects.filter(pk=gone.pk).update(is_public=False)
    StockLevel.objects.filter(stock_record=record_of(cushion)).update(buffer=5)
    mended = client.post("/basket/mend/", follow=True)
    for name in ("Vase", "Linen cushion"):
        assert f"{name} was taken out of your basket." in mended.content.decode()
    assert [line.product for line in Basket.objects.get().lines.all()] == [tea]
    StockLevel.objects.filter(stock_record=record_of(tea)).update(buffer=1000)
    assert client.post("/basket/mend/", follow=True).redirect_chain == [("/basket/", 303)]
    assert "Your basket is empty" in client.get("/basket/").content.decode()
    assert "Your basket is empty" in Client().post("/basket/mend/", follow=True).content.decode()


def test_a_delivery_that_is_gone_is_chosen_anew(client: Client, cushion: Product) -> None:
    page = fill_in(client)
    Method.objects.filter(code="standard-de").update(is_active=False)
    response = client.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on"})
    notice = response.content.decode()
    assert "This delivery is no longer possible. Please choose another." in notice
    assert not Order.objects.exists()
    assert "Express" in notice
    assert re.search(r'id="d-[^"]+" type="radio" name="method" value="[^"]+" checked', notice), "one press goes on"
    client.post("/checkout/delivery/", {"method": "express-de"})
    page = client.get("/checkout/").content.decode()
    assert "Pay 104.90 EUR" in page


def test_a_product_that_is_no_longer_sold_is_named(client: Client, cushion: Product) -> None:
    page = fill_in(client)
    Product.objects.filter(pk=cushion.pk).update(is_public=False)
    response = client.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on"}, follow=True)
    assert "Linen cushion is no longer for sale. Please remove it." in response.content.decode()
    assert not Order.objects.exists()


def test_a_line_added_in_another_tab_is_shown(client: Client, cushion: Product) -> None:
    page = fill_in(client)
    client.post(f"/basket/add/{make_product('Tea', price='5.00').pk}/")
    notice = client.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on"}).content.decode()
    assert "New in the basket." in notice
    assert "Tea" in notice
    assert not Order.objects.exists()


@pytest.mark.parametrize("quote", ["", "forged", "x" * 300_000, "eyJ0b3RhbCI6ICIwLjAxIn0:1abc:sig"])
def test_figures_that_we_did_not_sign_count_for_nothing(client: Client, cushion: Product, quote: str) -> None:
    fill_in(client)
    response = client.post(
        "/checkout/place/",
        {"quote": quote, "terms": "on", "price": "0.01", "total": "0.01", "user": "1", "status": "paid", "order": "1"},
    )
    assert response.status_code == 422
    assert "Please look at your order once more" in response.content.decode()
    assert not Order.objects.exists()


def test_forged_fields_beside_the_form_are_ignored(client: Client, cushion: Product) -> None:
    page = fill_in(client)
    client.post(
        "/checkout/place/",
        {
            "quote": hidden_quote(page),
            "terms": "on",
            "price": "0.01",
            "total_incl_tax": "0.01",
            "status": "paid",
            "user": "1",
            "number": "1",
            "quantity": "1",
            "email": "eve@example.com",
        },
    )
    order = Order.objects.get()
    assert (order.total_incl_tax, order.status, order.user, order.guest_email) == (
        Decimal("94.90"),
        "pending payment",
        None,
        "ada@example.com",
    )
    assert order.lines.get().quantity == 3
