"""States of the USA: collected from the day of the nexus on, at the state's rate; what nobody can tell is not sold."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from checkout.models import TaxNexus, TaxRate, TaxZone
from checkout.placement import CannotPlace, place_order
from checkout.quote.build import build_quote
from checkout.quote.figures import Quote
from checkout.tax.local_date import local_date
from checkout.tax.port import Rate, RatesByPlace, RatesUnavailable
from checkout.tax.providers import asking
from checkout.tax.providers.asking import ask_for_rates
from checkout.tax.providers.table import TableOfRates
from checkout.tax.rates import rates_for
from checkout.tax.us_states import load_us_states
from checkout.tax.zones import Place, find_place
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_basket, make_draft, make_product, make_rates, quote_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR09")]

TODAY = date(2026, 11, 2)
LA, AUSTIN, PORTLAND, NOWHERE = "90012", "78701-1234", "97201", "00100"


@pytest.fixture(autouse=True)
def states(settings: Any) -> None:
    settings.SHOP_COUNTRY, settings.SHOP_CURRENCY, settings.PRICES_INCLUDE_TAX = "US", "USD", False
    load_us_states(valid_from=date(2021, 1, 1))
    for country in ("US", "GB", "CH"):
        make_rates(country=country)


def nexus(place: str, *, since: date = date(2026, 1, 1), until: date | None = None) -> TaxNexus:
    return TaxNexus.objects.create(place=place, reason="Warehouse", valid_from=since, valid_to=until)


def quote_to(postcode: str, *, country: str = "US") -> Quote:
    return build_quote(make_basket(make_product(price="100.00")), country=country, postcode=postcode)


@pytest.mark.parametrize(
    ("postcode", "state"),
    [(LA, "US-CA"), (AUSTIN, "US-TX"), (PORTLAND, "US-OR"), ("10001", "US-NY"), ("06390", "US-NY"), ("06510", "US-CT"),
     ("20500", "US-DC"), ("20101", "US-VA"), ("88510", "US-TX"), ("96801", "US-HI"), (NOWHERE, "US"), ("", "US")],
)  # fmt: skip
def test_a_state_is_known_by_its_zip_codes(postcode: str, state: str) -> None:
    assert find_place(country="US", postcode=postcode).code == state


def test_the_states_load_once() -> None:
    assert TaxZone.objects.filter(country="US").count() == 51
    assert load_us_states() == 0


def test_tax_is_collected_only_with_a_nexus() -> None:
    nexus("US-CA")
    california, texas = quote_to(LA), quote_to(AUSTIN)
    assert (california.total_tax, california.total, california.refusals) == (Decimal("7.25"), Decimal("107.25"), ())
    assert [tax.name for tax in california.taxes] == ["California sales tax 7.25 %"]
    assert (texas.total_tax, [tax.name for tax in texas.taxes], texas.refusals) == (0, ["No sales tax"], ())


def test_a_state_without_a_tax_has_none_with_a_nexus_too() -> None:
    nexus("US-OR")
    quote = quote_to(PORTLAND)
    assert (quote.total_tax, quote.total, quote.refusals) == (0, 100, ())
    assert [tax.name for tax in quote.taxes] == ["Oregon sales tax 0 %"]


def test_a_city_adds_its_own_by_its_zip_codes() -> None:
    nexus("US-CA")
    TaxZone.objects.create(code="US-CA-LA", country="US", name="Los Angeles", postcodes=["90012"])
    TaxRate.objects.create(
        country="US-CA-LA", tax_class="standard", rate=Decimal("0.0975"), name="Los Angeles", valid_from=TODAY
    )
    assert quote_to("90012").total_tax == Decimal("9.75")
    assert quote_to("90013").total_tax == Decimal("7.25")


@pytest.mark.parametrize(
    ("on", "tax"),
    [(date(2026, 5, 31), "0"), (date(2026, 6, 1), "0.0725"), (date(2026, 8, 31), "0.0725"), (date(2026, 9, 1), "0")],
)
def test_a_nexus_counts_from_its_first_day_to_its_last(on: date, tax: str) -> None:
    nexus("US-CA", since=date(2026, 6, 1), until=date(2026, 9, 1))
    place = find_place(country="US", postcode=LA)
    assert rates_for([place], on=on)[place.code].rate_of("standard").rate == Decimal(tax)


def test_the_day_is_that_of_the_state() -> None:
    at = datetime(2026, 6, 1, 6, tzinfo=UTC)
    assert [local_date(code, at=at).day for code in ("US-NY", "US-TX", "US-CA", "US-HI")] == [1, 1, 31, 31]


def test_two_rows_for_one_day_are_refused() -> None:
    nexus("US-CA")
    with pytest.raises(IntegrityError), transaction.atomic():
        nexus("US-CA", since=TODAY)


def test_without_a_rate_or_a_known_state_nothing_is_sold() -> None:
    """Fail closed: a nexus without a rate, and an address that may lie in a state with one."""
    assert quote_to(NOWHERE).refusals == (), "no nexus anywhere: nothing is collected anywhere"
    nexus("US-CA")
    TaxRate.objects.filter(country="US-CA").delete()
    for postcode in (LA, NOWHERE):
        (refusal,) = quote_to(postcode).refusals
        assert "We cannot work out the tax for United States" in refusal
    draft = make_draft(make_product(), address={"country": "US", "postcode": LA}, method_code="standard-us")
    with pytest.raises(CannotPlace, match="cannot work out the tax"):
        place_order(draft.pk, shown_digest=quote_of(draft).digest)


def test_before_an_address_is_known_the_basket_shows_prices_without_tax() -> None:
    nexus("US-CA")
    quote = build_quote(make_basket(make_product(price="100.00")))
    assert (quote.total, quote.refusals) == (100, ())


def test_staff_enter_a_nexus_only_for_a_state_that_is_known() -> None:
    client = staff_client("accountant")
    form = {"reason": "Office", "valid_from": "2026-01-01"}
    for place in ("US-XX", "us-ca", "CA"):
        answer = client.post("/admin/checkout/taxnexus/add/", {**form, "place": place})
        assert "is not one of the available choices" in answer.content.decode()
    assert client.post("/admin/checkout/taxnexus/add/", {**form, "place": "US-CA"}).status_code == 302
    assert TaxNexus.objects.get().place == "US-CA"
    assert "7.25 %" in client.get("/admin/checkout/taxnexus/").content.decode()


class Service:
    """A source beside the table that can be away."""

    is_away = False

    def rates(self, codes: Collection[str], *, on: date) -> RatesByPlace:
        if self.is_away:
            raise RatesUnavailable
        rate = Rate(tax_class="standard", rate=Decimal("0.095"), name="Los Angeles 9.5 %", rate_id=None)
        return {"US-CA": {"standard": rate}, "GB": {"standard": rate}}


def test_another_source_is_asked_first_and_the_table_when_it_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    nexus("US-CA")
    service = Service()
    monkeypatch.setattr(asking, "SOURCES", (service, TableOfRates()))
    assert quote_to(LA).total_tax == Decimal("9.50")
    service.is_away = True
    assert quote_to(LA).total_tax == Decimal("7.25")


def test_what_only_the_source_that_is_away_could_tell_is_not_sold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A country outside the EU without a rate is an export only when somebody says so."""
    service = Service()
    monkeypatch.setattr(asking, "SOURCES", (service, TableOfRates()))
    assert quote_to("SW1A 1AA", country="GB").total_tax == Decimal("9.50")
    assert quote_to("8001", country="CH").refusals == ()
    service.is_away = True
    for country in ("GB", "CH"):
        assert quote_to("", country=country).refusals != ()


def test_when_nobody_answers_nothing_is_certain() -> None:
    service = Service()
    service.is_away = True
    answer = ask_for_rates(["DE"], on=TODAY, sources=[service])
    assert (answer.rates, answer.is_certain) == ({}, False)


def test_a_shop_of_the_eu_exports_to_states_without_a_nexus(settings: Any) -> None:
    settings.SHOP_COUNTRY, settings.SHOP_CURRENCY = "DE", "EUR"
    table = rates_for([Place(code="US-TX", country="US")], on=TODAY)["US-TX"]
    assert (table.is_export, table.rate_of("standard").name) == (True, "Export, no VAT")
