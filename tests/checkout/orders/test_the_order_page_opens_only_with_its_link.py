"""The guest's link: unguessable, stored as a hash, with an end, revocable; wrong and expired look alike; nothing leaks."""

import hashlib
import re
import statistics
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from checkout.models import PlacedOrder
from checkout.orders.access import find_order, link_of, order_path, renew_access, token_of
from tests.checkout.till import Till, payment_of, run_jobs
from tests.shopfloor import make_order, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("OR12")]


def test_the_token_has_256_bits_and_only_its_hash_is_stored() -> None:
    order = make_order()
    token = token_of(order.pk)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    placed = PlacedOrder.objects.get(pk=order.pk)
    assert placed.access_token == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(placed.__dict__)
    assert find_order(token) == order
    assert token_of(make_order().pk) != token


def test_wrong_expired_and_revoked_links_look_alike(client: Client) -> None:
    order = make_order()
    token = token_of(order.pk)
    assert client.get(order_path(token)).status_code == 200
    PlacedOrder.objects.filter(pk=order.pk).update(access_expires_at=Now() - timedelta(seconds=1))
    expired = client.get(order_path(token))
    PlacedOrder.objects.filter(pk=order.pk).update(access_expires_at=Now() + timedelta(days=1))
    renew_access(order.pk, reason="A test.")
    revoked = client.get(order_path(token))
    wrong = client.get(order_path("A" * 43))
    assert {expired.status_code, revoked.status_code, wrong.status_code} == {404}
    assert order.number not in expired.content.decode() + revoked.content.decode()
    assert expired.content == revoked.content == wrong.content
    assert "no-store" in wrong["Cache-Control"]
    assert client.get(order_path(token_of(order.pk))).status_code == 200
    for nonsense in ("x" * 5000, "%00", "'", "../admin", "💥"):
        assert client.get(f"/order/{nonsense}/").status_code == 404


def test_wrong_and_unknown_ask_the_same_and_take_as_long(client: Client) -> None:
    order = make_order()
    expired = order_path(token_of(order.pk))
    PlacedOrder.objects.filter(pk=order.pk).update(access_expires_at=Now() - timedelta(seconds=1))
    unknown = order_path("A" * 43)
    asked: dict[str, list[str]] = {}
    times: dict[str, list[float]] = {expired: [], unknown: []}
    for _ in range(40):
        for address in times:
            with CaptureQueriesContext(connection) as queries:
                began = time.perf_counter()
                assert client.get(address).status_code == 404
                times[address].append(time.perf_counter() - began)
            asked[address] = [re.sub(r"'[^']*'", "", one["sql"]) for one in queries.captured_queries]
    assert asked[expired] == asked[unknown]
    one, two = (statistics.median(found) for found in times.values())
    assert max(one, two) < 2 * min(one, two)


def test_whoever_counts_through_numbers_ids_and_hashes_finds_nothing(client: Client) -> None:
    order = make_order()
    digest = PlacedOrder.objects.get(pk=order.pk).access_token
    token = token_of(order.pk)
    guesses = [
        order.number, digest, token[:-1], token + "A", token.lower(), token.swapcase(), f"{token}=",
        *(str(order.pk + step) for step in range(-20, 21)), *(f"{step:043d}" for step in range(20)),
    ]  # fmt: skip
    answers = {(answer.status_code, answer.content) for one in guesses for answer in [client.get(f"/order/{one}/")]}
    assert len(answers) == 1
    assert {status for status, _ in answers} == {404}
    for act in ("pay", "cancel", "confirm", f"papers/{order.number}.pdf"):
        assert client.post(f"/order/{digest}/{act}/").status_code == 404


def test_a_new_secret_key_does_not_cut_off_old_links(settings: Any) -> None:
    order = make_order()
    token = token_of(order.pk)
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-" * 5, [old]
    assert token_of(order.pk) == token
    settings.SECRET_KEY_FALLBACKS = []
    assert find_order(token) == order
    assert token_of(order.pk) != token


@pytest.mark.parametrize("path", ["", "pay/", "cancel/"])
def test_no_answer_leaks_the_address(till: Till, client: Client, path: str) -> None:
    order = make_order()
    page = order_path(token_of(order.pk))
    answer = client.post(f"{page}{path}") if path else client.get(page)
    assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


def test_the_link_in_mails_comes_from_the_settings() -> None:
    order = make_order()
    assert link_of(order.pk) == f"http://testserver{order_path(token_of(order.pk))}"


def test_the_page_tells_what_was_agreed_even_after_the_catalogue_changed(till: Till, client: Client) -> None:
    thing = make_product("Moon lamp", price="20.00")
    order = make_order((thing, 2))
    page = order_path(token_of(order.pk))
    before = client.get(page).content.decode()
    thing.title = "Sun lamp"
    thing.save()
    after = client.get(page).content.decode()
    assert "2 × Moon lamp" in before
    assert "Sun lamp" not in after
    assert "44.90 EUR" in after
    assert "Musterstraße 12" in after
    assert "VAT" in after


def test_the_page_offers_what_can_be_done_now(till: Till, client: Client) -> None:
    order = make_order()
    page = order_path(token_of(order.pk))
    shown = client.get(page).content.decode()
    assert f'action="{page}pay/"' in shown
    assert f'action="{page}cancel/"' in shown
    till.pay(order)
    till.deliver()
    run_jobs()
    shown = client.get(page).content.decode()
    assert f'action="{page}pay/"' not in shown
    assert f'action="{page}cancel/"' in shown
    assert payment_of(order).state == "paid"


@pytest.mark.feature("OR10")
def test_the_page_costs_the_same_queries_for_one_and_for_many_lines(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    small, large = make_order(make_product()), make_order(*[make_product() for _ in range(20)])
    for order in (small, large):
        path = order_path(token_of(order.pk))
        with django_assert_max_num_queries(13):
            assert client.get(path).status_code == 200
