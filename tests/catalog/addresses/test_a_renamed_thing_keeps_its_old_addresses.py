"""Whatever way a slug changes, each address a thing ever had leads in one step to where it is now."""

import pytest
from django.db import connection
from django.test import Client
from oscar.apps.catalogue.models import Category, Product

from catalog.addresses.models import FormerAddress
from catalog.addresses.moved import find_moved
from shop.redirects.moves import Move, add_redirects
from tests.shopfloor import make_category, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA08")]


def _rename(product: Product, slug: str) -> None:
    product.slug = slug
    product.save()


def _lamp(slug: str = "a") -> Product:
    product = make_product("Lamp", sku=f"LAMP-{slug}")
    Product.objects.filter(pk=product.pk).update(slug=slug)
    FormerAddress.objects.all().delete()
    product.refresh_from_db()
    return product


def _goes_to(client: Client, path: str) -> str:
    """The one step from `path`; the page after it answers itself."""
    answer = client.get(path)
    assert answer.status_code == 301, (path, answer.status_code)
    assert client.get(answer["Location"]).status_code == 200
    return answer["Location"]


def test_each_former_address_answers_one_301_to_the_present_one(client: Client) -> None:
    lamp = _lamp("a")
    _rename(lamp, "b")
    _rename(lamp, "c")
    assert _goes_to(client, "/p/a/") == "/p/c/"
    assert _goes_to(client, "/p/b/") == "/p/c/"
    assert client.get("/p/c/").status_code == 200
    assert client.head("/p/a/").status_code == 301


def test_the_query_goes_along_and_the_answer_is_not_kept_for_ever(client: Client) -> None:
    lamp = _lamp("a")
    _rename(lamp, "b")
    answer = client.get("/p/a/?colour=Sage")
    assert answer["Location"] == "/p/b/?colour=Sage"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert not answer.cookies


def test_coming_back_to_an_address_ends_its_redirect(client: Client) -> None:
    lamp = _lamp("a")
    _rename(lamp, "b")
    _rename(lamp, "a")
    assert client.get("/p/a/").status_code == 200
    assert _goes_to(client, "/p/b/") == "/p/a/"


def test_a_reused_address_belongs_to_who_lives_there_and_then_to_who_left_last(client: Client) -> None:
    first, second = _lamp("a"), _lamp("other")
    _rename(first, "first")
    _rename(second, "a")
    assert client.get("/p/a/").status_code == 200
    _rename(second, "second")
    assert _goes_to(client, "/p/a/") == "/p/second/"
    Product.objects.filter(pk=second.pk).update(is_public=False)
    assert _goes_to(client, "/p/a/") == "/p/first/"


def test_an_address_that_something_hidden_holds_leads_nowhere(client: Client) -> None:
    first, second = _lamp("a"), _lamp("other")
    _rename(first, "first")
    _rename(second, "a")
    Product.objects.filter(pk=second.pk).update(is_public=False)
    assert client.get("/p/a/").status_code == 404


def test_what_is_hidden_or_gone_has_no_address(client: Client) -> None:
    lamp = _lamp("a")
    _rename(lamp, "b")
    Product.objects.filter(pk=lamp.pk).update(is_public=False)
    assert client.get("/p/a/").status_code == 404


def test_two_products_that_swap_addresses_do_not_run_in_circles(client: Client) -> None:
    first, second = _lamp("a"), _lamp("b")
    _rename(first, "between")
    _rename(second, "a")
    _rename(first, "b")
    assert client.get("/p/a/").status_code == client.get("/p/b/").status_code == 200
    assert _goes_to(client, "/p/between/") == "/p/b/"


@pytest.mark.parametrize("way", ["save", "update", "bulk_update", "sql"])
def test_no_way_of_changing_a_slug_escapes(way: str) -> None:
    lamp = _lamp("a")
    if way == "save":
        _rename(lamp, "b")
    elif way == "update":
        Product.objects.filter(pk=lamp.pk).update(slug="b")
    elif way == "bulk_update":
        lamp.slug = "b"
        Product.objects.bulk_update([lamp], ["slug"])
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE catalogue_product SET slug = 'b' WHERE id = %s", (lamp.pk,))
    assert find_moved("/p/a/") == "/p/b/"


def test_a_save_that_changes_no_slug_remembers_nothing() -> None:
    lamp = _lamp("a")
    lamp.title = "Another lamp"
    lamp.save()
    make_category("Living", "Lamps").save()
    assert not FormerAddress.objects.exists()


def test_a_renamed_category_moves_everything_below_it(client: Client) -> None:
    small = make_category("Living", "Lamps", "Small")
    living, lamps = Category.objects.get(name="Living"), Category.objects.get(name="Lamps")
    living.slug = "rooms"
    living.save()
    lamps.refresh_from_db()
    lamps.slug = "lights"
    lamps.save()
    assert _goes_to(client, "/c/living/") == "/c/rooms/"
    assert _goes_to(client, "/c/living/lamps/") == "/c/rooms/lights/"
    assert _goes_to(client, "/c/rooms/lamps/small/") == "/c/rooms/lights/small/"
    assert _goes_to(client, "/c/living/lamps/small/?colour=Sage&page=1") == "/c/rooms/lights/small/?colour=Sage&page=1"
    assert client.get("/c/rooms/lights/small/").status_code == 200
    assert small.pk in FormerAddress.objects.values_list("owner_id", flat=True)


def test_a_moved_category_takes_its_branch_along(client: Client) -> None:
    make_category("Living", "Lamps", "Small")
    garden = make_category("Garden")
    make_category("Garden", "Chairs")
    Category.objects.get(name="Lamps").move(garden, "first-child")
    assert _goes_to(client, "/c/living/lamps/") == "/c/garden/lamps/"
    assert _goes_to(client, "/c/living/lamps/small/") == "/c/garden/lamps/small/"
    assert client.get("/c/garden/chairs/").status_code == 200
    assert not FormerAddress.objects.filter(address__startswith="garden").exists()
    Category.objects.get(name="Lamps").move(Category.objects.get(name="Living"), "first-child")
    assert client.get("/c/living/lamps/small/").status_code == 200
    assert _goes_to(client, "/c/garden/lamps/small/") == "/c/living/lamps/small/"


def test_a_redirect_of_staff_goes_first_and_still_costs_one_step(client: Client) -> None:
    lamp = _lamp("a")
    add_redirects([Move(old="/old-lamp", new="/p/a/")], reason="test")
    _rename(lamp, "b")
    assert _goes_to(client, "/old-lamp") == "/p/b/"


@pytest.mark.parametrize("path", ["/p//", "/c/\x00/", "/x/y/", "/p/" + "a" * 3000 + "/", "/c/a//b/", "/"])
def test_strange_paths_were_nowhere(path: str) -> None:
    assert find_moved(path) is None
