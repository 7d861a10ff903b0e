"""In the recommended order of a list what is sold out stands below what can be bought; each product still once."""

import pytest
from django.test import Client
from oscar.apps.catalogue.models import Product

from catalog.search.placements import place_product, sink_sold_out
from catalog.search.records import SearchDocument
from catalog.search.staff_words import Placement
from inventory.models import StockLevel
from inventory.reservation import release_reservations, reserve
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_category, open_shop, record_of
from tests.storefront.shelf import fill_shelf

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SF02", "SF06")]
LIST = "/c/living/lamps/"


@pytest.fixture
def lamps() -> list[Product]:
    """Sixty on three pages; the seventh and every seventh after it sold out, though they sell best of all."""
    open_shop()
    shelf = fill_shelf(60)
    SearchDocument.objects.filter(pk__in=[one.pk for one in shelf[6::7]]).update(popularity=50)
    return shelf


def names_of(client: Client, address: str = LIST, *, pages: int = 3) -> list[str]:
    mark = "&" if "?" in address else "?"
    return [
        card.name
        for page in range(1, pages + 1)
        for card in client.get(f"{address}{mark}page={page}").context["listing"].cards
    ]


def test_they_stand_last_and_each_product_is_on_one_page(client: Client, lamps: list[Product]) -> None:
    sold_out = {one.title for one in lamps[6::7]}
    shown = names_of(client)
    assert set(shown[: -len(sold_out)]).isdisjoint(sold_out)
    assert set(shown[-len(sold_out) :]) == sold_out
    assert sorted(shown) == sorted(one.title for one in lamps)


def test_also_when_whole_pages_lie_below_what_can_be_bought(client: Client, lamps: list[Product]) -> None:
    StockLevel.objects.exclude(stock_record__product__in=lamps[:5]).update(on_hand=0)
    shown = names_of(client)
    assert set(shown[:5]) == {one.title for one in lamps[:5]}
    assert sorted(shown) == sorted(one.title for one in lamps)


def test_a_hold_sinks_it_and_its_end_lifts_it_again(client: Client, lamps: list[Product]) -> None:
    record = record_of(lamps[0])
    first = names_of(client, pages=1)[0]
    assert first == lamps[0].title
    reserve(claim="order:1", quantities={record.pk: 1}, minutes=15)
    assert names_of(client, pages=1)[0] != first
    release_reservations("order:1")
    assert names_of(client, pages=1)[0] == first


def test_the_shoppers_own_order_and_the_answers_to_words_stay(client: Client, lamps: list[Product]) -> None:
    assert names_of(client, f"{LIST}?sort=price") == [one.title for one in lamps]
    assert names_of(client, "/search/?q=lamp", pages=1)[0] in {one.title for one in lamps[6::7]}


def test_pins_and_burials_hold_among_what_can_be_bought(client: Client, lamps: list[Product]) -> None:
    category = make_category("Living", "Lamps")
    place_product(product=lamps[40], kind=Placement.Kind.PIN, category=category, actor=None)
    place_product(product=lamps[0], kind=Placement.Kind.BURY, category=category, actor=None)
    shown = names_of(client)
    available = [name for name in shown if name not in {one.title for one in lamps[6::7]}]
    assert shown[0] == available[0] == lamps[40].title
    assert available[-1] == lamps[0].title
    assert shown[: len(available)] == available


def test_staff_read_why_and_may_switch_it_off(client: Client, lamps: list[Product]) -> None:
    desk = staff_client("marketing")
    note = "sold out: below everything that can be bought"
    assert note not in desk.get(f"{LIST}?explain=1").text
    assert desk.get(f"{LIST}?explain=1&page=3").text.count(note) == len(lamps[6::7])
    category = make_category("Living", "Lamps")
    owner = staff_client("catalogue editor")
    page = f"/admin/catalogue/category/{category.pk}/change/"
    form = owner.get(page).context["adminform"].form
    assert form["sinks_sold_out"].value() is True
    fields = {name: form[name].value() or "" for name in form.fields if name != "sinks_sold_out"}
    assert owner.post(page, {**fields, "is_public": "on"}).status_code == 302
    assert names_of(client, pages=1)[0] in {one.title for one in lamps[6::7]}
    assert owner.get(page).context["adminform"].form["sinks_sold_out"].value() is False
    assert AuditEntry.objects.filter(action="keep sold-out products in place").count() == 1
    assert not sink_sold_out(category, is_on=False, actor=None)


def test_a_list_costs_the_same_however_many_are_sold_out(
    client: Client, lamps: list[Product], django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    StockLevel.objects.exclude(stock_record__product__in=lamps[:5]).update(on_hand=0)
    for page in (1, 2, 3):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            client.get(f"{LIST}?page={page}")
