"""Counts and receipts through the ledger; the ledger itself is read, filtered and exported with guarded cells."""

import pytest

from inventory.models import StockLevel, StockMovement
from shop.backoffice.exporting import guard_cell
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_product, record_of

pytestmark = pytest.mark.django_db


def level_of(stock: int = 5) -> StockLevel:
    return StockLevel.objects.get(stock_record=record_of(make_product("Lamp", sku="LAMP-1", stock=stock)))


def act(level: StockLevel, name: str, **data: str):  # type: ignore[no-untyped-def]
    client = staff_client("warehouse")
    address = f"/admin/inventory/stocklevel/{level.pk}/{name}/"
    key = client.get(address).context["form"]["key"].value()
    return client.post(address, {"key": key, **data}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("name", "quantity", "on_hand", "words"),
    [
        ("count", "8", 8, "Counted: 8 on hand (+3)."),
        ("count", "5", 5, "The count agrees with the ledger"),
        ("receive", "4", 9, "Received 4; 9 on hand."),
        ("write-off", "2", 3, "Written off 2; 3 on hand."),
    ],
)
def test_units_move_with_a_reason_and_a_name(name: str, quantity: str, on_hand: int, words: str) -> None:
    level = level_of()
    assert words in act(level, name, quantity=quantity, reason="Friday")
    level.refresh_from_db()
    assert level.on_hand == on_hand == record_of(level.stock_record.product).num_in_stock
    if on_hand != 5:
        movement = StockMovement.objects.latest("pk")
        assert (movement.reason, movement.actor_name) == ("Friday", "warehouse@shop.example")


@pytest.mark.parametrize(
    ("name", "quantity", "reason", "words"),
    [
        ("count", "-1", "Friday", "greater than or equal to 0"),
        ("count", "many", "Friday", "Enter a whole number"),
        ("count", "8", "", "Say why, in a few words."),
        ("receive", "0", "Friday", "greater than or equal to 1"),
        ("write-off", "9", "Friday", "this would leave -4"),
    ],
)
def test_what_cannot_be_is_refused_in_words(name: str, quantity: str, reason: str, words: str) -> None:
    level = level_of()
    assert words in act(level, name, quantity=quantity, reason=reason)
    level.refresh_from_db()
    assert level.on_hand == 5


def test_the_ledger_is_exported_as_it_is_filtered() -> None:
    level = level_of()
    make_product(sku="OTHER")
    act(level, "write-off", quantity="1", reason='=HYPERLINK("http://evil.example")')
    answer = staff_client().get("/admin/inventory/stockmovement/export/?q=LAMP-1")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 3
    assert "OTHER" not in text
    assert "'=HYPERLINK" in text
    assert ",-1," in text, "numbers stay numbers"


@pytest.mark.parametrize(
    ("value", "guarded"),
    [
        ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("@sum", "'@sum"), ("-2+3", "'-2+3"), ("\tx", "'\tx"),
        ("Lamp", "Lamp"), (-3, "-3"), ("-3.50", "-3.50"), (None, ""), ("a=b", "a=b"),
    ],
)  # fmt: skip
def test_a_cell_that_would_start_a_formula_is_guarded(value: object, guarded: str) -> None:
    assert guard_cell(value) == guarded


def test_the_ledger_has_no_way_to_write() -> None:
    level_of()
    client = staff_client()
    movement = StockMovement.objects.latest("pk")
    assert client.get("/admin/inventory/stockmovement/add/").status_code == 403
    assert client.post(f"/admin/inventory/stockmovement/{movement.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post("/admin/inventory/stocklevel/1/change/", {"on_hand": "999"})
    assert not StockLevel.objects.filter(on_hand=999).exists()
