"""+5 % on 5,000 prices: seen first, applied as seen, through the one price change, and taken back."""

from decimal import Decimal
from time import perf_counter

import pytest
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.bulk.edit import AT_ONCE, apply_edit, begin_edit, count_outcomes, preview_edit, undo_edit
from catalog.bulk.kinds import BulkRefused
from catalog.bulk.prices import end_with
from catalog.bulk.records import BulkEdit
from catalog.models import PriceChange, PriceDetail, SearchDocument
from catalog.pricing.change import NewPrice, change_prices
from catalog.search.index import refresh_documents
from shop.audit.models import AuditEntry
from shop.outbox.models import OutboxEvent
from shop.outbox.relay import handle_event
from tests.backoffice.desk import make_staff, staff_client
from tests.shopfloor import make_partner, make_product, make_product_class, make_variants, record_of

pytestmark = pytest.mark.django_db


def price_of(product: Product) -> Decimal:
    return record_of(product).price


def set_price(product: Product, price: str) -> None:
    new = NewPrice(stock_record_id=record_of(product).pk, price=Decimal(price), keep_compare_at=True)
    change_prices([new], actor_name="somebody", reason="Meanwhile")


def work_off() -> int:
    """The background, until nothing is due."""
    done = 0
    while event := OutboxEvent.objects.filter(name="catalog.bulk_edit", done_at=None).first():
        assert handle_event(event.pk)
        done += 1
    return done


def many_products(count: int) -> list[int]:
    kind = make_product_class()
    products = Product.objects.bulk_create(
        Product(structure="standalone", product_class=kind, title=f"Thing {n:04d}", slug=f"thing-{n}", is_public=True)
        for n in range(count)
    )
    records = StockRecord.objects.bulk_create(
        StockRecord(
            product=product, partner=make_partner(), partner_sku=f"T-{n:04d}", price=Decimal(10 + n % 90),
            price_currency="EUR",
        )
        for n, product in enumerate(products)
    )  # fmt: skip
    PriceDetail.objects.bulk_create(
        PriceDetail(stock_record=record, cost=Decimal(1000) if n % 500 == 7 else Decimal(1))
        for n, record in enumerate(records)
    )
    return [product.pk for product in products]


@pytest.mark.feature("CA07")
def test_five_per_cent_on_five_thousand_prices_is_seen_applied_and_taken_back() -> None:
    ids = many_products(5_000)
    refresh_documents(ids[:50])
    before = dict(StockRecord.objects.values_list("pk", "price"))
    edit = begin_edit(ids, actor=make_staff())
    begin = perf_counter()
    choices = {"way": "percent", "value": "5", "ending": ".90", "keeps_margin": True}
    assert preview_edit(edit.pk, kind="prices", choices=choices, reason="Costs rose") == 5_000
    assert perf_counter() - begin < 20
    rows = list(edit.rows.order_by("position"))
    assert [row.outcome for row in rows[:10]] == ["refused"] * 10
    assert "below its cost of" in rows[0].reason
    # 10.00 + 5 % = 10.50, and the nearest price that ends in .90 is 10.90.
    shown = next(row for row in rows if row.label.startswith("T-0000"))
    assert (shown.before["price"], shown.after["price"]) == ("10.00", "10.90")
    assert "10.50 EUR becomes 10.90 EUR by the ending .90" in shown.notes
    assert dict(StockRecord.objects.values_list("pk", "price")) == before, "a preview writes nothing"

    apply_edit(edit.pk)
    assert work_off() >= 1
    edit.refresh_from_db()
    assert (edit.state, count_outcomes(edit)) == ("applied", {"applied": 4_990, "left out": 10})
    applied = {row.subject_id: Decimal(row.after["price"]) for row in rows if not row.outcome}
    now = dict(StockRecord.objects.values_list("pk", "price"))
    assert {pk: now[pk] for pk in applied} == applied
    history = PriceChange.objects.filter(reason=f"bulk edit {edit.pk}: Costs rose")
    assert (history.count(), set(history.values_list("actor_name", flat=True))) == (4_990, {"owner@shop.example"})
    assert SearchDocument.objects.get(title="Thing 0000").price_min == Decimal("10.90")

    changed_since = [Product.objects.get(pk=pk) for pk in ids[20:23]]
    for product in changed_since:
        set_price(product, "77.00")
    undo_edit(edit.pk)
    work_off()
    edit.refresh_from_db()
    assert (edit.state, count_outcomes(edit)) == (
        "undone",
        {"undone": 4_987, "changed since, left alone": 3, "left out": 10},
    )
    left = edit.rows.filter(outcome="left alone").order_by("label")
    assert [row.label.split(":")[0] for row in left] == ["T-0020", "T-0021", "T-0022"]
    assert {row.reason for row in left} == {"It is 77.00 EUR now."}
    after = dict(StockRecord.objects.values_list("pk", "price"))
    touched = {record_of(product).pk for product in changed_since}
    assert {pk: price for pk, price in after.items() if pk not in touched} == {
        pk: price for pk, price in before.items() if pk not in touched
    }
    assert AuditEntry.objects.filter(subject_type="bulkedit", subject_id=str(edit.pk)).count() == 2


