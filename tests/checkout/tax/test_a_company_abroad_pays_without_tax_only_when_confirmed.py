"""VAT ids: confirmed ones take the tax off and stand on every paper; without an answer tax is charged and the case waits."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from oscar.apps.catalogue.models import Product, ProductClass
from oscar.apps.order.models import Order

from checkout.invoices.crediting import Named, credit_figures, line_sums
from checkout.invoices.einvoice import write_ubl
from checkout.invoices.figures import invoice_figures
from checkout.invoices.issue import issue_invoice
from checkout.invoices.records import Paper
from checkout.models import CheckoutDraft, VatCase, VatCheck
from checkout.orders.records import PlacedOrder
from checkout.payments.settle import settle_payment
from checkout.placement import place_order
from checkout.tax import vies
from checkout.tax.eu_table import load_eu_rates
from checkout.tax.reverse_charge import QUESTIONS_A_MINUTE, check_vat_id
from checkout.tax.vat_cases import ask_again, close_cases
from checkout.tax.vat_id import VatId, WrongVatId, read_vat_id
from checkout.tax.vies import INVALID, UNAVAILABLE, VALID, Answer, ask_vies
from checkout.terms import IMMEDIATE, give_consent
from shop.audit.models import AuditEntry
from shop.backoffice.work_lists import WORK_LISTS
from shop.outgoing import FetchRefused
from shop.seller import Seller
from tests.backoffice.desk import make_staff
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs
from tests.shopfloor import make_draft, make_product, make_rates, quote_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR08")]

FRENCH, GERMAN, OWN = "FR40303265045", "DE136695976", "DE129273398"
CONSULTATION = "WAPIAAAAW1234567"


@pytest.fixture(autouse=True)
def seller(settings: Any) -> None:
    load_eu_rates(valid_from=date(2021, 1, 1))
    make_rates(country="FR")
    make_rates(country="DE")
    settings.SELLER = Seller(
        name="Lumen & Loom", street="Lindenhof 3", postcode="10999", city="Berlin", country="DE", vat_id=OWN,
        register="", email="hello@shop.example", phone="",
    )  # fmt: skip


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """The register answers all questions with one state; the ids it was asked about."""

    def answer(state: str) -> list[str]:
        asked: list[str] = []

        def ask(vat_id: VatId) -> Answer:
            asked.append(vat_id.text)
            return Answer(state, requester=OWN, consultation=CONSULTATION if state == VALID else "", name="ACME SA")

        monkeypatch.setattr("checkout.tax.reverse_charge.ask_vies", ask)
        return asked

    return answer


def company(vat_id: str, *, country: str = "FR", things: Sequence[Product] = ()) -> CheckoutDraft:
    draft = make_draft(
        make_product("Lamp", price="119.00"),
        *things,
        address={"country": country, "city": "Paris", "postcode": "75001"},
        method_code=f"standard-{country.lower()}",
    )
    draft.vat_id = vat_id
    draft.save()
    return draft


def place(draft: CheckoutDraft) -> Order:
    return place_order(draft.pk, shown_digest=quote_of(draft).digest).order


def test_a_confirmed_id_takes_the_tax_off(register: Any) -> None:
    """119.00 and 4.90 delivery hold Germany's 19 %: 100.00 and 4.12 without."""
    register(VALID)
    check_vat_id(VatId(FRENCH))
    quote = quote_of(company(FRENCH))
    assert (quote.total, quote.total_tax, quote.vat_id) == (Decimal("104.12"), 0, FRENCH)
    assert [tax.name for tax in quote.taxes] == ["Reverse charge"]


@pytest.mark.parametrize("state", [INVALID, UNAVAILABLE])
def test_anything_but_a_clear_yes_is_taxed(register: Any, state: str) -> None:
    register(state)
    check_vat_id(VatId(FRENCH))
    quote = quote_of(company(FRENCH))
    assert (quote.total, quote.total_tax, quote.vat_id) == (Decimal("123.90"), Decimal("20.65"), "")


def test_an_id_that_was_never_asked_about_is_taxed() -> None:
    assert quote_of(company(FRENCH)).total_tax == Decimal("20.65")


