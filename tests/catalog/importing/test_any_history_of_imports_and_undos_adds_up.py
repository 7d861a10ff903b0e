"""Random imports, edits by staff and undos: the shop holds what a model of plain dictionaries says, at every step.

The model's rule of undo: a field that an import changed returns to what it was, unless anything that this import changed
about the SKU was changed since; then the SKU is left alone and listed.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.importing.apply import import_file
from catalog.importing.export import list_rows
from catalog.importing.import_options import ImportOptions
from catalog.importing.undo import undo_import
from catalog.pricing.change import NewPrice, change_prices
from catalog.search.index import refresh_documents

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE03")]

NAMES = ("ant", "bee", "cat")
Values = dict[str, str]
"""What is watched of a SKU: its price and weight, as the file writes them."""

amounts = st.sampled_from(["1.00", "2.00", "3.00"])
weights = st.sampled_from(["0.100", "0.200"])
rows = st.dictionaries(st.sampled_from(NAMES), st.tuples(amounts, weights), min_size=1)
acts = st.one_of(
    st.tuples(st.just("import"), rows),
    st.tuples(st.just("price"), st.sampled_from(NAMES), amounts),
    st.tuples(st.just("title"), st.sampled_from(NAMES), st.sampled_from(["One", "Two"])),
    st.tuples(st.just("undo"), st.integers(0, 5)),
)


@dataclass
class Run:
    """Before and after by name; None for what was not there."""

    id: int
    changes: dict[str, tuple[Values | None, Values | None]]
    is_undone: bool = False


@dataclass
class Model:
    shop: dict[str, Values] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    def take(self, run_id: int, wanted: dict[str, Values]) -> None:
        changes = {
            name: (self.shop.get(name), self.shop.get(name, {"title": name}) | values)
            for name, values in wanted.items()
        }
        self.shop |= {name: after for name, (_, after) in changes.items()}
        self.runs.append(Run(run_id, {name: pair for name, pair in changes.items() if pair[0] != pair[1]}))

    def take_back(self, run: Run, undo_id: int) -> set[str]:
        """Names that are left alone, because what the run changed about them was changed since."""
        left: set[str] = set()
        done: dict[str, tuple[Values | None, Values | None]] = {}
        for name, (before, after) in run.changes.items():
            now = self.shop.get(name)
            wanted = self._wanted(before, after, now)
            if wanted == now:
                continue
            if not self._is_as_left(before, after, now):
                left.add(name)
                continue
            done[name] = (now, wanted)
            if wanted is None:
                del self.shop[name]
            else:
                self.shop[name] = wanted
        run.is_undone = True
        self.runs.append(Run(undo_id, done))
        return left

    @staticmethod
    def _wanted(before: Values | None, after: Values | None, now: Values | None) -> Values | None:
        if before is None or after is None or now is None:
            return before
        return now | {key: before[key] for key in before if before[key] != after[key]}

    @staticmethod
    def _is_as_left(before: Values | None, after: Values | None, now: Values | None) -> bool:
        if after is None or now is None:
            return after is now
        return all(now[key] == after[key] for key in after if before is None or before[key] != after[key])


def read_shop() -> dict[str, Values]:
    return {
        row.handle: {"title": str(row.title), "price": f"{row.price:.2f}", "weight": f"{row.weight_kg:.3f}"}
        for row in list_rows()
    }


def bring_in(folder: Path, wanted: dict[str, tuple[str, str]]) -> int:
    lines = [f"{name},{name.upper()},,{price},{weight}" for name, (price, weight) in wanted.items()]
    held = set(Product.objects.values_list("slug", flat=True))
    lines = [line if line.split(",")[0] in held else line.replace(",,", f",{line.split(',')[0]},", 1) for line in lines]
    path = folder / "file.csv"
    path.write_text("\n".join(["handle,sku,title,price,weight_kg", *lines]), encoding="utf-8")
    report = import_file(ImportOptions(path=path), watch=lambda change: None)
    assert report.failed == 0
    assert report.import_id is not None
    return report.import_id


def set_price(name: str, amount: str) -> None:
    record = StockRecord.objects.get(partner_sku=name.upper())
    change_prices([NewPrice(stock_record_id=record.pk, price=Decimal(amount))], actor_name="staff", reason="sale")


def set_title(name: str, title: str) -> None:
    Product.objects.filter(slug=name).update(title=title)
    refresh_documents(Product.objects.filter(slug=name).values_list("pk", flat=True))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(acts, min_size=2, max_size=9))
@example(  # The price is back where it was, and the weight is another since: there is nothing to take back.
    history=[
        ("import", {"ant": ("1.00", "0.200")}),
        ("import", {"ant": ("2.00", "0.200")}),
        ("import", {"ant": ("1.00", "0.100")}),
        ("undo", 1),
    ]
)
def test_the_shop_is_what_the_model_says(history: list[tuple]) -> None:
    with transaction.atomic(), TemporaryDirectory() as folder:
        model = Model()
        for kind, *details in history:
            if kind == "import":
                wanted = {name: {"price": price, "weight": weight} for name, (price, weight) in details[0].items()}
                model.take(bring_in(Path(folder), details[0]), wanted)
            elif kind in ("price", "title") and details[0] in model.shop:
                (set_price if kind == "price" else set_title)(*details)
                model.shop[details[0]] = model.shop[details[0]] | {kind: details[1]}
            elif kind == "undo" and model.runs:
                run = model.runs[details[0] % len(model.runs)]
                if not run.is_undone:
                    answer = undo_import(run.id, actor_name="test", progress=lambda count: None)
                    left = model.take_back(run, answer.import_id)
                    assert {one.identifier.casefold() for one in answer.left_alone} == left
            assert read_shop() == model.shop
        call_command("doctor", stdout=StringIO())
        transaction.set_rollback(True)
