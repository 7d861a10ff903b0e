"""Four ways of entering and showing prices: the unit is turned once, the line is unit times quantity, parts sum to the total."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from oscar.apps.basket.models import Basket
from oscar.apps.catalogue.models import Option
from oscar.apps.partner.models import StockRecord

from catalog.kits.records import Kit, KitPart
from catalog.models import PriceChange
from catalog.personal.records import TextRule
from catalog.pricing.current import prices_for
from catalog.pricing.history import lowest_price, price_at
from catalog.pricing.reference import current_reductions
from catalog.search.index import refresh_documents
from checkout.models import TaxRate
from checkout.quote.build import build_quote
from checkout.quote.trace import read_trace, replay
from checkout.tax import home
from shop.environment import WrongSetting
from shop.money import round_money
from shop.price_rules import read_price_rules
from tests.shopfloor import make_basket, make_category, make_product, make_tax, open_shop, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR07", "PR01")]

RATES = {"standard": Decimal("0.19"), "reduced": Decimal("0.07")}
CART = st.lists(
    st.tuples(st.integers(1, 999_999), st.integers(1, 99), st.sampled_from(sorted(RATES))), min_size=1, max_size=3
)


def worth(entered: Decimal, tax_class: str, *, adds: bool | None, currency: str) -> Decimal:
    """The rule in one line, apart from the shop's own."""
    factor = 1 + RATES[tax_class]
    return round_money(entered if adds is None else entered * factor if adds else entered / factor, currency)


@pytest.mark.parametrize("currency", ["EUR", "JPY"])
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(cart=CART, entered_gross=st.booleans(), shown_gross=st.booleans())
@example(cart=[(999, 3, "standard")], entered_gross=False, shown_gross=True)
@example(cart=[(999, 99, "standard"), (1, 1, "reduced")], entered_gross=True, shown_gross=False)
def test_whatever_is_bought_the_parts_sum_to_the_total(
    settings: Any, cart: Any, currency: str, entered_gross: bool, shown_gross: bool
) -> None:
    settings.SHOP_CURRENCY = currency
    settings.PRICES_ENTERED = "gross" if entered_gross else "net"
    settings.PRICES_INCLUDE_TAX = shown_gross
    make_tax()
    unit = Decimal(1) if currency == "JPY" else Decimal("0.01")
    things = [
        (make_product(price=cents * unit, tax_class=tax_class, currency=currency, stock=99), units)
        for cents, units, tax_class in cart
    ]
    quote = build_quote(make_basket(*things))
    adds = None if entered_gross == shown_gross else shown_gross
    shown = prices_for([record_of(thing).pk for thing, _ in things])
    for line, (cents, units, tax_class) in zip(quote.lines, cart, strict=True):
        assert line.unit_price == worth(cents * unit, tax_class, adds=adds, currency=currency)
        assert line.unit_price == shown[line.item.stock_record_id].amount, "the page's price"
        assert line.total == line.unit_price * units == (line.gross if shown_gross else line.net)
        rate = RATES[tax_class]
        exact = line.total * rate / (1 + rate) if shown_gross else line.total * rate
        assert line.tax == round_money(exact, currency)
    assert quote.total == quote.total_net + quote.total_tax
    assert quote.total_net == sum(line.net for line in quote.lines)
    assert quote.total_tax == sum(line.tax for line in quote.lines) == sum(one.tax for one in quote.taxes)
    again = replay(read_trace(quote.to_json()["trace"]), currency=currency)
    assert (again.net, again.tax, again.total) == (quote.total_net, quote.total_tax, quote.total)


@pytest.fixture
def net_to_gross(settings: Any) -> None:
    settings.PRICES_ENTERED, settings.PRICES_INCLUDE_TAX = "net", True
    open_shop()


