"""Looking around sets no cookie and asks nobody else; what doing something sets is needed for it, and named in Privacy."""

import re

import pytest
from django.conf import settings
from django.test import Client

from checkout.accounts.models import User
from tests.storefront.conftest import SmallShop

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CO07")]
LOOKING = ("/", "/c/living/lamps/", "/p/cushion/", "/search/?q=lamp", "/info/privacy/", "/compare/", "/nothing/")
# Elements that make a browser fetch something by itself.
FETCHES = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\s(?:src|srcset|data)=\"([^\"]+)\""
)
SHEETS = re.compile(
    r"<link\b(?=[^>]*rel=\"(?:stylesheet|icon|preload|preconnect|dns-prefetch)\")[^>]*href=\"([^\"]+)\""
)


@pytest.mark.parametrize("address", LOOKING)
def test_looking_around_sets_nothing_and_asks_nobody_else(client: Client, small_shop: SmallShop, address: str) -> None:
    answer = client.get(address)
    assert not answer.cookies
    fetched = FETCHES.findall(answer.text) + SHEETS.findall(answer.text)
    assert fetched
    assert [one for one in fetched if not one.startswith("/") or one.startswith("//")] == []
    assert "consent" not in answer.text.split("<main")[0].lower()
    policy = answer["Content-Security-Policy"]
    loading = [
        part
        for part in policy.split(";")
        if part.strip().split(" ")[0]
        in ("default-src", "script-src", "img-src", "style-src", "font-src", "connect-src")
    ]
    assert loading
    assert not re.search(r"https?://|\*", " ".join(loading))


def test_every_cookie_that_doing_something_sets_is_named_with_its_reason(client: Client, small_shop: SmallShop) -> None:
    privacy = Client().get("/info/privacy/").text
    product = small_shop.lamps[0]
    User.objects.create_user(email="ada@example.org", password="a-long-passphrase-1")
    client.post(f"/basket/add/{product.pk}/", {"quantity": 1, "variant": product.pk})
    client.post(f"/wishlist/add/{product.pk}/", {"variant": product.pk})
    client.post(f"/compare/add/{product.pk}/")
    client.get("/account/login/")
    client.get("/checkout/")
    client.post("/account/login/", {"login": "ada@example.org", "password": "a-long-passphrase-1"})
    names = set(client.cookies)
    assert {"basket", "basket_count", settings.SESSION_COOKIE_NAME} <= names
    assert [name for name in sorted(names) if f"<strong>{name}</strong>" not in privacy] == []
    assert "nobody is told that you were here" in privacy
