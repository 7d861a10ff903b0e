"""Units and value at any instant are what the ledger gives when it is replayed from the first movement."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oscar.apps.partner.models import StockRecord

from catalog.models import PriceDetail
from inventory.costs.as_of import StockAsOf, StockLine, read_stock_as_of
from inventory.costs.flow import read_value_flow
from inventory.costs.invariants import CHECKS
from inventory.costs.layers import state_missing_costs
from inventory.ledger import (
    Entry,
    StockRefused,
    correct_stock,
    count_stock,
    receive_stock,
    return_stock,
    transfer_stock,
    write_off,
)
from inventory.models import CostLayer, StockMovement
from shop.doctor.checks import run_check
from tests.inventory.replay import replay
from tests.inventory.shelf import make_location, make_stock_record

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN06")]

ACTS = st.tuples(
    st.sampled_from(["buy", "receive", "count", "lose", "carry", "give back", "correct", "state"]),
    st.integers(0, 1),
    st.sampled_from(["main", "east"]),
    st.integers(1, 7),
    st.decimals("0", "99.99", places=2),
)


def entry(record: StockRecord, key: object, place: str = "") -> Entry:
    return Entry(
        stock_record_id=record.pk, location_code=place, actor_name="Ann", reason="because", idempotency_key=str(key)
    )


def do(act: str, record: StockRecord, place: str, units: int, cost: Decimal, key: object) -> None:
    said = entry(record, key, place)
    other = "east" if place == "main" else "main"
    acts: dict[str, Callable[[], object]] = {
        "buy": lambda: receive_stock(said, quantity=units, cost=cost),
        "receive": lambda: receive_stock(said, quantity=units),
        "count": lambda: count_stock(said, quantity=units),
        "lose": lambda: write_off(said, quantity=units),
        "carry": lambda: transfer_stock(said, to_code=other, quantity=units),
        "give back": lambda: return_stock(said, quantity=units),
        "correct": lambda: correct_stock(said, quantity_delta=-units),
        "state": lambda: PriceDetail.objects.update_or_create(stock_record=record, defaults={"cost": cost}),
    }
    try:
        with transaction.atomic():
            acts[act]()
    except StockRefused:
        pass


def of(answer: StockAsOf, record: StockRecord) -> StockLine | None:
    return next((line for line in answer.lines if line.stock_record_id == record.pk), None)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=4, max_size=14))
def test_at_every_instant_the_question_and_the_replay_agree(acts: list[tuple]) -> None:
    with transaction.atomic():
        make_location("main")
        make_location("east")
        records = [make_stock_record() for _ in range(2)]
        for number, (act, index, place, units, cost) in enumerate(acts):
            do(act, records[index], place, units, cost, f"{id(acts)}:{number}")
        for at in StockMovement.objects.order_by("pk").values_list("created_at", flat=True):
            expected, answer = replay(until=at), read_stock_as_of(at)
            found = {line.stock_record_id: line for line in answer.lines}
            for pk, shelf in expected.items():
                line = found.get(pk)
                told = (line.on_hand, line.in_transit, line.value, line.uncosted) if line else (0, 0, 0, 0)
                assert told == (shelf.on_hand, shelf.in_transit, shelf.value, shelf.uncosted)
            assert answer.totals.value == sum(shelf.value for shelf in expected.values())
        assert [check.name for check in CHECKS if run_check(check).violations] == []
        now = read_stock_as_of(timezone.now())
        for record in records:
            record.refresh_from_db()
            line = of(now, record)
            assert (line.on_hand if line else 0) == (record.num_in_stock or 0), "the past ends in the present"
        transaction.set_rollback(True)


def shift(days: int) -> None:
    """Everything so far happened that many days earlier."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE inventory_stockmovement SET created_at = created_at - %s", [timedelta(days=days)])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_first_in_first_out_to_the_cent() -> None:
    lamp = make_stock_record("LAMP")
    receive_stock(entry(lamp, 1), quantity=3, cost=Decimal("10.00"))
    receive_stock(entry(lamp, 2), quantity=2, cost=Decimal("9.00"))
    before = timezone.now()
    write_off(entry(lamp, 3), quantity=1)
    line = of(read_stock_as_of(timezone.now()), lamp)
    assert line is not None
    assert (line.on_hand, line.value) == (4, Decimal("15.67")), "two thirds of 10.00, and 9.00"
    assert of(read_stock_as_of(before), lamp).value == Decimal("19.00")  # type: ignore[union-attr]
    write_off(entry(lamp, 4), quantity=2)
    assert of(read_stock_as_of(timezone.now()), lamp).value == Decimal("9.00")  # type: ignore[union-attr]