@pytest.mark.usefixtures("net_to_gross")
def test_a_text_and_a_kit_cost_on_the_page_what_they_cost_in_the_basket(client: Client) -> None:
    cup = make_product("Cup", price="9.99", category=make_category("Cups"))
    option = Option.objects.create(name="Engraving", code="engraving", required=False)
    TextRule.objects.create(option=option, max_length=20, surcharge=Decimal("3.33"))
    cup.product_options.add(option)
    kit = make_product("Set of cups", price="17.98", stock=0, category=make_category("Cups"))
    row = Kit.objects.create(stock_record=record_of(kit), percent_off=Decimal(10))
    KitPart.objects.create(kit=row, component=record_of(cup), quantity=2, position=0)
    refresh_documents([cup.pk, kit.pk])
    assert "Engraving (+ 3.96 EUR each)" in client.get(f"/p/{cup.slug}/").content.decode()
    page = client.get(f"/p/{kit.slug}/").content.decode()
    assert "21.40 EUR" in page
    assert "Singly these cost 23.78 EUR: together you save 2.38 EUR." in page
    client.post(f"/basket/add/{cup.pk}/", {"quantity": "2", "text_engraving": "Ada"})
    client.post(f"/basket/add/{kit.pk}/", {"quantity": "1"})
    quote = build_quote(Basket.objects.get())
    assert {line.item.name: (str(line.unit_price), str(line.total)) for line in quote.lines} == {
        "Cup": ("15.85", "31.70"),
        "Set of cups": ("21.40", "21.40"),
    }
    again = replay(read_trace(quote.to_json()["trace"]), currency="EUR")
    assert (again.tax, again.total) == (quote.total_tax, quote.total)
    words = [step.words for step in quote.trace if step.kind == "turned"]
    assert words == ["9.99 entered without tax, with 19 %: 11.89", "17.98 entered without tax, with 19 %: 21.40"]


@pytest.mark.usefixtures("net_to_gross")
def test_a_new_rate_changes_the_shown_price_at_its_midnight_and_no_entered_one(monkeypatch: Any) -> None:
    lamp = make_product(price="10.00")
    refresh_documents([lamp.pk])
    record = record_of(lamp)
    TaxRate.objects.filter(tax_class="standard").update(valid_to=date(2030, 7, 1))
    TaxRate.objects.create(country="DE", tax_class="standard", rate="0.16", name="16", valid_from=date(2030, 7, 1))
    before, after = datetime(2030, 6, 30, 21, 59, 59, tzinfo=UTC), datetime(2030, 6, 30, 22, 0, tzinfo=UTC)
    for instant, price in ((before, "11.90"), (after, "11.60")):
        monkeypatch.setattr(home, "database_now", lambda at=instant: at)
        assert str(prices_for([record.pk])[record.pk].amount) == price
        assert price_at(record.pk, instant) == Decimal(price)
    assert StockRecord.objects.get(pk=record.pk).price == Decimal("10.00")
    assert PriceChange.objects.filter(stock_record_id=record.pk).count() == 1


@pytest.mark.usefixtures("net_to_gross")
def test_the_lowest_price_of_30_days_is_the_lowest_that_was_shown() -> None:
    """20.00 at 16 % until ten days ago, then at 19 %; reduced today."""
    today = datetime.now(tz=UTC)
    lamp = make_product(price="20.00", stock=1)
    record = record_of(lamp)
    changed = (today - timedelta(days=10)).date()
    TaxRate.objects.filter(tax_class="standard").update(valid_to=changed, rate="0.16")
    TaxRate.objects.create(country="DE", tax_class="standard", rate="0.19", name="19", valid_from=changed)
    for price, former, ago in (("20.00", None, timedelta(days=25)), ("15.00", "20.00", timedelta(hours=1))):
        PriceChange.objects.create(
            stock_record=record, sku="x", price=price, compare_at_price=former, currency="EUR",
            effective_at=today - ago, actor_name="tests", reason="earlier",
        )  # fmt: skip
    assert lowest_price(record.pk) == Decimal("17.85")
    assert lowest_price(record.pk, before=today - timedelta(hours=2)) == Decimal("23.20")
    assert current_reductions([record.pk])[record.pk].reference == Decimal("23.20")


@pytest.mark.parametrize(
    ("country", "include_tax", "environment", "sentence"),
    [
        ("DE", False, {}, "consumers in the EU must be shown prices with tax"),
        ("DE", False, {"SELLS_TO_BUSINESSES_ONLY": "1"}, None),
        ("DE", True, {"PRICES_ENTERED": "net"}, None),
        ("GB", False, {}, None),
        ("US", False, {}, None),
        ("US", True, {"PRICES_ENTERED": "net"}, "each state has a tax of its own"),
        ("DE", True, {"PRICES_ENTERED": "both"}, "allowed values: gross, net, as shown"),
    ],
)
def test_the_settings_refuse_what_the_law_forbids(
    monkeypatch: Any, country: str, include_tax: bool, environment: dict[str, str], sentence: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if sentence is None:
        read_price_rules(country=country, include_tax=include_tax)
        return
    with pytest.raises(WrongSetting, match=sentence):
        read_price_rules(country=country, include_tax=include_tax)
