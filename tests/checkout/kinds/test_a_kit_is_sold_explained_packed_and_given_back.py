"""A kit from its page to the parcel and back: one line for the shopper, single things for the shelf and the tax."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from oscar.apps.catalogue.models import Product
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range

from catalog.kits.contents import contents_of
from catalog.kits.writing import KitRecipe, KitRefused, write_kits
from catalog.logistics import logistics_of
from catalog.models import PriceDetail
from catalog.pricing.change import NewPrice, change_prices
from catalog.pricing.current import price_for
from catalog.search.index import refresh_documents
from checkout.models import LinePart, Mail, Paper, PlacedOrder
from checkout.orders.access import order_path, token_of
from checkout.orders.cancel import cancel_order
from checkout.placement import QuoteChanged, place_order
from checkout.quote.build import build_quote
from checkout.quote.explanation import explain_totals
from checkout.quote.trace import read_trace, replay
from inventory.availability import saleable
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from shipping.fulfilment.picking import pick_list
from shipping.rates.models import Band, Method
from shop.doctor.checks import registered_checks, run_check
from tests.checkout.till import Till, run_jobs, state_of
from tests.shopfloor import (
    make_basket,
    make_category,
    make_draft,
    make_order,
    make_product,
    make_rates,
    make_variants,
    open_shop,
    quote_of,
    record_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA03")]


def make_kit(
    *parts: tuple[Product, int], percent: str | None = None, title: str = "Tea for two", **fields: object
) -> Product:
    kit = make_product(title, stock=0, **fields)  # type: ignore[arg-type]
    PriceDetail.objects.filter(stock_record__product=kit).update(weight_kg=None)
    recipe = KitRecipe(
        stock_record_id=record_of(kit).pk,
        parts={record_of(part).pk: units for part, units in parts},
        percent_off=Decimal(percent) if percent else None,
    )
    write_kits([recipe], actor_name="tests", reason="a kit")
    return kit


def doctor_finds() -> list[str]:
    """Only I13's document checks are left to the tests that list products."""
    found = [run_check(check) for check in registered_checks() if check.id != "I13"]
    return [f"{one.check.name}: {one.examples}" for one in found if one.violations]


@pytest.fixture
def tea() -> tuple[Product, Product, Product]:
    """(cup at 12.00 and 19 %, tin of tea at 9.00 and 7 %, the kit of two cups and a tin less 10 %)."""
    open_shop()
    cup = make_product("Cup", price="12.00", stock=9, sku="CUP", weight="0.300")
    tin = make_product("Tin of Assam", price="9.00", stock=4, sku="TIN", tax_class="reduced", weight="0.200")
    return cup, tin, make_kit((cup, 2), (tin, 1), percent="10", sku="TEA2", price="99.00")


def test_the_price_is_the_parts_less_the_percentage_at_every_moment(tea: tuple[Product, Product, Product]) -> None:
    cup, tin, kit = tea
    assert price_for(record_of(kit).pk).amount == Decimal("29.70")
    change_prices(
        [NewPrice(stock_record_id=record_of(cup).pk, price=Decimal("15.00"))], actor_name="t", reason="dearer"
    )
    assert price_for(record_of(kit).pk).amount == Decimal("35.10")
    change_prices(
        [NewPrice(stock_record_id=record_of(kit).pk, price=Decimal("1.00"))], actor_name="t", reason="by hand"
    )
    assert price_for(record_of(kit).pk).amount == Decimal("35.10")
    change_prices([NewPrice(stock_record_id=record_of(tin).pk, price=None)], actor_name="t", reason="off sale")
    assert price_for(record_of(kit).pk) is None
    assert doctor_finds() == []


def test_a_kit_weighs_what_its_parts_weigh_and_the_delivery_band_follows(tea: tuple[Product, Product, Product]) -> None:
    kit = tea[2]
    assert price_for(record_of(kit).pk).weight_kg == logistics_of([kit.pk])[kit.pk].weight_kg == Decimal("0.800")
    method = make_rates()
    Band.objects.filter(method=method).update(up_to_kg=Decimal("1.000"))
    Band.objects.create(method=method, price=Decimal("9.90"), up_to_kg=Decimal("5.000"))
    one = build_quote(make_basket(kit), country="DE", method_code=method.code)
    two = build_quote(make_basket((kit, 2)), country="DE", method_code=method.code)
    assert (one.shipping.price, two.shipping.price) == (Decimal("4.90"), Decimal("9.90"))
    assert Method.objects.count() == 2


