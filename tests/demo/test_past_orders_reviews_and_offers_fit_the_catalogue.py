from collections import Counter
from decimal import Decimal

from shop.demo.catalogue import (
    demo_categories,
    demo_orders,
    demo_promotions,
    demo_reviews,
    home_blocks,
    product_rows,
)
from shop.demo.illustrations.scenery import SCENERY

SKUS = {row["sku"] for row in product_rows()}
HANDLES = {row["handle"] for row in product_rows()}
PATHS = {category.path for category in demo_categories()}


def test_two_hundred_orders_of_ninety_days_name_skus_that_exist():
    orders = demo_orders()
    assert len(orders) == 200
    assert [order.number for order in orders] == list(range(1, 201))
    assert all(1 <= order.days_ago <= 90 and 0 <= order.minute < 1440 for order in orders)
    assert all(line.sku in SKUS and line.quantity >= 1 for order in orders for line in order.lines)
    assert all(len({line.sku for line in order.lines}) == len(order.lines) >= 1 for order in orders)
    assert [order.days_ago for order in orders] == sorted((o.days_ago for o in orders), reverse=True)


def test_most_orders_are_shipped_fourteen_wait_and_some_went_wrong():
    statuses = Counter(order.status for order in demo_orders())
    assert statuses["shipped"] > 150
    assert statuses["to_ship"] == 14
    assert statuses["cancelled"] >= 3
    assert statuses["refunded"] >= 3
    assert all(order.status == "to_ship" for order in demo_orders()[-14:])


def test_customers_live_mostly_in_germany_and_write_from_example_domains():
    countries = Counter(order.customer.country for order in demo_orders())
    assert countries["DE"] > 100
    assert {"AT", "FR", "NL", "CH", "US", "GB"} <= countries.keys()
    emails = {order.customer.email for order in demo_orders()} | {review.email for review in demo_reviews()}
    assert all(email.rpartition("@")[2] in ("example.com", "example.org", "example.net") for email in emails)
    assert all(email.isascii() and email.count("@") == 1 and " " not in email for email in emails)


def test_about_260_reviews_are_mixed_and_never_repeat_themselves():
    reviews = demo_reviews()
    assert 230 <= len(reviews) <= 300
    assert all(review.handle in HANDLES for review in reviews)
    ratings = Counter(review.rating for review in reviews)
    assert set(ratings) == {2, 3, 4, 5}
    assert ratings[5] > ratings[4] > ratings[3] > ratings[2] >= 5
    bodies = Counter(review.body for review in reviews)
    assert max(bodies.values()) == 1


def test_offers_and_vouchers_point_at_categories_that_exist():
    promotions = {promotion.name: promotion for promotion in demo_promotions()}
    assert all(set(promotion.categories) <= PATHS for promotion in promotions.values())
    assert promotions["Welcome"].code == "WELCOME10"
    assert promotions["Welcome"].value == Decimal(10)
    assert promotions["Free delivery from 60 EUR"].minimum == Decimal(60)
    assert promotions["Three for two on candles and cards"].every == 3
    assert all(isinstance(promotion.value, Decimal) for promotion in promotions.values())
    codes = [promotion.code for promotion in promotions.values() if promotion.code]
    assert len(codes) == len(set(codes))


def test_vouchers_used_in_past_orders_are_vouchers_of_the_shop():
    codes = {promotion.code for promotion in demo_promotions()}
    assert {order.voucher for order in demo_orders()} <= codes


def test_home_blocks_show_products_categories_and_pictures_that_exist():
    blocks = {block.kind: block for block in home_blocks()}
    assert list(blocks) == ["hero", "categories", "new", "reduced", "story", "voices", "promises"]
    assert set(blocks["categories"].items) <= PATHS
    assert set(blocks["new"].items) <= HANDLES
    reviewed = {review.handle for review in demo_reviews()}
    assert set(blocks["voices"].items) <= reviewed
    for kind in ("hero", "story"):
        assert blocks[kind].picture.removesuffix(".webp") in SCENERY
        assert blocks[kind].picture_alt
