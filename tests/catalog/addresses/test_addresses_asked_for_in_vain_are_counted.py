"""A path that is not found is counted; who asked is not kept, a flood becomes few writes, and the table stays small."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.addresses import missed
from catalog.addresses.missed import clean_missed, note_missed, write_missed
from catalog.addresses.models import MissedAddress
from catalog.addresses.proposing import propose_targets
from catalog.search.index import refresh_documents
from tests.shopfloor import make_category, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CO04")]


@pytest.fixture(autouse=True)
def fresh_tally(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "_tally", missed.Tally())


def _counts() -> dict[str, int]:
    return dict(MissedAddress.objects.values_list("path", "count"))


def test_a_page_that_is_not_there_is_counted_once_for_each_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "PAUSE", 0.0)
    for _ in range(3):
        assert client.get("/old-lamp/?mail=ada@example.org").status_code == 404
    client.post("/old-lamp/")
    assert _counts() == {"/old-lamp": 3}


def test_a_flood_of_wrong_addresses_is_one_write(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        for number in range(50):
            client.get(f"/wrong/{number}.html")
    assert len([one for one in captured if "INSERT INTO addresses_missedaddress" in one["sql"]]) == 1


def test_a_page_that_is_found_writes_nothing(client: Client) -> None:
    product = make_product("Lamp")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/p/{product.slug}/").status_code == 200
    assert not [one for one in captured if "addresses_missedaddress" in one["sql"]]


def test_a_process_remembers_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "MOST_AT_ONCE", 5)
    tally = missed.Tally()
    assert tally.add("/first") == {"/first": 1}
    for number in range(20):
        assert tally.add(f"/{number}") == {}
    monkeypatch.setattr(missed, "PAUSE", 0.0)
    assert len(tally.add("/0")) == 5


def test_the_table_keeps_the_most_asked_and_forgets_the_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "MOST_KEPT", 10)
    write_missed({"/often": 7})
    for number in range(30):
        write_missed({f"/{number}": 1})
    assert len(_counts()) == 10
    assert _counts()["/often"] == 7
    assert "/29" in _counts()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE addresses_missedaddress SET last_at = now() - interval '91 days' WHERE path = '/often'")
    write_missed({"/new": 1})
    assert "/often" not in _counts()


@pytest.mark.parametrize(
    "path",
    [
        "/order/8sJk2hHk29sk/", "/account/confirm/ada/", "/checkout/x", "/search/ada-lovelace", "/ada@example.org/",
        "/unsubscribe/9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c/", "/customer/123456789/", "/wp-login.php", "/.env", "/a.png",
        "/" + "x" * 400, "/line\nbreak/", "/",
    ],
)  # fmt: skip
def test_what_could_tell_of_a_person_or_is_no_page_is_not_kept(path: str) -> None:
    assert clean_missed(path) is None


def test_no_column_could_hold_a_person() -> None:
    assert {field.name for field in MissedAddress._meta.fields} == {"id", "path", "count", "first_at", "last_at"}


def test_a_database_that_refuses_does_not_fail_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(counts: object) -> None:
        raise DatabaseError("read only")

    monkeypatch.setattr(missed, "write_missed", refuse)
    note_missed("/gone")


def test_the_nearest_page_is_proposed() -> None:
    lamp = make_product("Blue table lamp", category=make_category("Living", "Cushions"))
    refresh_documents([lamp.pk])
    found = propose_targets(["/shop/blue-table-lamp-17.html", "/cat/cushions", "/zzzzqqq", "/123/", "/"])
    assert found == {"/shop/blue-table-lamp-17.html": f"/p/{lamp.slug}/", "/cat/cushions": "/c/living/cushions/"}
