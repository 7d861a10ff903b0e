"""Where another shop showed a product, visitors are led on with one 301; an undo ends that, and its undo brings it back."""

import pytest
from django.test import Client

from catalog.importing.undo import undo_import
from shop.redirects.models import Redirect
from shop.redirects.moves import Move, add_redirects
from tests.shopfloor import open_shop

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE08")]

FILES = {
    "/products/mug": "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\nmug,Mug,,,MUG,5\n",
    "/product/mug/": "Type,SKU,Name,Regular price\nsimple,MUG,Mug,5\n",
    "/mug.html": "sku,product_type,attribute_set_code,name,price\nMUG,simple,Default,Mug,5\n",
    "/mug": "sku,type,attribute_family_code,name,price,url_key\nMUG,simple,default,Mug,5,mug\n",
    "/products/mug?variant=12": "slug,sku,name,price,category1\nmug,MUG,Mug,5,Home\n",
}


@pytest.mark.parametrize("old", FILES)
def test_the_old_address_of_each_shop_answers_one_301(client: Client, run_import, old: str) -> None:
    open_shop()
    assert run_import(FILES[old]).created == 1
    answer = client.get(old)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (301, "/p/mug/")
    assert client.get(answer["Location"]).status_code == 200


def test_what_leads_somewhere_already_stays_and_an_undo_takes_only_its_own(run_import) -> None:
    add_redirects([Move(old="/products/mug", new="/p/other/")], reason="staff")
    first = run_import(FILES["/products/mug"] + "hat,Hat,,,HAT,5\n")
    assert dict(Redirect.objects.values_list("from_path", "to_path")) == {
        "/products/mug": "/p/other/",
        "/products/hat": "/p/hat/",
    }
    undo = undo_import(first.import_id, actor_name="test", progress=lambda count: None)
    assert list(Redirect.objects.values_list("from_path", flat=True)) == ["/products/mug"]
    undo_import(undo.import_id, actor_name="test", progress=lambda count: None)
    assert Redirect.objects.get(from_path="/products/hat").to_path == "/p/hat/"


def test_a_dry_run_leads_nobody_anywhere(run_import) -> None:
    run_import(FILES["/products/mug"], dry_run=True)
    assert not Redirect.objects.exists()
