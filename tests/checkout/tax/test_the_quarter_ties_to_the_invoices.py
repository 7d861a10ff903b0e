"""Sales to other EU countries: the destination's rate above the threshold, and a return that is the invoices, to the cent."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from oscar.apps.order.models import Order

from checkout.invoices import issue
from checkout.invoices.records import Paper
from checkout.payments.refund import refund_payment
from checkout.payments.settle import settle_payment
from checkout.tax import oss
from checkout.tax.eu_table import load_eu_rates
from checkout.tax.oss import is_above_threshold, next_quarter, quarter_of, quarter_return
from tests.backoffice.desk import make_staff, sign_in
from tests.checkout.till import Till, payment_of, run_jobs
from tests.shopfloor import make_draft, make_order, make_product, make_rates, quote_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR09")]

PLACES = {"DE": "10115", "FR": "75001", "AT": "1010", "IT": "00118", "CH": "8001"}


@pytest.fixture(autouse=True)
def rates() -> None:
    load_eu_rates(valid_from=date(2021, 1, 1))
    for country in PLACES:
        make_rates(country=country)


@pytest.fixture
def sell(till: Till, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Order]:
    """A paid and invoiced order to a country, its invoice written on a day."""

    def sell(country: str, *things: Any, on: date) -> Order:
        monkeypatch.setattr(issue, "_today", lambda: on)
        order = make_order(draft=draft_to(country, *things))
        till.pay(order)
        settle_payment(payment_of(order).pk)
        run_jobs()
        return order

    return sell


def draft_to(country: str, *things: Any) -> Any:
    return make_draft(
        *(things or (make_product(price="39.99"),)),
        address={"country": country, "postcode": PLACES[country]},
        method_code=f"standard-{country.lower()}",
    )


def refund(order: Order, amount: str, *, key: str) -> None:
    refund_payment(attempt_id=payment_of(order).pk, amount=Decimal(amount), key=key, reason="sent back")
    run_jobs()


def papers_of_consumers_abroad(begins: date, ends: date) -> tuple[Decimal, Decimal]:
    """Net and tax straight from the papers' own totals, the plainest way."""
    net = tax = Decimal(0)
    for paper in Paper.objects.all():
        is_abroad = paper.figures["delivery"]["country"] in ("FR", "AT", "IT")
        if is_abroad and begins <= date.fromisoformat(paper.figures["issued_on"]) < ends:
            sign = 1 if paper.kind == "invoice" else -1
            net += sign * Decimal(paper.figures["total_net"])
            tax += sign * Decimal(paper.figures["total_tax"])
    return net, tax


def test_the_return_is_the_papers_to_the_cent(sell: Callable[..., Order], monkeypatch: Any, client: Client) -> None:
    summer, autumn = date(2026, 9, 30), date(2026, 10, 1)
    early = sell("FR", make_product(price="119.99"), on=summer)
    late = sell("FR", make_product(price="33.33"), make_product(price="7.77", tax_class="books"), on=autumn)
    for country in ("AT", "IT", "DE", "CH"):
        sell(country, on=date(2026, 12, 31))
    monkeypatch.setattr(issue, "_today", lambda: date(2026, 11, 11))
    refund(early, "20.00", key="early")
    refund(late, "5.00", key="late")

    third, fourth = quarter_return(date(2026, 7, 1)), quarter_return(autumn)
    assert [(row.country, row.rate) for row in third.sales] == [("FR", Decimal(20))]
    assert third.corrections == ()
    assert [(row.country, row.rate) for row in fourth.sales] == [
        ("AT", Decimal(20)), ("FR", Decimal(20)), ("FR", Decimal("5.5")), ("IT", Decimal(22)),
    ]  # fmt: skip
    # 20.00 back of an invoice over the summer's quarter: × 20/120 = 3.3333 → 3.33.
    (correction,) = fourth.corrections
    assert (correction.country, correction.sold_in, correction.tax) == ("FR", date(2026, 7, 1), Decimal("-3.33"))
    for found in (third, fourth):
        assert (found.net, found.tax) == papers_of_consumers_abroad(found.begins, found.ends)

    sign_in(client, make_staff("accountant"))
    page = client.get("/admin/reports/oss/?quarter=2026-4").content.decode()
    assert "Corrections of earlier quarters" in page
    told = b"".join(client.get("/admin/reports/oss/?quarter=2026-4&format=csv").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(told.decode("utf-8-sig"))))
    assert sum(Decimal(row["tax"]) for row in rows) == fourth.tax
    assert sum(Decimal(row["net"]) for row in rows) == fourth.net


def test_a_strange_quarter_shows_this_one(client: Client) -> None:
    sign_in(client, make_staff("accountant"))
    for strange in ("", "2026-5", "x", "%00"):
        assert client.get(f"/admin/reports/oss/?quarter={strange}").status_code == 200


@pytest.mark.parametrize(
    ("day", "begins", "following"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
        (date(2026, 8, 15), date(2026, 7, 1), date(2026, 10, 1)),
    ],
)
def test_quarters(day: date, begins: date, following: date) -> None:
    assert (quarter_of(day), next_quarter(begins)) == (begins, following)


def test_below_the_threshold_home_counts_and_above_it_the_destination(
    sell: Callable[..., Order], settings: Any, monkeypatch: Any
) -> None:
    """Germany's 19 % until 10,000 EUR without tax; the order that passes it has Italy's 22 % already."""
    settings.EU_SALES_TAXED_AT_HOME = True
    monkeypatch.setattr(oss, "THRESHOLD", Decimal(200))
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        today = cursor.fetchone()[0].date()
    first = draft_to("IT", make_product(price="119.00"))
    assert [tax.rate for tax in quote_of(first).taxes] == [Decimal("0.19")]
    assert quote_of(first).tax_country == "DE"
    sold = sell("IT", make_product(price="119.00"), on=today)
    assert Paper.objects.get(order=sold).figures["tax_country"] == "DE"
    assert quarter_return(quarter_of(today)).sales == ()  # Declared at home.
    # 104.12 are sold; 100 more would be 204.12.
    second = draft_to("IT", make_product(price="119.00"))
    assert [tax.rate for tax in quote_of(second).taxes] == [Decimal("0.22")]
    small = draft_to("IT", make_product(price="59.50"))
    assert [tax.rate for tax in quote_of(small).taxes] == [Decimal("0.19")]
    assert [tax.rate for tax in quote_of(draft_to("DE")).taxes] == [Decimal("0.19")]
    assert quote_of(draft_to("CH")).is_export
    settings.EU_SALES_TAXED_AT_HOME = False
    assert [tax.rate for tax in quote_of(small).taxes] == [Decimal("0.22")]


def test_last_year_above_the_threshold_counts_this_year(sell: Callable[..., Order], monkeypatch: Any) -> None:
    monkeypatch.setattr(oss, "THRESHOLD", Decimal(50))
    sell("FR", make_product(price="119.00"), on=date(2025, 3, 1))
    assert is_above_threshold(adding=Decimal(1), on=date(2026, 1, 1))
    assert not is_above_threshold(adding=Decimal(1), on=date(2027, 1, 1))