@pytest.mark.parametrize(
    ("vat_id", "country"),
    [(GERMAN, "FR"), (GERMAN, "DE"), (FRENCH, "DE"), (OWN, "FR")],
    ids=["own country's id", "at home", "goods that stay at home", "our own id"],
)
def test_our_own_countrys_ids_and_goods_at_home_are_always_taxed(register: Any, vat_id: str, country: str) -> None:
    register(VALID)
    check_vat_id(VatId(vat_id))
    draft = company(vat_id, country=country)
    assert quote_of(draft).total_tax > 0
    place(draft)
    assert not VatCase.objects.exists()


def test_yesterdays_answer_is_asked_for_again(register: Any) -> None:
    register(VALID)
    check_vat_id(VatId(FRENCH))
    VatCheck.objects.update(asked_at=F("asked_at") - timedelta(hours=25))
    assert quote_of(company(FRENCH)).vat_id == ""


def test_both_ids_stand_on_invoice_and_electronic_invoice(register: Any, till: Till) -> None:
    register(VALID)
    check_vat_id(VatId(FRENCH))
    order = place(company(FRENCH))
    till.pay(order)
    settle_payment(payment_of(order).pk)
    run_jobs()
    issue_invoice(order.pk)
    figures = Paper.objects.get(order=order).figures
    assert (figures["total"], figures["total_tax"]) == ("104.12", "0.00")
    assert {row["category"] for row in (*figures["lines"], *figures["taxes"], *figures["charges"])} == {"K"}
    xml = write_ubl(figures).decode()
    assert FRENCH in xml
    assert OWN in xml
    assert "VATEX-EU-IC" in xml
    assert broken_invariants() == []


def test_what_is_sent_and_what_is_downloaded_are_free_for_reasons_of_their_own(register: Any) -> None:
    """Goods by Article 138 (K), services by Articles 44 and 196 (AE); a credit note of one part names the right one."""
    register(VALID)
    check_vat_id(VatId(FRENCH))
    files = ProductClass.objects.create(name="Download", requires_shipping=False, track_stock=False)
    draft = company(FRENCH, things=[make_product("Pattern", price="11.90", stock=0, product_class=files)])
    draft.consents = give_consent(draft.consents, IMMEDIATE, at=timezone.now())
    draft.save()
    order, placed = place(draft), PlacedOrder.objects.get()
    figures = invoice_figures(order, placed.quote, issued_on=date(2026, 11, 2), paid=order.total_incl_tax)
    assert [(row["category"], row["net"], row["tax"]) for row in figures["taxes"]] == [
        ("K", "104.12", "0.00"),
        ("AE", "10.00", "0.00"),
    ]
    assert [row["category"] for row in figures["lines"]] == ["K", "AE"]
    assert [(row["category"], row["net"]) for row in figures["charges"]] == [("K", "4.12")]
    named = [Named("1 × Pattern", Decimal("10.00"), line_sums(placed.quote, 1))]
    note = credit_figures(
        figures, label="R-1", amount=Decimal("10.00"), before=[], reason="", on=date(2026, 11, 3), named=named
    )
    assert [(row["category"], row["gross"]) for row in note["taxes"]] == [("AE", "10.00")]
    for paper in (figures, note):
        xml = write_ubl({**paper, "label": "R-1"}).decode()
        assert "VATEX-EU-AE" in xml
        assert ("VATEX-EU-IC" in xml) is (paper is figures)


def test_without_an_answer_the_case_waits_and_the_tax_is_proposed_to_go_back(register: Any) -> None:
    register(UNAVAILABLE)
    check_vat_id(VatId(FRENCH))
    order = place(company(FRENCH))
    case = VatCase.objects.get()
    assert (case.order, case.state, case.tax) == (order, "waiting", Decimal("20.65"))
    assert ask_again() == 0
    assert ask_again() == 0  # It is asked about again some minutes later only.
    assert VatCase.objects.get().tries == 1

    register(VALID)
    VatCase.objects.update(next_at=F("next_at") - timedelta(hours=1))
    assert ask_again() == 1
    case.refresh_from_db()
    assert (case.state, case.answer.consultation) == ("refundable", CONSULTATION)
    assert order.events.filter(message__contains="20.65 EUR of tax can go back").exists()
    (waiting,) = [one for one in WORK_LISTS if one.code == "vat"]
    assert waiting.narrow(VatCase.objects.all()).count() == 1
    assert close_cases([order.pk], actor=make_staff("accountant")) == 1
    assert waiting.narrow(VatCase.objects.all()).count() == 0
    assert AuditEntry.objects.filter(action="close", subject_type="vatcase").count() == 1


