"""From and until, on the shop's clock, beside the switch; the list tells what is scheduled, ended and archived."""

from datetime import UTC, datetime

import pytest
from oscar.apps.catalogue.models import Product

from catalog.models import Publication
from catalog.publication.archive import archive_products
from tests.backoffice.desk import staff_client
from tests.backoffice.test_a_product_is_kept_on_one_page import fields_of, save
from tests.shopfloor import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA06")]


def test_a_window_is_saved_to_the_minute_of_the_shops_clock() -> None:
    client, lamp = staff_client("catalogue editor"), make_product("Lamp")
    assert save(client, lamp, publish_from="2030-07-01T08:00", publish_to="2030-12-01T08:00").status_code == 303
    shown = Publication.objects.get(pk=lamp.pk)
    assert shown.publish_from == datetime(2030, 7, 1, 6, 0, tzinfo=UTC)
    assert shown.publish_to == datetime(2030, 12, 1, 7, 0, tzinfo=UTC)
    page = client.get(f"/admin/catalogue/product/{lamp.pk}/change/").content.decode()
    assert "Shoppers see it from 1 July 2030, 08:00." in page
    assert "scheduled" in client.get("/admin/catalogue/product/?listed=later").content.decode()
    save(client, lamp, publish_from="", publish_to="")
    assert Publication.objects.get(pk=lamp.pk).publish_from is None


def test_the_second_of_two_equal_minutes_survives_a_save_that_does_not_touch_it() -> None:
    client, lamp = staff_client(), make_product("Lamp")
    second = datetime(2030, 10, 27, 1, 30, tzinfo=UTC)
    Publication.objects.create(product=lamp, publish_from=second)
    assert fields_of(client, lamp)["publish_from"] == "2030-10-27T02:30"
    save(client, lamp, title="Renamed")
    assert Publication.objects.get(pk=lamp.pk).publish_from == second


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        ("2030-03-31T02:30", "", "02:30 does not exist on 31 March 2030"),
        ("soon", "", "is not a date and time"),
        ("2030-07-01T08:00", "2030-06-30T08:00", "before it is shown on 2030-07-01 at 08:00"),
    ],
)
def test_a_window_that_cannot_be_is_refused_in_words(begins: str, ends: str, words: str) -> None:
    client, lamp = staff_client(), make_product("Lamp")
    answer = save(client, lamp, title="Other", publish_from=begins, publish_to=ends)
    assert words in answer.content.decode()
    assert Product.objects.get(pk=lamp.pk).title == "Lamp"


def test_an_archived_product_is_not_shown_by_its_switch() -> None:
    client, lamp = staff_client(), make_product("Lamp")
    archive_products([lamp.pk])
    answer = save(client, lamp, is_public="on")
    assert "Take it out of the archive before you show it." in answer.content.decode()
