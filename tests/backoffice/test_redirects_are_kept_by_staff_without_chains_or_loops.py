"""Staff keep redirects of one step; chains, loops and dead ends are refused in a sentence that says what to do."""

import pytest
from django.test import Client
from oscar.apps.catalogue.models import Product

from catalog.addresses.models import MissedAddress
from catalog.search.index import refresh_documents
from shop.audit.models import AuditEntry
from shop.redirects.models import Redirect
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_category, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CO04")]
ADD = "/admin/redirects/redirect/add/"


@pytest.fixture
def desk() -> Client:
    make_category("Living", "Lamps")
    return staff_client("marketing")


def _enter(desk: Client, old: str, new: str, *, address: str = ADD) -> str:
    """The refusing sentence, or nothing when it was saved."""
    answer = desk.post(address, {"from_path": old, "to_path": new})
    if answer.status_code == 302:
        return ""
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_redirect_is_kept_cleaned_and_audited(desk: Client, client: Client) -> None:
    assert _enter(desk, "https://testserver/Old%20Page/", "/c/living/lamps/") == ""
    assert Redirect.objects.get().from_path == "/Old Page"
    answer = client.get("/Old%20Page/")
    assert (answer.status_code, answer["Location"]) == (301, "/c/living/lamps/")
    entry = AuditEntry.objects.get(subject_type="redirect", action="add")
    assert entry.after["to_path"] == "/c/living/lamps/"
    assert entry.actor_name == "marketing@shop.example"


def test_a_changed_redirect_leads_elsewhere_and_an_ended_one_nowhere(desk: Client, client: Client) -> None:
    _enter(desk, "/old", "/c/living/lamps/")
    address = f"/admin/redirects/redirect/{Redirect.objects.get().pk}/change/"
    assert _enter(desk, "/older", "/c/living/", address=address) == ""
    assert client.get("/old").status_code == 404
    assert client.get("/older")["Location"] == "/c/living/"
    desk.post(f"/admin/redirects/redirect/{Redirect.objects.get().pk}/end/", {"key": "k"})
    assert client.get("/older").status_code == 404
    assert AuditEntry.objects.filter(subject_type="redirect", action="end").exists()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("/new-one", "/old", "is itself redirected, to /c/living/lamps/. Enter /c/living/lamps/"),
        ("/c/living/lamps/old", "/c/living/lamps/old/", "would lead to itself"),
        ("/old/", "/c/living/", "leads somewhere already"),
        ("/c/living/", "/c/living/lamps/", "A page of the shop lives at /c/living"),
        ("/x", "/c/living/vases/", "does not exist"),
        ("/x", "/p/hidden/", "is hidden from the shop"),
        ("/x", "https://example.org/", "is not this shop"),
        ("x", "/", "is not a path"),
        ("/p/before", "/old", "leads somewhere already"),
    ],
)
def test_what_would_not_help_is_refused_in_words(desk: Client, old: str, new: str, sentence: str) -> None:
    hidden = make_product("Hidden", sku="HIDDEN")
    Product.objects.filter(pk=hidden.pk).update(slug="hidden", is_public=False)
    _enter(desk, "/old", "/c/living/lamps/")
    Redirect.objects.create(from_path="/p/before", to_path="/c/living/")
    assert sentence in _enter(desk, old, new)
    assert Redirect.objects.count() == 2


def test_a_loop_and_both_ends_of_a_chain_are_refused(desk: Client) -> None:
    Redirect.objects.create(from_path="/a", to_path="/b")
    assert "visitors would go in circles" in _enter(desk, "/b", "/a")
    assert "/a leads to /b, which would then lead on. Send /a to /c/living/ first." in _enter(desk, "/b", "/c/living/")
    assert Redirect.objects.count() == 1


def test_a_target_that_moved_is_named(desk: Client) -> None:
    lamp = make_product("Lamp")
    Product.objects.filter(pk=lamp.pk).update(slug="a")
    Product.objects.filter(pk=lamp.pk).update(slug="b")
    assert "/p/a/ has moved to /p/b/. Enter that address." in _enter(desk, "/x", "/p/a/")


def test_what_was_asked_for_most_stands_first_with_a_proposal(desk: Client) -> None:
    lamp = make_product("Blue table lamp", category=make_category("Living", "Lamps"))
    refresh_documents([lamp.pk])
    for path, count in (("/seldom", 1), ("/blue-table-lamp.html", 40)):
        MissedAddress.objects.create(path=path, count=count)
    page = desk.get("/admin/addresses/missedaddress/").content.decode()
    assert page.index("/blue-table-lamp.html") < page.index("/seldom")
    assert f"Redirect to /p/{lamp.slug}/" in page
    form = desk.get(f"{ADD}?from_path=/blue-table-lamp.html&to_path=/p/{lamp.slug}/").content.decode()
    assert 'value="/blue-table-lamp.html"' in form
    _enter(desk, "/blue-table-lamp.html", f"/p/{lamp.slug}/")
    assert [row.path for row in MissedAddress.objects.all()] == ["/seldom"]
    row = MissedAddress.objects.get()
    desk.post("/admin/addresses/missedaddress/", {"action": "forget", "_selected_action": [row.pk]})
    assert not MissedAddress.objects.exists()


@pytest.mark.feature("CA08")
def test_a_product_gets_another_address_on_its_page(client: Client) -> None:
    lamp, other = make_product("Lamp", sku="L-1"), make_product("Vase", sku="V-1")
    desk = staff_client("catalogue editor")
    address = f"/admin/catalogue/product/{lamp.pk}/address/"
    assert "Change its address" in desk.get(f"/admin/catalogue/product/{lamp.pk}/change/").content.decode()
    page = desk.post(address, {"slug": other.slug, "reason": "shorter", "key": "a"}).content.decode()
    assert "is at /p/" in page
    assert (
        "cannot be a part of an address"
        in desk.post(address, {"slug": "Blue Lamp!", "reason": "x", "key": "a"}).content.decode()
    )
    assert desk.post(address, {"slug": "moon", "reason": "shorter", "key": "b"}).status_code == 303
    assert client.get(f"/p/{lamp.slug}/")["Location"] == "/p/moon/"
    assert client.get("/search/?q=Lamp").text.count("/p/moon/") >= 1
    assert AuditEntry.objects.get(action="change address").after == {"slug": "moon"}
