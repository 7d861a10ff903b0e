"""A paid order gets its invoice once; what the shop changes later changes neither its figures nor its bytes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import facturx
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from oscar.apps.order.models import Order

from checkout.invoices.drawn import file_of
from checkout.invoices.issue import digest_of_figures, issue_invoice
from checkout.invoices.records import Paper, PaperFile
from checkout.orders.access import order_path, token_of
from tests.checkout.till import Till, broken_invariants, run_jobs
from tests.shopfloor import make_order, make_product

pytestmark = pytest.mark.django_db
Buy = Callable[..., tuple[Order, Paper]]


def test_an_unpaid_order_has_none_and_a_paid_one_has_one(till: Till, bought: Buy) -> None:
    waiting = make_order()
    run_jobs()
    assert issue_invoice(waiting.pk) is None
    order, invoice = bought((make_product(price="24.90"), 2))
    assert issue_invoice(order.pk) == invoice
    assert (invoice.series_id, invoice.number) == (f"R-{invoice.issued_at.year}", 1)
    assert invoice.label == f"R-{invoice.issued_at.year}-00001"
    figures = invoice.figures
    assert Decimal(figures["total"]) == order.total_incl_tax == Decimal("54.70")
    assert (figures["lines"][0]["quantity"], figures["lines"][0]["gross"]) == (2, "49.80")
    assert [(one["rate"], one["gross"]) for one in figures["charges"]] == [("19", "4.90")]
    assert sum(Decimal(row["tax"]) for row in figures["taxes"]) == Decimal(figures["total_tax"])
    assert broken_invariants() == []


@pytest.mark.feature("OR02")
def test_renaming_repricing_and_deleting_change_nothing(bought: Buy) -> None:
    product = make_product("Reading lamp", price="24.90")
    order, invoice = bought(product)
    figures, pdf, ubl = dict(invoice.figures), file_of(invoice), file_of(invoice, "ubl")
    page = Client().get(order_path(token_of(order.pk))).content.decode()
    product.title, product.slug = "Something else", "something-else"
    product.save()
    product.stockrecords.update(price=Decimal("1.00"))
    order.shipping_address.line1 = "Elsewhere 9"
    with pytest.raises(DatabaseError, match="is the address of an order"), transaction.atomic():
        order.shipping_address.save()
    invoice.refresh_from_db()
    assert invoice.figures == figures
    assert digest_of_figures(invoice.figures) == invoice.digest
    assert (file_of(invoice), file_of(invoice, "ubl")) == (pdf, ubl)
    assert "Reading lamp" in Client().get(order_path(token_of(order.pk))).content.decode()
    assert "Reading lamp" in page


def test_the_database_refuses_to_change_or_delete_a_paper(bought: Buy) -> None:
    _, invoice = bought()
    for act in (
        lambda: Paper.objects.filter(pk=invoice.pk).update(label="R-1"),
        lambda: Paper.objects.filter(pk=invoice.pk).delete(),
        lambda: PaperFile.objects.filter(paper=invoice).update(content=b""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_order_page_offers_it_and_other_links_do_not(bought: Buy, client: Client) -> None:
    order, invoice = bought()
    other, _ = bought()
    path = order_path(token_of(order.pk))
    assert f"Invoice {invoice.label}" in client.get(path).content.decode()
    answer = client.get(f"{path}papers/{invoice.label}.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF-")
    assert client.get(f"{path}papers/{invoice.label}.xml")["Content-Type"] == "application/xml"
    strangers = (
        f"{order_path(token_of(other.pk))}papers/{invoice.label}.pdf",
        f"{path}papers/{invoice.label}.exe",
        f"{path}papers/R-1999-00001.pdf",
        f"{order_path('A' * 43)}papers/{invoice.label}.pdf",
    )
    assert {client.get(one).status_code for one in strangers} == {404}


def test_without_a_vat_identifier_there_is_paper_but_no_electronic_invoice(
    bought: Buy, client: Client, settings: Any
) -> None:
    from dataclasses import replace

    settings.SELLER = replace(settings.SELLER, vat_id="")
    order, invoice = bought()
    path = f"{order_path(token_of(order.pk))}papers/{invoice.label}"
    assert client.get(f"{path}.pdf").status_code == 200
    assert client.get(f"{path}.xml").status_code == 404
    assert settings.SELLER.missing == ["SELLER_VAT_ID"]
    assert facturx.get_xml_from_pdf(file_of(invoice), check_xsd=False) == (False, False)
