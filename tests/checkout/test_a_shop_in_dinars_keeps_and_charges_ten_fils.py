"""A currency of three decimals: prices in steps of 0.010, read and shown with three decimals, charged and given back exactly."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from oscar.apps.partner.models import StockRecord

from catalog.importing import cells
from catalog.importing.cells import UnreadableCell
from catalog.pricing.change import NewPrice, PriceRefused, change_prices
from checkout.invoices.records import Paper
from checkout.models import Mail, StatementEntry, TransferOut
from checkout.orders.access import order_path, token_of
from checkout.payments.reconcile import reconcile_payments
from checkout.payments.transfer.statement import UnreadableStatement, read_statement
from shop.backoffice.amount_field import AmountField
from shop.money import from_minor, to_minor
from tests.backoffice.desk import staff_client
from tests.backoffice.test_a_product_is_kept_on_one_page import save
from tests.checkout.refunds.refunding import ask, bought
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.checkout.transfer.bank import camt, reference, take_in, transfer_order
from tests.shopfloor import make_product, open_shop, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR01")]


@pytest.fixture
def dinars(settings: Any) -> None:
    settings.SHOP_CURRENCY = "KWD"


@pytest.fixture
def account(settings: Any, dinars: None) -> str:
    open_shop()
    return str(settings.BANK.number)


def csv_of(amount: str, text: str) -> bytes:
    return f'date,amount,name,text\n2026-11-20,"{amount}",Ada,{text}\n'.encode()


@pytest.mark.usefixtures("dinars")
def test_an_order_is_charged_shown_and_given_back_to_the_ten_fils(till: Till, client: Client) -> None:
    lamp, book = make_product("Lamp", price="3.33"), make_product("Book", price="12.35", tax_class="books")
    shown = client.get(f"/p/{lamp.slug}/").content.decode()
    assert "3.330 KWD" in shown
    order = bought(till, (lamp, 3), book)
    assert order.total_incl_tax == Decimal("27.24")
    run_jobs()
    (charge,) = till.control.state()["charges"]
    assert (charge["amount"], charge["currency"]) == (27_240, "kwd")
    assert "27.240 KWD" in client.get(order_path(token_of(order.pk))).content.decode()
    assert "27.240 KWD" in "".join(one.text for one in Mail.objects.filter(order=order))
    line = order.lines.order_by("pk").first()
    assert line is not None
    ask(order, key="1", units={line.pk: 1})
    ask(order, key="2", goodwill=Decimal("0.07"))
    run_jobs()
    assert [one["amount"] for one in sorted(till.refunds(), key=lambda one: one["created"])] in ([3330, 70], [70, 3330])
    invoice = Paper.objects.get(order=order, kind="invoice").figures
    assert sum(Decimal(row["gross"]) for row in invoice["taxes"]) == order.total_incl_tax
    payment = payment_of(order)
    assert payment.fee is not None
    assert payment.fee % Decimal("0.001") == 0
    assert (broken_invariants(), reconcile_payments().differences) == ([], ())


@pytest.mark.usefixtures("dinars")
def test_what_the_provider_keeps_is_kept_to_the_fils(till: Till) -> None:
    order = bought(till, make_product(price="12.35"))
    payment = payment_of(order)
    payment.refresh_from_db()
    (movement,) = [one for one in till.control.state()["balance_transactions"] if one["type"] == "charge"]
    assert movement["fee"] % 10, "the price was chosen for a fee between two steps"
    assert payment.fee == from_minor(movement["fee"], "KWD")


@pytest.mark.usefixtures("dinars")
def test_a_price_between_two_steps_is_refused_in_words() -> None:
    record = record_of(make_product(price="1.25"))
    change = {"actor_name": "tests", "reason": "A test."}
    with pytest.raises(PriceRefused, match=r"KWD goes in steps of 0\.010"):
        change_prices([NewPrice(stock_record_id=record.pk, price=Decimal("1.255"))], **change)
    assert StockRecord.objects.get(pk=record.pk).price == Decimal("1.25")
    assert cells.read_money("1.250", column="price", mark=".", currency="KWD") == Decimal("1.25")
    with pytest.raises(UnreadableCell, match=r"KWD goes in steps of 0\.010"):
        cells.read_money("1.255", column="price", mark=".", currency="KWD")
    with pytest.raises(ValueError, match="whole number"):
        to_minor(Decimal("1.255"), "KWD")
    assert to_minor(Decimal("1.25"), "KWD") == 1250


@pytest.mark.parametrize(
    ("typed", "read"), [("1.250", "1.25"), ("0.000", "0.00"), ("-2.5000", "-2.50"), ("7", "7"), ("1E+2", "1E+2")]
)
def test_zeros_beyond_the_steps_are_no_mistake(typed: str, read: str) -> None:
    assert str(AmountField(max_digits=12, decimal_places=2).clean(typed)) == read


@pytest.mark.parametrize("typed", ["1.255", "0.001", "1e-400", "1.2501"])
def test_what_lies_between_two_steps_is(typed: str) -> None:
    with pytest.raises(ValidationError):
        AmountField(max_digits=12, decimal_places=2).clean(typed)


@pytest.mark.usefixtures("dinars")
def test_staff_type_three_decimals() -> None:
    client, product = staff_client(), make_product(price="1.25")
    price = {f"v{product.pk}__price": "1.500", "reason": "A test."}
    assert save(client, product, **price).status_code in (302, 303)
    assert record_of(product).price == Decimal("1.50")
    refused = save(client, product, **(price | {f"v{product.pk}__price": "1.505"}))
    assert "KWD goes in steps of 0.010" in refused.text
    bands = client.get("/admin/shipping_rates/method/add/").context["inline_admin_formsets"][0].formset
    assert bands.empty_form.fields["price"].clean("1.250") == Decimal("1.25")


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("written", ["17.900", "17,900", "17.9"])
@pytest.mark.parametrize("form", ["camt", "csv"])
def test_dinars_pay_an_order_by_transfer(form: str, written: str) -> None:
    order = transfer_order(make_product(price="13.00", currency="KWD"))
    assert order.total_incl_tax == Decimal("17.90")
    row = (written, reference(order))
    take_in(camt(row, currency="KWD") if form == "camt" else csv_of(*row))
    run_jobs()
    assert (state_of(order), payment_of(order).captured, broken_invariants()) == ("paid", Decimal("17.90"), [])


@pytest.mark.usefixtures("account")
def test_the_fils_of_a_bank_are_kept_and_less_than_a_step_is_not_sent_back() -> None:
    order = transfer_order(make_product(price="13.00", currency="KWD"))
    take_in(csv_of("17.925", reference(order)))
    run_jobs()
    assert state_of(order) == "paid"
    assert StatementEntry.objects.get().amount == Decimal("17.925")
    assert TransferOut.objects.get().amount == Decimal("0.02")
    assert broken_invariants() == []


def test_a_statement_finer_than_the_fils_is_refused(account: str) -> None:
    with pytest.raises(UnreadableStatement, match=r"expected 24\.990 or 24,990"):
        read_statement(csv_of("1.2345", "x"), our_iban=account, currency="KWD")