def test_the_value_flows_from_one_instant_to_another_without_a_rest() -> None:
    lamp = make_stock_record("LAMP")
    receive_stock(entry(lamp, 1), quantity=3, cost=Decimal("10.00"))
    since = timezone.now()
    receive_stock(entry(lamp, 2), quantity=2, cost=Decimal("9.00"))
    write_off(entry(lamp, 3), quantity=4)
    flow = read_value_flow(since=since, until=timezone.now())
    assert (flow.opening, flow.came_in, flow.went_out, flow.closing) == (
        Decimal("10.00"), Decimal("9.00"), Decimal("14.50"), Decimal("4.50"),
    )  # fmt: skip


def test_units_without_a_document_cost_what_the_product_states_or_what_the_last_ones_cost() -> None:
    stated, bought, unknown = make_stock_record("A"), make_stock_record("B"), make_stock_record("C")
    PriceDetail.objects.create(stock_record=stated, cost=Decimal("1.2345"))
    receive_stock(entry(bought, "b"), quantity=4, cost=Decimal("10.00"))
    for record in (stated, bought, unknown):
        count_stock(entry(record, f"count {record.pk}"), quantity=10)
    layers = CostLayer.objects.order_by("movement_id").values_list("stock_record__partner_sku", "amount", "source")
    assert list(layers) == [
        ("B", Decimal("10.000"), "purchase"), ("A", Decimal("12.350"), "stated"), ("B", Decimal("15.000"), "latest")
    ]  # fmt: skip
    answer = read_stock_as_of(timezone.now(), choice="uncosted")
    assert [(line.sku, line.uncosted, line.value) for line in answer.lines] == [("C", 10, 0)]
    PriceDetail.objects.create(stock_record=unknown, cost=Decimal("2"))
    assert (state_missing_costs(), state_missing_costs()) == (1, 0)
    assert of(read_stock_as_of(timezone.now()), unknown).value == Decimal("20.00")  # type: ignore[union-attr]


def dispatched(record: StockRecord, units: int) -> None:
    """As a parcel would; the ledger row is all that the report reads."""
    on_hand = StockMovement.objects.filter(stock_record=record).latest("pk").on_hand_after
    StockMovement.objects.create(
        stock_record=record, location=make_location(f"l{record.pk}"), kind="dispatch", quantity_delta=-units,
        on_hand_after=on_hand - units, actor_name="Ann", idempotency_key=f"parcel:{record.pk}",
    )  # fmt: skip


def test_cover_sell_through_and_what_does_not_sell() -> None:
    sells, rests, fresh = make_stock_record("SELLS"), make_stock_record("RESTS"), make_stock_record("FRESH")
    receive_stock(entry(sells, 1), quantity=20, cost=Decimal(100))
    receive_stock(entry(rests, 2), quantity=5, cost=Decimal(50))
    shift(200)
    receive_stock(entry(sells, 3), quantity=10, cost=Decimal(50))
    receive_stock(entry(fresh, 4), quantity=5)
    dispatched(sells, 9)
    return_stock(entry(sells, 5), quantity=3)
    now = timezone.now()
    line = of(read_stock_as_of(now), sells)
    assert line is not None
    assert (line.on_hand, line.sold, line.cover_days, line.sell_through) == (24, 6, 360, Decimal("0.2"))
    dead = read_stock_as_of(now, choice="dead")
    assert [one.sku for one in dead.lines] == ["RESTS"]
    assert (dead.totals.value, dead.totals.lines) == (Decimal("50.00"), 1)
    past = of(read_stock_as_of(now - timedelta(days=100)), sells)
    assert past is not None
    assert (past.on_hand, past.sold, past.cover_days, past.is_dead) == (20, 0, None, True)


def test_the_command_says_the_same_in_words_json_and_a_file(tmp_path: object, capsys: pytest.CaptureFixture) -> None:
    lamp = make_stock_record("LAMP", title="=Lamp")
    receive_stock(entry(lamp, 1), quantity=3, cost=Decimal("10.00"))
    call_command("stock_as_of")
    assert "3 units of 1 SKUs on hand, 0 on the way between locations, worth 10.00 EUR" in capsys.readouterr().out
    file = f"{tmp_path}/stock.csv"
    call_command("stock_as_of", "--json", "--file", file)
    assert '"value": "10.00"' in capsys.readouterr().out
    lines = open(file, encoding="utf-8").read().splitlines()  # noqa: SIM115
    assert lines[0].startswith("sku,title,on_hand,in_transit,value")
    assert lines[1].startswith("LAMP,'=Lamp,3,0,10.00,0,0,")
    call_command("stock_as_of", "--since", "2020-12-31 23:59")
    assert "0.00 EUR were there, 10.00 EUR came in, 0.00 EUR went out" in capsys.readouterr().out
    call_command("stock_as_of", "2020-12-31 23:59")
    assert "0 units of 0 SKUs" in capsys.readouterr().out
    with pytest.raises(CommandError, match="is not a date and time"):
        call_command("stock_as_of", "yesterday")


def test_a_minute_is_meant_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    from inventory.costs.table import read_moment

    assert read_moment("2026-12-31 23:59") == datetime.fromisoformat("2026-12-31T23:59:59.999999+01:00")