def test_the_quote_shares_the_tax_over_the_parts_and_explains_the_price(tea: tuple[Product, Product, Product]) -> None:
    """29.70 are shared 24 : 9 between 19 % and 7 %: 21.60 and 8.10."""
    quote = build_quote(make_basket(tea[2]), country="DE", method_code="standard-de")
    (line,) = quote.lines
    assert [(one.rate, one.gross, one.tax) for one in line.taxes] == [
        (Decimal("0.1900"), Decimal("21.60"), Decimal("3.45")),
        (Decimal("0.0700"), Decimal("8.10"), Decimal("0.53")),
    ]
    assert (line.gross, line.tax) == (Decimal("29.70"), Decimal("3.98"))
    assert sum(tax.gross for tax in quote.taxes) == quote.total
    steps = [(step.kind, step.source, step.words) for step in quote.trace if step.subject == line.item.key][:4]
    cup, tin = record_of(tea[0]), record_of(tea[1])
    assert steps == [
        ("part", f"stock_record:{cup.pk}", "Inside: 2 × Cup, 12.00 each"),
        ("part", f"stock_record:{tin.pk}", "Inside: 1 × Tin of Assam, 9.00 each"),
        ("kit", f"kit:{record_of(tea[2]).pk}", "Parts for 33.00, 10 % off"),
        ("base", f"stock_record:{record_of(tea[2]).pk}", "1 × 29.70 from the price list"),
    ]
    assert "Parts for 33.00, 10 % off" in explain_totals(quote).rows[0].explanation
    replayed = replay(read_trace(quote.to_json()["trace"]), currency="EUR")
    assert (replayed.total, replayed.tax) == (quote.total, quote.total_tax)