def test_what_changed_between_preview_and_apply_is_skipped_not_overwritten() -> None:
    lamp, jug = make_product("Lamp", price="10.00"), make_product("Jug", price="20.00")
    edit = begin_edit([lamp.pk, jug.pk], actor=None)
    preview_edit(edit.pk, kind="prices", choices={"way": "amount", "value": "1"}, reason="Test")
    set_price(jug, "25.00")
    apply_edit(edit.pk)
    assert (price_of(lamp), price_of(jug)) == (Decimal("11.00"), Decimal("25.00"))
    skipped = edit.rows.get(outcome="skipped")
    assert skipped.reason == "It is 25.00 EUR now."


def test_work_that_was_cut_short_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    from catalog.bulk import edit as life

    ids = many_products(AT_ONCE + 300)
    edit = begin_edit(ids, actor=None)
    preview_edit(edit.pk, kind="prices", choices={"way": "amount", "value": "1"}, reason="Test")
    apply_edit(edit.pk)
    monkeypatch.setattr(life, "SECONDS", 0.001)
    assert work_off() >= 3
    assert PriceChange.objects.count() == len(ids) - 2, "each row once, however often it was begun"
    edit.refresh_from_db()
    assert edit.state == "applied"
    life.go_on(edit.pk)
    assert PriceChange.objects.count() == len(ids) - 2


@pytest.mark.parametrize(
    ("price", "ending", "expected"),
    [
        ("10.50", ".90", "10.90"),
        ("10.39", ".90", "9.90"),
        ("10.40", ".90", "10.90"),
        ("0.10", ".90", "0.90"),
        ("99.97", ".00", "100.00"),
        ("12.90", ".90", "12.90"),
    ],
)
def test_an_ending_takes_the_nearest_price(price: str, ending: str, expected: str) -> None:
    assert end_with(Decimal(price), Decimal(ending)) == Decimal(expected)


def test_rules_are_hit_in_words() -> None:
    lamp = make_product("Lamp", price="10.00", compare_at="10.20", sku="LAMP")
    PriceDetail.objects.filter(stock_record=record_of(lamp)).update(cost=Decimal("8.00"))
    edit = begin_edit([lamp.pk], actor=None)

    def planned(**choices: object) -> tuple[str, list[str], str]:
        preview_edit(edit.pk, kind="prices", choices=choices, reason="Test")
        row = edit.rows.get()
        return row.outcome, row.notes, row.reason

    assert planned(way="amount", value="-12") == ("refused", ["-2.00 EUR is below zero"], "-2.00 EUR is below zero.")
    assert planned(way="set", value="7")[0] == "refused"
    assert planned(way="set", value="7", keeps_margin=False) == ("", ["7.00 EUR is below its cost of 8.00 EUR"], "")
    assert planned(way="percent", value="5")[1] == ["no longer reduced: the former price is 10.20 EUR"]
    with pytest.raises(BulkRefused, match="Nothing would change"):
        planned(way="percent", value="0")
    with pytest.raises(BulkRefused, match="is not a number"):
        planned(way="percent", value="much")


def test_variants_are_rows_of_their_own() -> None:
    cushion, children = make_variants("Cushion", price="30.00")
    edit = begin_edit([cushion.pk], actor=None)
    assert preview_edit(edit.pk, kind="prices", choices={"way": "percent", "value": "10"}, reason="Test") == 2
    apply_edit(edit.pk)
    assert {price_of(child) for child in children.values()} == {Decimal("33.00")}


def test_staff_choose_see_apply_and_take_back_on_the_desk() -> None:
    client = staff_client("catalogue editor")
    lamp = make_product("Lamp", price="10.00")
    begun = client.post(
        "/admin/catalogue/product/", {"action": "edit_in_bulk", "_selected_action": [lamp.pk], "select_across": "0"}
    )
    page = begun["Location"]
    assert "Show what would change" in client.get(page).content.decode()
    form = {"act": "preview", "kind": "prices", "way": "percent", "value": "5", "ending": ".90", "reason": "Costs rose"}
    assert "some fields need another look" in client.post(page, form | {"reason": ""}).content.decode()
    assert client.post(page, form).status_code == 303
    seen = client.get(page).content.decode()
    assert "10.00 EUR" in seen
    assert "10.90 EUR" in seen
    assert 'name="value" value="5"' in seen
    assert 'name="reason" value="Costs rose"' in seen
    assert price_of(lamp) == Decimal("10.00")
    client.post(page, {"act": "apply"})
    assert price_of(lamp) == Decimal("10.90")
    assert "to be applied" not in client.get(page).content.decode()
    assert "by now. Reload the page." in client.post(page, {"act": "apply"}).content.decode()
    client.post(page, {"act": "undo"})
    assert price_of(lamp) == Decimal("10.00")
    assert client.get("/admin/catalog/bulkedit/").status_code == 200


def test_who_may_not_change_prices_does_not_by_the_desk() -> None:
    from django.contrib.auth.models import Group, Permission

    client = staff_client("catalogue editor")
    Group.objects.get(name="catalogue editor").permissions.remove(Permission.objects.get(codename="change_price"))
    edit = begin_edit([make_product("Lamp").pk], actor=None)
    form = {"act": "preview", "kind": "prices", "way": "percent", "value": "5", "ending": "", "reason": "Mine"}
    assert client.post(f"/admin/catalog/bulkedit/{edit.pk}/change/", form).status_code == 403
    preview_edit(edit.pk, kind="prices", choices={"way": "percent", "value": "5"}, reason="Test")
    answer = client.post(f"/admin/catalog/bulkedit/{edit.pk}/change/", {"act": "apply", "kind": "tags"})
    assert answer.status_code == 403
    assert BulkEdit.objects.get().state == "previewed"
