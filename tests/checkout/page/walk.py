"""Walk through the checkout as a browser without script does."""

import re
from html import unescape

from django.test import Client

ADDRESS = {
    "country": "DE",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "line1": "Musterstraße 12",
    "line2": "",
    "postcode": "10115",
    "city": "Berlin",
}


def hidden_quote(page: str) -> str:
    """The signed figures in the form of the review."""
    found = re.search(r'name="quote" value="([^"]*)"', page)
    assert found, page[:3000]
    return unescape(found.group(1))


def fill_in(client: Client, *, method: str = "standard-de") -> str:
    """Everything up to the review; returns its page."""
    assert client.post("/checkout/contact/", {"email": "ada@example.com", "phone": ""}).status_code == 303
    assert client.post("/checkout/address/", ADDRESS).status_code == 303
    assert client.post("/checkout/delivery/", {"method": method}).status_code == 303
    return client.get("/checkout/").content.decode()
