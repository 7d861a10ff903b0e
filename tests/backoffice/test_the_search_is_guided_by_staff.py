"""The search desks write synonyms and placements through the search itself: folded, checked, audited, refused in words."""

import pytest

from catalog.models import Placement, SynonymGroup
from catalog.search.index import refresh_documents
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_category, make_product, open_shop

pytestmark = pytest.mark.django_db


@pytest.mark.feature("SF05")
def test_a_synonym_is_written_changed_and_removed() -> None:
    desk = staff_client("catalogue editor")
    desk.post("/admin/catalog/synonymgroup/add/", {"asked": "Couch, settee", "meant": "", "language": "en"})
    group = SynonymGroup.objects.get()
    assert (group.terms, group.means, group.is_two_way) == (["couch", "settee"], [], True)
    address = f"/admin/catalog/synonymgroup/{group.pk}/change/"
    assert "couch, settee" in desk.get(address).content.decode()
    page = desk.post(address, {"asked": "couch", "meant": "", "language": "en"}).content.decode()
    assert "One word alone has no synonym" in page
    desk.post(address, {"asked": "couch", "meant": "sofa", "language": "en"})
    group.refresh_from_db()
    assert (group.terms, group.means) == (["couch"], ["sofa"])
    assert "sofa" in desk.get("/admin/catalog/synonymgroup/").content.decode()
    desk.post("/admin/catalog/synonymgroup/", {"action": "remove", "_selected_action": [group.pk]})
    assert not SynonymGroup.objects.exists()
    entries = AuditEntry.objects.filter(subject_type="synonymgroup").order_by("pk")
    assert [entry.action for entry in entries] == ["add synonym", "change synonym", "remove synonym"]
    assert (entries[1].before["means"], entries[1].after["means"]) == ([], ["sofa"])


@pytest.mark.feature("SF06")
def test_a_product_is_placed_by_its_address_or_sku() -> None:
    open_shop()
    category = make_category("Lamps")
    lamp = make_product("Oak lamp", category=category)
    refresh_documents([lamp.pk])
    desk = staff_client("marketing")
    form = {"kind": "pin", "address": f"/p/{lamp.slug}/", "category": category.pk, "words": "", "position": "1"}
    desk.post("/admin/catalog/placement/add/", form)
    placement = Placement.objects.get()
    assert (placement.product_id, placement.category_id, placement.kind) == (lamp.pk, category.pk, "pin")
    for wrong, sentence in (
        ({"address": "nothing-like-it"}, "No product has the address or the SKU"),
        ({"words": "lamp"}, "one of the two"),
        ({}, "has a place in this list already"),
    ):
        assert sentence in desk.post("/admin/catalog/placement/add/", form | wrong).content.decode()
    sku = lamp.stockrecords.get().partner_sku
    desk.post(
        "/admin/catalog/placement/add/", form | {"address": sku, "category": "", "words": "Lamps", "kind": "bury"}
    )
    assert Placement.objects.get(words="lamps").product_id == lamp.pk
    page = desk.get("/admin/catalog/placement/").content.decode()
    assert "search “lamps”" in page
    change = f"/admin/catalog/placement/{placement.pk}/change/"
    assert desk.get(change).status_code == 200
    desk.post(change, form | {"kind": "boost"})
    placement.refresh_from_db()
    assert placement.kind == "boost"
    assert AuditEntry.objects.filter(subject_type="placement").count() == 3


def test_who_only_looks_may_not_write() -> None:
    desk = staff_client("warehouse")
    assert desk.get("/admin/catalog/synonymgroup/").status_code == 403
    assert desk.post("/admin/catalog/placement/add/", {"kind": "pin"}).status_code == 403
