"""Personalisation: refused before the basket with a sentence, priced in the quote, shown wherever the thing is handled."""

from decimal import Decimal

import pytest
from django.test import Client
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import LineAttribute

from catalog.models import BannedWord, TextRule
from catalog.personal.wording import TextField, TextRefused, check_text, find_banned
from catalog.personal.writing import write_rule
from catalog.search.index import refresh_documents
from checkout.basket.lines import add_line, choose_product
from checkout.basket.merging import merge_baskets
from checkout.basket.quantity import BasketRefusal
from checkout.models import Mail, Paper
from checkout.orders.access import order_path, token_of
from checkout.orders.cancel import cancel_order
from checkout.quote.build import build_quote
from checkout.quote.trace import read_trace, replay
from shipping.fulfilment.models import Shipment
from shipping.fulfilment.picking import pick_list
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.checkout.till import Till, broken_invariants, run_jobs
from tests.shopfloor import make_basket, make_draft, make_order, make_product, open_shop, record_of

pytestmark = [pytest.mark.feature("CA05")]
ENGRAVING = TextField(
    option_id=1,
    code="engraving",
    name="Engraving",
    help_text="",
    is_required=False,
    max_length=20,
    extra_characters=".,'-&!?",
    surcharge=Decimal("6.00"),
)
BANNED = {"damn", "idiot"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Seven and twenty letters it", "at most 20 characters fit, yours are 27"),
        ("Ada 🎉", "“🎉” cannot be written"),
        ("Ada\u202e", "U+202E” cannot be written"),
        ("<b>Ada</b>", "“<” cannot be written"),
        ("Damn it", "we do not write this"),
        ("d a m n", "we do not write this"),
        ("D.A.M.N", "we do not write this"),
        ("1d10t", "we do not write this"),
        ("Dàmn", "we do not write this"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(TextRefused) as refusal:
        check_text(ENGRAVING, text, banned=BANNED)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("text", ["Ada & Grace", "Jürgen O'Neil", "24.12.2026", "Łódź", "愛", "Adamnan", "A B"])
def test_names_of_people_and_places_pass(text: str) -> None:
    assert check_text(ENGRAVING, text, banned=BANNED) == text
    assert find_banned(text, banned=BANNED) == ""


def test_spaces_are_settled_and_letters_composed() -> None:
    assert check_text(ENGRAVING, "  Zoe\u0308   and  Max ", banned=()) == "Zoë and Max"


@pytest.fixture
def board(db: None) -> Product:
    open_shop()
    board = make_product("Board", price="40.00", stock=5, sku="BOARD")
    rule = TextRule(max_length=20, surcharge=Decimal("6.00"))
    write_rule(rule, name="Engraving", help_text="", is_required=False, product_ids=[board.pk])
    BannedWord.objects.create(word="damn")
    refresh_documents([board.pk])
    return board


def put_in(client: Client, board: Product, text: str, quantity: int = 1) -> str:
    sent = {"quantity": str(quantity), "variant": str(board.pk), "text_engraving": text}
    return client.post(f"/basket/add/{board.pk}/", sent, follow=True).content.decode()


def test_the_page_asks_and_refuses_before_the_basket(client: Client, board: Product) -> None:
    page = client.get(f"/p/{board.slug}/").content.decode()
    assert 'name="text_engraving" type="text" maxlength="20"' in page
    assert "Engraving (+ 6.00 EUR each)" in page
    for text, sentence in (
        ("x" * 21, "at most 20 characters fit, yours are 21"),
        ("Ada 🎉", "“🎉” cannot be written"),
        ("damn", "we do not write this"),
    ):
        assert sentence in put_in(client, board, text)
    assert not BasketLine.objects.exists()
    sent = {"quantity": "1", "text_forged": "Ada"}
    assert "cannot be had with that text" in client.post(f"/basket/add/{board.pk}/", sent, follow=True).content.decode()
    assert not BasketLine.objects.exists()


def test_what_is_needed_cannot_be_left_out_by_any_way_in(board: Product) -> None:
    rule = TextRule.objects.get()
    write_rule(rule, name="Engraving", help_text="", is_required=True, product_ids=[board.pk])
    basket = make_basket(make_product())
    with pytest.raises(BasketRefusal, match="please say what to write"):
        add_line(basket_id=basket.pk, wish=choose_product(board.pk), quantity=1)
    with pytest.raises(BasketRefusal, match="please say what to write"):
        add_line(basket_id=basket.pk, wish=choose_product(board.pk), quantity=1, texts={"engraving": " \u00a0 "})


def test_another_text_is_another_line_and_all_lines_share_the_stock(client: Client, board: Product) -> None:
    for text, quantity in (("Ada", 2), ("Ada", 1), ("ada", 1), ("", 1)):
        put_in(client, board, text, quantity)
    lines = BasketLine.objects.order_by("pk")
    assert [(line.quantity, [one.value for one in line.attributes.all()]) for line in lines] == [
        (3, ["Ada"]),
        (1, ["ada"]),
        (1, []),
    ]
    assert "only 5 left. Your basket already holds 5." in put_in(client, board, "Max")
    page = client.get("/basket/").content.decode()
    assert "Engraving: Ada" in page
    assert "46.00 EUR" in page
    first = lines[0]
    client.post(f"/basket/update/{first.pk}/", {"quantity": "9"})
    first.refresh_from_db()
    assert first.quantity == 3


def test_baskets_are_joined_text_by_text(board: Product, django_user_model: type) -> None:
    owner = django_user_model.objects.create_user(email="ada@example.com", password="x")
    mine, guest = make_basket(make_product(), owner=owner), make_basket(make_product())
    add_line(basket_id=mine.pk, wish=choose_product(board.pk), quantity=1, texts={"engraving": "Ada"})
    add_line(basket_id=guest.pk, wish=choose_product(board.pk), quantity=1, texts={"engraving": "Max"})
    add_line(basket_id=guest.pk, wish=choose_product(board.pk), quantity=1, texts={"engraving": "Ada"})
    merge_baskets(source_id=guest.pk, target_id=mine.pk, owner=owner)
    lines = BasketLine.objects.filter(basket=mine, product=board).order_by("pk")
    assert {(line.quantity, line.attributes.get().value) for line in lines} == {(2, "Ada"), (1, "Max")}


@pytest.mark.django_db
def test_the_surcharge_is_a_step_of_the_trace_and_leaves_with_the_tax_abroad(board: Product) -> None:
    basket = make_basket(make_product())
    basket.lines.all().delete()
    add_line(basket_id=basket.pk, wish=choose_product(board.pk), quantity=2, texts={"engraving": "Ada"})
    quote = build_quote(basket, country="DE", method_code="standard-de")
    assert quote.goods_total == Decimal("92.00")
    option = TextRule.objects.get().option_id
    assert [(step.kind, step.source, step.words) for step in quote.trace][:2] == [
        ("text", f"option:{option}", "Engraving “Ada”: 6.00 each"),
        ("base", f"stock_record:{record_of(board).pk}", "2 × 46.00 from the price list"),
    ]
    for country in ("DE", "CH"):
        quote = build_quote(basket, country=country)
        replayed = replay(read_trace(quote.to_json()["trace"]), currency="EUR")
        assert (replayed.total, replayed.tax) == (quote.total, quote.total_tax)
    assert quote.goods_total == Decimal("77.32")


@pytest.mark.django_db
def test_the_text_is_on_order_mail_pick_list_slip_and_invoice_and_stays_when_cancelled(
    till: Till, client: Client, board: Product
) -> None:
    basket = make_basket(make_product("Plain", stock=3))
    for text in ("Ada", "Max & Moritz"):
        add_line(basket_id=basket.pk, wish=choose_product(board.pk), quantity=1, texts={"engraving": text})
    order = make_order(draft=make_draft(basket=basket))
    till.pay(order)
    till.deliver()
    run_jobs()
    shipment = Shipment.objects.get(order=order)
    picks = sorted(pick.texts for pick in pick_list([shipment.pk]))
    assert picks == [(), ("Engraving: Ada",), ("Engraving: Max & Moritz",)]
    desk = staff_client()
    for address in (f"pick-list/?ids={shipment.pk}", f"{shipment.pk}/slip/"):
        page = desk.get(f"/admin/fulfilment/shipment/{address}").content.decode()
        assert "Engraving: Ada" in page
        assert "Engraving: Max &amp; Moritz" in page
    assert "Engraving: Ada" in client.get(order_path(token_of(order.pk))).content.decode()
    assert "Engraving: Ada" in Mail.objects.get(order=order, kind="order_confirmed").text
    names = [line["name"] for line in Paper.objects.get(order=order).figures["lines"]]
    assert "Board; Engraving: Ada" in names
    assert "Engraving: Ada" in desk.get(f"/admin/order/order/{order.pk}/change/").content.decode()
    cancel_order(order.pk, reason="changed my mind")
    run_jobs()
    kept = LineAttribute.objects.filter(line__order=order).order_by("pk").values_list("type", "value")
    assert list(kept) == [("Engraving", "Ada"), ("Engraving", "Max & Moritz")]
    assert broken_invariants() == []


@pytest.mark.django_db
def test_staff_keep_rules_and_words_and_it_is_audited(client: Client) -> None:
    open_shop()
    board = make_product("Board", sku="BOARD")
    desk = staff_client()
    form = {
        "name": "Name",
        "max_length": "12",
        "extra_characters": "-",
        "surcharge": "4.50",
        "skus": "BOARD",
        "is_required": "on",
    }
    wrong = desk.post("/admin/catalog/textrule/add/", form | {"skus": "BOARD\nGONE"}).content.decode()
    assert "There is no SKU GONE." in wrong
    assert desk.post("/admin/catalog/textrule/add/", form).status_code == 302
    rule = TextRule.objects.get()
    assert (rule.option.name, rule.option.required, rule.max_length) == ("Name", True, 12)
    assert list(board.product_options.values_list("pk", flat=True)) == [rule.pk]
    assert desk.post(f"/admin/catalog/textrule/{rule.pk}/change/", form | {"skus": ""}).status_code == 302
    assert not board.product_options.exists()
    assert AuditEntry.objects.filter(subject_type="textrule", action="change").exists()
    desk.post("/admin/catalog/bannedword/add/", {"word": "Ähem"})
    assert BannedWord.objects.get().word == "ahem"
