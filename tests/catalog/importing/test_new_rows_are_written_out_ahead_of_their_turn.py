"""While one batch is written, the next one's rows are written out; what stopped being true meanwhile is planned anew."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from oscar.apps.catalogue.models import Category, Product, ProductCategory, ProductClass
from oscar.apps.partner.models import Partner, StockRecord

from catalog.importing import foresight, import_work
from catalog.importing.batches import split_into_batches
from catalog.importing.draft import Draft
from catalog.importing.foresight import Foresight
from catalog.models import SearchDocument

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE06")]

HEADER = "handle,sku,title,price,stock,categories,brand\n"
SIZE, BATCHES = 5, 8


def rows(*, category: Callable[[int], str] = lambda number: "Kitchen") -> str:
    lines = (f"p{n},P{n},Mug {n},5,{n % 3},{category(n)},Acme" for n in range(SIZE * BATCHES))
    return HEADER + "\n".join(lines)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_work, "split_into_batches", partial(split_into_batches, products=SIZE))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Draft]:
    """Drafts that were sent."""
    drafts: list[Draft] = []
    send = Draft.send
    monkeypatch.setattr(Draft, "send", lambda draft: (drafts.append(draft), send(draft))[1])
    return drafts


def act_before_batch(monkeypatch: pytest.MonkeyPatch, number: int, act: Callable[[], Any]) -> None:
    """When the batch has its turn, and the one after it is foreseen already."""
    foreseen, calls = threading.Semaphore(0), iter(range(1, 100))
    foresee, lock = Foresight.foresee, import_work.lock_writing

    def note(self: Foresight, *args: Any, **more: Any) -> Any:
        try:
            return foresee(self, *args, **more)
        finally:
            foreseen.release()

    def wait_and_act() -> None:
        if next(calls) == number:
            for _ in range(number + 1):
                assert foreseen.acquire(timeout=20)
            act()
        lock()

    monkeypatch.setattr(Foresight, "foresee", note)
    monkeypatch.setattr(import_work, "lock_writing", wait_and_act)


def test_ids_follow_the_order_of_the_file(run_import, sent: list[Draft]) -> None:
    report = run_import(rows())
    assert (report.created, len(sent)) == (SIZE * BATCHES, BATCHES - 2)  # The first has something to teach.
    names = [f"p{n}" for n in range(SIZE * BATCHES)]
    assert list(Product.objects.order_by("pk").values_list("slug", flat=True)) == names
    assert list(StockRecord.objects.order_by("pk").values_list("product__slug", flat=True)) == names
    assert SearchDocument.objects.filter(category_ids=[Category.objects.get().pk]).count() == SIZE * BATCHES
    assert run_import(rows()).unchanged == SIZE * BATCHES


def test_ids_follow_the_order_of_the_file_where_one_batch_has_to_wait(run_import, sent: list[Draft]) -> None:
    """For its category; the batches before and after it are drafted."""
    lines = [
        f"p{n},P{n}-{size},Mug {n},5,1,{'Cellar' if n == 22 else 'Kitchen'},Acme,Size,{size}"
        for n in range(SIZE * BATCHES)
        for size in "SL"
    ]
    run_import("\n".join([f"{HEADER.strip()},option1_name,option1_value", *lines]))
    assert 2 <= len(sent) < BATCHES - 2
    parents = Product.objects.filter(parent=None).order_by("pk")
    assert list(parents.values_list("slug", flat=True)) == [f"p{n}" for n in range(SIZE * BATCHES)]
    sold = StockRecord.objects.order_by("product_id")
    assert list(sold.values_list("partner_sku", flat=True)) == [line.split(",")[1] for line in lines]


def test_without_a_second_connection_the_writer_does_it_all(
    run_import, sent: list[Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("sorry, too many clients already")

    monkeypatch.setattr(foresight, "write_out_documents", refuse)
    assert (run_import(rows()).created, sent) == (SIZE * BATCHES, [])
    names = [f"p{n}" for n in range(SIZE * BATCHES)]
    assert list(Product.objects.order_by("pk").values_list("slug", flat=True)) == names
    assert SearchDocument.objects.count() == SIZE * BATCHES


def test_what_somebody_made_meanwhile_is_met_and_not_doubled(
    run_import, sent: list[Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    def make() -> None:
        thing = ProductClass.objects.create(name="Thing")
        same = Product.objects.create(slug="p26", title="Made by staff", product_class=thing)
        house = Partner.objects.get(code="house")
        StockRecord.objects.create(product=same, partner=house, partner_sku="P26", price=1)

    act_before_batch(monkeypatch, 6, make)
    report = run_import(rows())
    assert (report.created, report.updated, report.failed) == (SIZE * BATCHES - 1, 1, 0)
    assert sent
    assert Product.objects.get(slug="p26").title == "Mug 26"


def test_what_was_made_in_a_batch_that_failed_is_not_used_by_the_next(
    run_import, sent: list[Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The category of the last batches is made, drafted with, and rolled back."""
    refused = []

    def fail_once(*args: Any, **more: Any) -> None:
        if Category.objects.filter(name="New").exists() and not refused:
            refused.append(True)
            for _ in range(7):
                assert foreseen.acquire(timeout=20)
            raise IntegrityError("refused once")
        remember(*args, **more)

    foreseen, foresee, remember = threading.Semaphore(0), Foresight.foresee, import_work.remember_plan

    def note(self: Foresight, *args: Any, **more: Any) -> Any:
        if any(row.sku == f"P{6 * SIZE}" for row in args[0]):
            assert made.wait(20)
        try:
            return foresee(self, *args, **more)
        finally:
            foreseen.release()

    made, write = threading.Event(), import_work.write_changes

    def write_and_tell(*args: Any, **more: Any) -> Any:
        answer = write(*args, **more)
        if Category.objects.filter(name="New").exists():
            made.set()
        return answer

    monkeypatch.setattr(Foresight, "foresee", note)
    monkeypatch.setattr(import_work, "remember_plan", fail_once)
    monkeypatch.setattr(import_work, "write_changes", write_and_tell)
    report = run_import(rows(category=lambda n: "New" if n >= 5 * SIZE else "Kitchen"))
    assert (report.created, report.failed, refused) == (SIZE * BATCHES, 0, [True])
    new = Category.objects.get(name="New")
    assert ProductCategory.objects.filter(category=new).count() == 3 * SIZE
    assert ProductCategory.objects.count() == SIZE * BATCHES


def test_a_category_that_was_renamed_meanwhile_is_told_by_its_new_name(
    run_import, sent: list[Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    act_before_batch(monkeypatch, 6, lambda: Category.objects.update(name="Cellar"))
    run_import(rows())
    assert sent
    with_new_name = SearchDocument.objects.extra(where=["vector @@ 'cellar'::tsquery"])
    assert set(with_new_name.values_list("slug", flat=True)) >= {f"p{n}" for n in range(5 * SIZE, 6 * SIZE)}
