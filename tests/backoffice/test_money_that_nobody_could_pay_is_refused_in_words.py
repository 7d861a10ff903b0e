"""Half a yen and five fils: each form that takes money says in which steps the shop's currency goes."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from shipping.rates.models import Method
from shop.backoffice.amount_field import AmountField, MoneyField, check_step
from shop.demo.house import furnish_house
from tests.backoffice.desk import staff_client
from tests.backoffice.test_an_offer_is_written_in_words import post

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR01")]


@pytest.mark.parametrize(
    ("currency", "typed", "read"),
    [("EUR", "4.90", "4.90"), ("JPY", "490", "490"), ("JPY", "490.00", "490.00"), ("KWD", "1.250", "1.25")],
)
def test_money_is_read(settings: Any, currency: str, typed: str, read: str) -> None:
    settings.SHOP_CURRENCY = currency
    assert str(MoneyField(max_digits=12, decimal_places=2).clean(typed)) == read


@pytest.mark.parametrize(
    ("currency", "typed", "sentence"),
    [
        ("JPY", "4.90", "JPY goes in steps of 1"),
        ("JPY", "0.5", "JPY goes in steps of 1"),
        ("KWD", "1.255", r"KWD goes in steps of 0\.010"),
    ],
)
def test_what_nobody_could_pay_is_refused(settings: Any, currency: str, typed: str, sentence: str) -> None:
    settings.SHOP_CURRENCY = currency
    with pytest.raises(ValidationError, match=sentence):
        MoneyField(max_digits=12, decimal_places=2).clean(typed)


@pytest.mark.parametrize("amount", ["NaN", "1E+400", "99999999999999999999999999999999"])
def test_what_is_no_amount_is_left_to_the_other_rules(amount: str) -> None:
    check_step(Decimal(amount))


def test_delivery_and_surcharges_ask_for_money_and_weights_do_not(settings: Any) -> None:
    settings.SHOP_CURRENCY = "JPY"
    client = staff_client()
    context = client.get("/admin/shipping_rates/method/add/").context
    assert isinstance(context["adminform"].form.fields["free_from"], MoneyField)
    band = context["inline_admin_formsets"][0].formset.empty_form.fields
    assert isinstance(band["price"], MoneyField)
    assert type(band["up_to_kg"]) is AmountField
    rule = client.get("/admin/catalog/textrule/add/").context["adminform"].form.fields["surcharge"]
    assert isinstance(rule, MoneyField)
    refused = client.post(
        "/admin/shipping_rates/method/add/",
        {"free_from": "49.50", "bands-TOTAL_FORMS": "1", "bands-INITIAL_FORMS": "0", "bands-0-price": "4.90"},
    )
    assert refused.text.count("JPY goes in steps of 1") == 2
    assert not Method.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"benefit_type": "Absolute", "benefit_value": "4.90"},
        {"benefit_type": "Shipping fixed price", "benefit_value": "0.50"},
        {"condition_type": "Value", "condition_value": "49.50"},
        {"max_discount": "10.50"},
    ],
)
def test_offers_ask_for_money(settings: Any, changes: dict[str, str]) -> None:
    settings.SHOP_CURRENCY = "JPY"
    assert "JPY goes in steps of 1" in post(**changes).content.decode()


def test_per_cent_have_decimals_in_any_currency(settings: Any) -> None:
    settings.SHOP_CURRENCY = "JPY"
    assert "12.5 % off" in post(benefit_value="12.50").content.decode()


@pytest.mark.parametrize(("currency", "methods"), [("EUR", True), ("CHF", True), ("JPY", False), ("KWD", False)])
def test_a_new_shop_has_prices_of_delivery_only_where_the_figures_fit(
    settings: Any, currency: str, methods: bool
) -> None:
    settings.SHOP_CURRENCY = currency
    furnish_house()
    assert Method.objects.exists() is methods
