"""Bank transfer in dollars and in yen (no minor units), to an account with an IBAN or one without; from CAMT and from CSV."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from oscar.apps.order.models import Order

from checkout.models import Mail, StatementEntry, TransferOut
from checkout.orders.access import order_path, token_of
from checkout.payments.transfer.statement import UnreadableStatement, read_statement
from checkout.steps.review import read_provider
from shipping.rates.models import Band
from shop.bank import read_bank
from shop.environment import WrongSetting
from tests.checkout.till import broken_invariants, payment_of, run_jobs, state_of
from tests.checkout.transfer.bank import camt, reference, take_in, transfer_order
from tests.shopfloor import make_product, open_shop

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA11")]
ACCOUNT = "0001234567"


@pytest.fixture
def dollars(settings: Any) -> None:
    settings.SHOP_CURRENCY = "USD"


@pytest.fixture
def yen(settings: Any) -> None:
    """An account as banks in Japan have them."""
    settings.SHOP_CURRENCY = "JPY"
    settings.BANK = replace(settings.BANK, iban="", bic="", account=ACCOUNT, branch="Sample Bank, Ginza (110)")
    open_shop()
    Band.objects.update(price=Decimal(490))


def order_in(currency: str, price: str) -> Order:
    return transfer_order(make_product(price=price, currency=currency))


def csv_of(*rows: tuple[str, str], currency: str = "") -> bytes:
    named = ",currency" if currency else ""
    lines = [f'2026-11-20,"{amount}",Ada,{text}{"," + currency if currency else ""}' for amount, text in rows]
    return "\n".join([f"date,amount,name,text{named}", *lines]).encode()


@pytest.mark.usefixtures("dollars")
@pytest.mark.parametrize("form", ["camt", "csv", "csv that names it"])
def test_dollars_pay_an_order_in_dollars(form: str) -> None:
    assert read_provider("transfer") == "transfer"
    order = order_in("USD", "1220.00")
    row = ("1,224.90" if form != "camt" else "1224.90", reference(order))
    content = camt(row, currency="USD") if form == "camt" else csv_of(row, currency="USD" * (form != "csv"))
    assert take_in(content).matched == 1
    run_jobs()
    assert (state_of(order), payment_of(order).captured) == ("paid", Decimal("1224.90"))
    assert StatementEntry.objects.get().currency == "USD"
    assert broken_invariants() == []


@pytest.mark.usefixtures("yen")
@pytest.mark.parametrize("written", ["2490", "2,490", "2490.00", "¥2,490", "2.490"])
@pytest.mark.parametrize("form", ["camt", "csv"])
def test_yen_pay_an_order_in_yen(form: str, written: str) -> None:
    order = order_in("JPY", "2000")
    assert order.total_incl_tax == 2490
    row = (written, reference(order))
    take_in(camt(row, currency="JPY", account=ACCOUNT) if form == "camt" else csv_of(row))
    run_jobs()
    assert (state_of(order), payment_of(order).captured, broken_invariants()) == ("paid", Decimal(2490), [])


@pytest.mark.usefixtures("yen")
def test_the_shopper_reads_the_account_and_whole_yen(client: Client) -> None:
    order = order_in("JPY", "2000")
    run_jobs()
    page = client.get(order_path(token_of(order.pk))).content.decode()
    letter = Mail.objects.get(order=order, kind="order_transfer")
    for text in (page, letter.text, letter.html):
        assert ACCOUNT in text
        assert "Sample Bank, Ginza (110)" in text
        assert "2,490 JPY" in text
        assert "IBAN" not in text
    assert "<svg" not in page.split("How to pay")[1].split("</section>")[0], "the code is for SEPA"


@pytest.mark.usefixtures("yen")
def test_too_little_too_much_and_another_currency_are_handled_as_in_euros() -> None:
    order = order_in("JPY", "12345")
    assert order.total_incl_tax == 12_835
    take_in(camt(("12,000", reference(order)), currency="JPY", account=ACCOUNT))
    assert payment_of(order).state == "open"
    take_in(csv_of(("24.90", reference(order)), currency="EUR"))
    foreign = StatementEntry.objects.get(currency="EUR")
    assert foreign.problem == f"It is in EUR; order {order.number} is in JPY."
    take_in(csv_of(("1,000", reference(order))))
    run_jobs()
    assert state_of(order) == "paid"
    out = TransferOut.objects.get()
    assert (out.amount, out.currency) == (Decimal(165), "JPY")
    assert broken_invariants() == []


@pytest.mark.parametrize("written", ["24.90", "1,23", "12,34,567", "1.234,56", "-", "0.5", "1,234,56"])
def test_what_is_no_amount_of_yen_is_refused_in_words(written: str) -> None:
    with pytest.raises(UnreadableStatement, match="expected 2490 or 2,490"):
        read_statement(csv_of((written, "x")), our_iban=ACCOUNT, currency="JPY")


def test_large_and_negative_yen_are_read_whole() -> None:
    found = read_statement(csv_of(("-1,234,567", "rent"), ("JPY 98.000", "x")), our_iban=ACCOUNT, currency="JPY")
    assert [entry.amount for _, entry in found] == [Decimal(-1_234_567), Decimal(98_000)]


@pytest.mark.usefixtures("yen")
def test_a_statement_of_another_account_is_refused() -> None:
    with pytest.raises(UnreadableStatement, match="of the account 7654321, not of ours, 0001234567"):
        take_in(camt(("2490", "x"), currency="JPY", account="765-4321"))


def test_one_account_is_set_not_two(monkeypatch: Any) -> None:
    monkeypatch.setenv("BANK_ACCOUNT", "000-1234567")
    monkeypatch.delenv("BANK_IBAN", raising=False)
    bank = read_bank(seller="Shop", is_demo=True)
    assert (bank.number, bank.iban) == (ACCOUNT, ""), "no specimen beside a real account"
    monkeypatch.setenv("BANK_IBAN", "DE02120300000000202051")
    with pytest.raises(WrongSetting, match="both set"):
        read_bank(seller="Shop", is_demo=True)