def test_a_fixed_price_is_a_fixed_price_and_offers_meet_the_kit_not_its_parts() -> None:
    open_shop()
    cup = make_product("Cup", price="12.00", category=make_category("Cups"))
    kit = make_kit((cup, 2), price="20.00", category=make_category("Sets"))
    change_prices(
        [NewPrice(stock_record_id=record_of(cup).pk, price=Decimal("15.00"))], actor_name="t", reason="dearer"
    )
    scope = Range.objects.create(name="Cups")
    scope.included_categories.add(make_category("Cups"))
    ConditionalOffer.objects.create(
        name="Half price cups",
        condition=Condition.objects.create(range=scope, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(range=scope, type=Benefit.PERCENTAGE, value=Decimal(50)),
    )
    assert build_quote(make_basket(kit), country="DE").goods_total == Decimal("20.00")
    assert build_quote(make_basket(kit, cup), country="DE").goods_total == Decimal("27.50")
    scope.included_categories.add(make_category("Sets"))
    assert build_quote(make_basket(kit), country="DE").goods_total == Decimal("10.00")


def test_who_agreed_to_other_contents_is_asked_again(tea: tuple[Product, Product, Product]) -> None:
    cup, tin, kit = tea
    draft = make_draft(kit)
    shown = quote_of(draft)
    fixed = KitRecipe(stock_record_id=record_of(kit).pk, parts={record_of(cup).pk: 1, record_of(tin).pk: 1})
    write_kits([fixed], actor_name="t", reason="smaller")
    assert price_for(record_of(kit).pk).amount == Decimal("29.70")
    with pytest.raises(QuoteChanged):
        place_order(draft.pk, shown_digest=shown.digest)


def test_a_paid_kit_is_picked_packed_and_dispatched_part_by_part(
    till: Till, client: Client, tea: tuple[Product, Product, Product]
) -> None:
    cup, tin, kit = tea
    order = make_order((kit, 2), cup)
    assert (saleable(record_of(cup).pk), saleable(record_of(tin).pk), saleable(record_of(kit).pk)) == (4, 2, 2)
    write_kits(
        [KitRecipe(stock_record_id=record_of(kit).pk, parts={record_of(tin).pk: 1})],
        actor_name="t",
        reason="another kit",
    )
    till.pay(order)
    till.deliver()
    run_jobs()
    assert state_of(order) == "paid"
    line = order.lines.get(partner_sku="TEA2")
    assert list(line.parts.values_list("sku", "quantity")) == [("CUP", 2), ("TIN", 1)]
    assert line.line_price_incl_tax == Decimal("59.40")
    assert line.tax_code == "standard 0.19, reduced 0.07"
    shipment = Shipment.objects.get(order=order)
    picks = [(pick.sku, pick.quantity, pick.kit) for pick in pick_list([shipment.pk])]
    assert picks == [("CUP", 4, "Tea for two"), ("CUP", 1, ""), ("TIN", 2, "Tea for two")]
    assert "2 × Cup" in client.get(order_path(token_of(order.pk))).content.decode()
    assert "2 × Cup" in Mail.objects.get(order=order, kind="order_confirmed").text
    dispatch_shipment(shipment.pk, actor="packer", tracking_number="123")
    run_jobs()
    assert state_of(order) == "shipped"
    assert "4 × Cup (in Tea for two)" in Mail.objects.get(order=order, kind="order_shipped").text
    assert (record_of(cup).num_in_stock, record_of(tin).num_in_stock) == (4, 2)
    lines = Paper.objects.get(order=order).figures["lines"]
    shares = [(line["name"], line["rate"], line["gross"]) for line in lines if line["sku"] == "TEA2"]
    assert shares == [
        ("2 × Tea for two, the part at 19 %", "19", "43.20"),
        ("2 × Tea for two, the part at 7 %", "7", "16.20"),
    ]
    stored = PlacedOrder.objects.get(order=order).quote
    assert replay(read_trace(stored["trace"]), currency="EUR").total == order.total_incl_tax
    assert doctor_finds() == []


def test_a_cancelled_kit_gives_its_parts_back(till: Till, tea: tuple[Product, Product, Product]) -> None:
    cup, tin, kit = tea
    order = make_order((kit, 3))
    till.pay(order)
    till.deliver()
    run_jobs()
    assert (saleable(record_of(cup).pk), saleable(record_of(tin).pk)) == (3, 1)
    cancel_order(order.pk, reason="changed my mind")
    run_jobs()
    assert (saleable(record_of(cup).pk), saleable(record_of(tin).pk), saleable(record_of(kit).pk)) == (9, 4, 4)
    assert len(till.refunds()) == 1
    assert LinePart.objects.filter(line__order=order).count() == 2
    assert doctor_finds() == []


def test_sold_out_between_placing_and_paying_is_refunded(till: Till, tea: tuple[Product, Product, Product]) -> None:
    from inventory.ledger import Entry, write_off
    from inventory.models import Reservation

    cup, _, kit = tea
    order = make_order((kit, 4))
    Reservation.objects.update(released_at="2026-01-01T00:00Z")
    write_off(Entry(stock_record_id=record_of(cup).pk, actor_name="t", idempotency_key="x", reason="flood"), quantity=5)
    till.pay(order)
    till.deliver()
    run_jobs()
    assert state_of(order) == "cancelled"
    assert len(till.refunds()) == 1
    assert doctor_finds() == []


def test_the_page_says_what_is_inside_and_what_it_saves(
    client: Client, tea: tuple[Product, Product, Product], django_assert_max_num_queries: object
) -> None:
    cup, tin, kit = tea
    refresh_documents([cup.pk, tin.pk, kit.pk])
    with django_assert_max_num_queries(10):
        page = client.get(f"/p/{kit.slug}/").content.decode()
    assert "What is inside" in page
    assert f'<a href="/p/{cup.slug}/">2 × Cup</a>' in page
    assert "Singly these cost 33.00 EUR: together you save 3.30 EUR." in page
    assert "In stock" in page
    assert "What is inside" not in client.get(f"/p/{cup.slug}/").content.decode()
    client.post(f"/basket/add/{kit.pk}/", {"quantity": "2", "variant": str(kit.pk)})
    assert "1 × Tin of Assam" in client.get("/basket/").content.decode()
    answer = client.post(f"/basket/add/{kit.pk}/", {"quantity": "3", "variant": str(kit.pk)}, follow=True)
    assert "only 4 left. Your basket already holds 2." in answer.content.decode()


def test_a_part_that_is_a_variant_is_named_with_its_choice() -> None:
    _, cups = make_variants("Cup", values=("red", "blue"), price="5.00")
    kit = make_kit((cups["red"], 2), price="9.00")
    (part,) = contents_of([record_of(kit).pk])[record_of(kit).pk].parts
    assert (part.words, part.quantity) == ("2 × Cup, red", 2)


def test_a_kit_in_a_kit_and_a_kit_with_stock_are_refused(tea: tuple[Product, Product, Product]) -> None:
    cup, _, kit = tea
    with pytest.raises(KitRefused, match="is a kit itself"), transaction.atomic():
        write_kits(
            [KitRecipe(stock_record_id=record_of(make_product(stock=0)).pk, parts={record_of(kit).pk: 1})],
            actor_name="t",
            reason="",
        )
    other = record_of(make_product(stock=0))
    with pytest.raises(KitRefused, match="CUP has 9 units on hand"), transaction.atomic():
        write_kits([KitRecipe(stock_record_id=record_of(cup).pk, parts={other.pk: 1})], actor_name="t", reason="")
