"""The keeper of pages hears of every committed change before it gives anything out, and writers never wait for it."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord

from inventory.models import Reservation, StockLevel
from shop.page_cache.changes import UNWATCHED, forget_old_changes, watch_tables, watched_tables
from shop.page_cache.keeper import Keeper
from shop.page_cache.shelf import Kept
from shop.written_once import ask
from tests.shopfloor import make_product, record_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("OP05")]

STOCK = frozenset({"inventory_stocklevel"})


@pytest.fixture
def keeper() -> Keeper:
    return Keeper(most_bytes=100_000)


@pytest.fixture
def somebody() -> Iterator[Callable[[], psycopg.Connection]]:
    """Opens further connections, each with a transaction of its own that gives up after a second of waiting."""
    opened = []

    def connect() -> psycopg.Connection:
        info = connection.get_connection_params()
        other = psycopg.connect(
            dbname=info["dbname"], user=info.get("user"), host=info.get("host"), port=info.get("port"),
            options="-c lock_timeout=1000 -c statement_timeout=5000",
        )  # fmt: skip
        opened.append(other)
        return other

    yield connect
    for one in opened:
        one.close()


def _keep(keeper: Keeper, *, tables: frozenset[str] = STOCK, key: str = "page") -> None:
    keeper.put(key, Kept(value="text", size=10, tables=tables), epoch=keeper.hear())
    assert _is_kept(keeper, key)


def _is_kept(keeper: Keeper, key: str = "page") -> bool:
    keeper.hear()
    return keeper.find(key) is not None


def _sell(other: psycopg.Connection, record: StockRecord) -> None:
    other.execute("UPDATE inventory_stocklevel SET allocated = allocated + 1 WHERE stock_record_id = %s", (record.pk,))


def test_a_page_is_forgotten_when_the_change_is_committed_and_not_before(keeper: Keeper, somebody: Callable) -> None:
    record, writer = record_of(make_product()), somebody()
    _sell(writer, record)
    _keep(keeper)
    assert _is_kept(keeper), "what nobody can see yet changes no page"
    writer.commit()
    assert not _is_kept(keeper)


def test_a_transaction_that_began_earlier_and_ends_later_is_heard_of_too(keeper: Keeper, somebody: Callable) -> None:
    one, two = record_of(make_product()), record_of(make_product())
    early, late = somebody(), somebody()
    _sell(early, one)
    _sell(late, two)
    late.commit()
    assert not _is_kept(keeper)
    _keep(keeper)
    early.commit()
    assert not _is_kept(keeper), "its number is lower than what was already heard of"


def test_what_is_rolled_back_and_what_touches_no_row_forgets_nothing(keeper: Keeper, somebody: Callable) -> None:
    record, writer = record_of(make_product()), somebody()
    _keep(keeper)
    _sell(writer, record)
    writer.rollback()
    writer.execute("UPDATE inventory_stocklevel SET allocated = 0 WHERE id = 0")
    writer.execute("DELETE FROM inventory_stocklevel WHERE id = 0")
    writer.commit()
    assert _is_kept(keeper)


def test_a_change_after_a_savepoint_that_was_rolled_back_is_heard_of(keeper: Keeper, somebody: Callable) -> None:
    record, writer = record_of(make_product()), somebody()
    _keep(keeper)
    writer.execute("SAVEPOINT here")
    _sell(writer, record)
    writer.execute("ROLLBACK TO here")
    _sell(writer, record)
    writer.commit()
    assert not _is_kept(keeper)


def test_only_pages_that_read_the_table_are_forgotten(keeper: Keeper) -> None:
    record = record_of(make_product())
    _keep(keeper, key="lamp")
    _keep(keeper, key="imprint", tables=frozenset({"content_showing"}))
    StockLevel.objects.filter(stock_record=record).update(buffer=1)
    assert (_is_kept(keeper, "lamp"), _is_kept(keeper, "imprint")) == (False, True)


def test_a_page_that_was_overtaken_while_it_was_made_is_not_kept(keeper: Keeper) -> None:
    record = record_of(make_product())
    epoch = keeper.hear()
    StockLevel.objects.filter(stock_record=record).update(buffer=1)
    keeper.hear()
    keeper.put("page", Kept(value="old", size=3, tables=STOCK), epoch=epoch)
    assert keeper.find("page") is None


def test_a_page_whose_tables_change_right_after_it_was_read_is_forgotten(keeper: Keeper) -> None:
    record = record_of(make_product())
    epoch = keeper.hear()
    StockLevel.objects.filter(stock_record=record).update(buffer=1)
    keeper.put("page", Kept(value="old", size=3, tables=STOCK), epoch=epoch)
    assert not _is_kept(keeper), "nobody had heard of the change when the page was put down"


@pytest.mark.parametrize("statement", [
    "INSERT INTO inventory_location (code, name, priority, is_active, is_pickup_point, line1, postcode, city, country)"
    " VALUES ('new', 'New', 1, true, false, '', '', '', 'DE')",
    "UPDATE inventory_location SET name = 'Other'",
    "DELETE FROM shipping_rates_band",
    "TRUNCATE content_menuentry",
    "COPY catalog_searchword (word, deletes, documents) FROM STDIN",
])  # fmt: skip
def test_any_way_to_change_a_table_is_noted(keeper: Keeper, somebody: Callable, statement: str) -> None:
    from tests.shopfloor import make_rates

    make_product()
    make_rates()
    tables = watched_tables()
    _keep(keeper, tables=tables)
    writer = somebody()
    if statement.startswith("COPY"):
        with writer.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write_row(("lamp", ["lam"], 1))
    else:
        writer.execute(statement)
    writer.commit()
    assert not _is_kept(keeper)


def test_at_its_moment_a_page_is_forgotten_without_any_write(keeper: Keeper) -> None:
    record = record_of(make_product())
    Reservation.objects.create(
        stock_record=record, quantity=1, claim="order:1", expires_at=Now() + timedelta(seconds=1.5)
    )
    reserved = frozenset({"inventory_reservation"})
    _keep(keeper, tables=reserved)
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        if not Reservation.objects.filter(expires_at__gt=Now()).exists():
            break
        assert _is_kept(keeper) or not Reservation.objects.filter(expires_at__gt=Now()).exists()
    while Reservation.objects.filter(expires_at__gt=Now()).exists():
        time.sleep(0.02)
    assert not _is_kept(keeper)


def test_writers_of_the_same_tables_wait_for_nobody(somebody: Callable) -> None:
    """Twenty orders at once, none committed: were there one row that counts changes, the second would wait."""
    records = [record_of(make_product()) for _ in range(20)]
    writers = [somebody() for _ in records]
    for writer, record in zip(writers, records, strict=True):
        _sell(writer, record)
        writer.execute(
            "INSERT INTO inventory_reservation (stock_record_id, quantity, claim, expires_at) VALUES (%s, 1, 'x', now())",
            (record.pk,),
        )
    for writer in reversed(writers):
        writer.commit()


def test_a_database_that_is_away_empties_the_shelf(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    _keep(keeper)

    def fail(**_: str) -> None:
        raise psycopg.OperationalError("away")

    monkeypatch.setattr("shop.page_cache.keeper.ask_news", fail)
    with pytest.raises(psycopg.OperationalError):
        keeper.hear()
    assert len(keeper.shelf) == 0


def test_a_broken_connection_is_opened_again(keeper: Keeper) -> None:
    _keep(keeper)
    with psycopg.connect(
        dbname=connection.settings_dict["NAME"], host=connection.get_connection_params().get("host"), user="postgres",
        autocommit=True,
    ) as other:  # fmt: skip
        other.execute("SELECT pg_terminate_backend(%s)", (connection.connection.info.backend_pid,))
    with pytest.raises(psycopg.Error):
        keeper.hear()
    connection.close()
    assert not _is_kept(keeper)
    _keep(keeper)


def test_a_rollback_on_the_same_connection_costs_no_page(keeper: Keeper) -> None:
    """The driver then lets go of everything that the server has a plan for."""
    _keep(keeper)
    with transaction.atomic():
        for _ in range(3):
            ask("SELECT count(*) FROM partner_stockrecord", ())
        transaction.set_rollback(True)
    ask("SELECT count(*) FROM partner_stockrecord", ())
    (plans,) = ask("SELECT count(*) FROM pg_prepared_statements WHERE name = 'page_cache_news'", ())
    assert plans == (0,)
    assert _is_kept(keeper)


def test_changes_are_forgotten_two_hours_after_they_were_seen(keeper: Keeper) -> None:
    make_product()
    with connection.cursor() as cursor:
        count = "SELECT count(*) FROM page_cache_change"
        cursor.execute(count)
        noted = cursor.fetchone()[0]
        assert noted > 0
        assert forget_old_changes() == 0
        cursor.execute("UPDATE page_cache_change SET seen_at = seen_at - interval '121 minutes'")
        assert forget_old_changes() == noted
        cursor.execute(count)
        assert cursor.fetchone()[0] == 0


def test_a_new_table_is_watched_from_its_migration_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE storefront_ribbon (id int)")
        assert watch_tables() == ["storefront_ribbon"]
        assert watch_tables() == []
        assert "storefront_ribbon" in watched_tables()


def test_tables_about_persons_are_not_watched() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname ~ %s",
            (UNWATCHED,),
        )
        unwatched = {name for (name,) in cursor.fetchall()}
    assert {"basket_line", "order_order", "accounts_user", "django_session", "checkout_checkoutdraft"} <= unwatched
    assert not unwatched & watched_tables()