def test_an_id_that_turns_out_wrong_keeps_its_tax(register: Any) -> None:
    register(UNAVAILABLE)
    check_vat_id(VatId(FRENCH))
    place(company(FRENCH))
    register(INVALID)
    assert ask_again() == 1
    assert VatCase.objects.get().state == "closed"


def test_the_checkout_says_what_became_of_it(register: Any, client: Client) -> None:
    client.post(f"/basket/add/{make_product(price='119.00').pk}/")
    contact = {"email": "ada@example.com", "phone": "", "vat_id": "not one"}
    assert "This is not a VAT id of a member state" in client.post("/checkout/contact/", contact).content.decode()
    register(INVALID)
    contact["vat_id"] = " fr 40 303265045 "
    assert "does not know this VAT id" in client.post("/checkout/contact/", contact).content.decode()
    assert not CheckoutDraft.objects.exists()
    VatCheck.objects.all().delete()
    register(UNAVAILABLE)
    page = client.post("/checkout/contact/", contact, follow=True).content.decode()
    assert "so VAT is charged. We keep asking" in page
    asked = register(VALID)
    client.post("/checkout/contact/", contact)
    client.post("/checkout/contact/", contact)
    assert asked == [FRENCH]
    assert CheckoutDraft.objects.get().vat_id == FRENCH


def test_the_register_is_not_flooded(register: Any) -> None:
    asked = register(UNAVAILABLE)
    for _ in range(QUESTIONS_A_MINUTE + 5):
        check_vat_id(VatId(FRENCH))
    assert len(asked) == QUESTIONS_A_MINUTE


@pytest.mark.parametrize(
    ("typed", "text"), [("fr 40 303 265 045", FRENCH), ("GR 094259216", "EL094259216"), ("DE136695976", GERMAN)]
)
def test_ids_are_read_as_they_are_written(typed: str, text: str) -> None:
    assert read_vat_id(typed).text == text


@pytest.mark.parametrize("typed", ["", "FR", "DE136695977", "US123", "CHE-123.456.788", "\x00", "DE" + "1" * 300])
def test_what_is_none_gets_a_sentence(typed: str) -> None:
    with pytest.raises(WrongVatId, match="not a VAT id of a member state"):
        read_vat_id(typed)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (b'{"valid": true, "requestIdentifier": "WAPI1", "name": "ACME", "address": "Paris"}', VALID),
        (b'{"valid": false, "userError": "INVALID"}', INVALID),
        (b'{"actionSucceed": false, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]}', UNAVAILABLE),
        (b'{"valid": "true"}', UNAVAILABLE),
        (b"[]", UNAVAILABLE),
        (b"<html>", UNAVAILABLE),
        (FetchRefused("away"), UNAVAILABLE),
    ],
)
def test_every_answer_of_the_register_is_understood(monkeypatch: Any, told: bytes | Exception, state: str) -> None:
    questions: list[dict[str, str]] = []

    def ask(address: str, *, question: dict[str, str], limits: Any) -> bytes:
        questions.append(question)
        if isinstance(told, Exception):
            raise told
        return told

    monkeypatch.setattr(vies, "ask_json", ask)
    answer = ask_vies(VatId(FRENCH))
    assert (answer.state, answer.consultation) == (state, "WAPI1" if state == VALID else "")
    assert questions == [
        {
            "countryCode": "FR", "vatNumber": "40303265045",
            "requesterMemberStateCode": "DE", "requesterNumber": "129273398",
        }
    ]  # fmt: skip


def test_switched_off_nobody_is_asked(monkeypatch: Any, settings: Any) -> None:
    settings.VAT_CHECK = False
    monkeypatch.setattr(vies, "ask_json", lambda *args, **kwargs: pytest.fail("asked"))
    assert ask_vies(VatId(FRENCH)).state == UNAVAILABLE
