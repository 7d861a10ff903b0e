"""The review of 5 and of 50 lines: the same number of queries, and within the budget of a page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.checkout.page.walk import fill_in
from tests.shopfloor import make_product, open_shop

pytestmark = pytest.mark.django_db


def test_five_and_fifty_lines(client: Client) -> None:
    open_shop()
    counts = {}
    for size in (5, 50):
        for _ in range(size - sum(counts)):
            client.post(f"/basket/add/{make_product().pk}/")
        fill_in(client)
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/checkout/")
        assert page.status_code == 200
        assert "Pay " in page.content.decode()
        counts[size] = len(queries)
    assert counts[5] == counts[50], counts
    assert counts[50] <= 25, counts
