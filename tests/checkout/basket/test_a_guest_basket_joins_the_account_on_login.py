"""The merge table: what a guest has and what the account has, and what the account has after signing in."""

import pytest
from django.test import Client
from oscar.apps.basket.models import Basket
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.catalogue.models import Product

from checkout.accounts.models import User
from checkout.basket.cookies import BASKET, SALT
from checkout.models import CheckoutDraft
from tests.shopfloor import make_basket, make_product, open_shop, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CC01")]

NONE, EMPTY = None, ()
# Guest's and account's lines as {thing: quantity}; thing "few" has 5 units, "gone" none, "many" 1,000.
# (guest, account, expected, words in a message)
TABLE = [
    (NONE, NONE, {}, ""),
    (NONE, {}, {}, ""),
    (NONE, {"a": 2}, {"a": 2}, ""),
    (NONE, {"a": 2, "b": 1}, {"a": 2, "b": 1}, ""),
    ({}, NONE, {}, ""),
    ({}, {}, {}, ""),
    ({}, {"a": 2}, {"a": 2}, ""),
    ({"a": 1}, NONE, {"a": 1}, ""),
    ({"a": 1, "b": 3}, NONE, {"a": 1, "b": 3}, ""),
    ({"a": 1}, {}, {"a": 1}, ""),
    ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}, ""),
    ({"a": 1}, {"a": 2}, {"a": 3}, ""),
    ({"a": 1, "b": 1}, {"a": 2}, {"a": 3, "b": 1}, ""),
    ({"a": 1}, {"a": 2, "b": 4}, {"a": 3, "b": 4}, ""),
    ({"a": 1, "b": 1}, {"a": 1, "b": 1}, {"a": 2, "b": 2}, ""),
    ({"few": 5}, {"few": 5}, {"few": 5}, "you can have 5"),
    ({"few": 3}, {"few": 3}, {"few": 5}, "you can have 5"),
    ({"few": 2}, {"few": 3}, {"few": 5}, ""),
    ({"few": 4, "a": 1}, {"few": 4, "b": 1}, {"few": 5, "a": 1, "b": 1}, "you can have 5"),
    ({"many": 60}, {"many": 60}, {"many": 99}, "you can have 99"),
    ({"many": 99}, {"many": 1}, {"many": 99}, "you can have 99"),
    ({"gone": 2}, {"a": 1}, {"gone": 2, "a": 1}, ""),
    ({"gone": 2}, {"gone": 1}, {"gone": 1}, ""),
    ({"few": 5}, NONE, {"few": 5}, ""),
]
STOCK = {"a": 50, "b": 50, "few": 5, "gone": 0, "many": 1000}


@pytest.fixture
def things() -> dict[str, Product]:
    open_shop()
    return {name: make_product(name, stock=stock) for name, stock in STOCK.items()}


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada@example.com", password="correct horse battery")


def carry(client: Client, basket: Basket) -> None:
    """Give the client the signed cookie of a basket."""
    from django.core.signing import get_cookie_signer

    client.cookies[BASKET] = get_cookie_signer(salt=BASKET + SALT).sign(str(basket.pk))


def contents(basket: Basket) -> dict[str, int]:
    return dict(BasketLine.objects.filter(basket=basket).values_list("product__title", "quantity"))


def test_the_table_has_24_cases() -> None:
    assert len(TABLE) == 24


@pytest.mark.parametrize(("guest", "account", "expected", "words"), TABLE)
def test_merge(
    client: Client,
    things: dict[str, Product],
    ada: User,
    guest: dict[str, int] | None,
    account: dict[str, int] | None,
    expected: dict[str, int],
    words: str,
) -> None:
    if account is not None:
        make_basket(*[(things[name], count) for name, count in account.items()], owner=ada)
    if guest is not None:
        carry(client, make_basket(*[(things[name], count) for name, count in guest.items()]))
    client.force_login(ada)
    page = client.get("/basket/").content.decode()
    open_baskets = list(Basket.objects.filter(owner=ada, status=Basket.OPEN))
    assert len(open_baskets) == (0 if guest is None and account is None else 1)
    if open_baskets:
        assert contents(open_baskets[0]) == expected
    assert not Basket.objects.filter(owner=None, status=Basket.OPEN).exists()
    assert words in page
    if not words:
        assert "both your baskets" not in page
    # Once only: the second look changes nothing.
    client.get("/basket/")
    assert [contents(basket) for basket in Basket.objects.filter(owner=ada, status=Basket.OPEN)] == (
        [expected] if open_baskets else []
    )


def test_somebody_elses_basket_is_never_joined_or_shown(client: Client, things: dict[str, Product], ada: User) -> None:
    eve = User.objects.create_user("eve@example.com", password="correct horse battery")
    hers = make_basket((things["a"], 2), owner=ada)
    carry(client, hers)
    assert "a" not in contents(hers) or "Your basket is empty" in client.get("/basket/").content.decode()
    client.force_login(eve)
    assert "Your basket is empty" in client.get("/basket/").content.decode()
    assert contents(hers) == {"a": 2}
    hers.refresh_from_db()
    assert (hers.owner, hers.status) == (ada, Basket.OPEN)


def test_a_forged_cookie_opens_nothing(client: Client, things: dict[str, Product]) -> None:
    basket = make_basket(things["a"])
    client.cookies[BASKET] = f"{basket.pk}:forged"
    assert "Your basket is empty" in client.get("/basket/").content.decode()


def test_after_signing_out_the_account_basket_is_out_of_reach(
    client: Client, things: dict[str, Product], ada: User
) -> None:
    make_basket((things["a"], 2), owner=ada)
    client.force_login(ada)
    assert "Your basket is empty" not in client.get("/basket/").content.decode()
    client.logout()
    assert "Your basket is empty" in client.get("/basket/").content.decode()


def test_what_was_typed_at_the_checkout_comes_along(client: Client, things: dict[str, Product], ada: User) -> None:
    client.post(f"/basket/add/{things['a'].pk}/")
    client.post("/checkout/contact/", {"email": "guest@example.com"})
    client.force_login(ada)
    assert "guest@example.com" in client.get("/checkout/").content.decode()
    draft = CheckoutDraft.objects.get()
    assert (draft.basket.owner, draft.owner) == (ada, ada)


def test_codes_of_both_baskets_are_kept(client: Client, things: dict[str, Product], ada: User) -> None:
    from datetime import timedelta

    from django.utils import timezone
    from oscar.apps.voucher.models import Voucher

    now = timezone.now()
    vouchers = [
        Voucher.objects.create(
            name=code, code=code, start_datetime=now - timedelta(days=1), end_datetime=now + timedelta(days=1)
        )
        for code in ("GUEST-CODE", "MY-CODE")
    ]
    guest, mine = make_basket(things["a"]), make_basket(things["b"], owner=ada)
    guest.vouchers.add(vouchers[0])
    mine.vouchers.add(vouchers[1])
    carry(client, guest)
    client.force_login(ada)
    client.get("/basket/")
    assert set(mine.vouchers.all()) == set(vouchers)
    assert record_of(things["a"])
