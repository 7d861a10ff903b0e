"""No page of the admin shows another look, and what is edited leaves an audit entry with before and after."""

import pytest
from django.contrib import admin
from oscar.apps.catalogue.models import Category, Product
from oscar.apps.catalogue.reviews.models import ProductReview
from unfold.admin import ModelAdmin

from catalog.models import SearchDocument
from catalog.search.index import refresh_documents
from checkout.tax.records import TaxRate
from shop.audit.models import AuditEntry
from shop.backoffice.admin import DESKS
from shop.backoffice.dressing import Desk
from shop.backoffice.navigation import GROUPS
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_category, make_product, make_tax

pytestmark = pytest.mark.django_db


def test_only_dressed_desks_are_registered() -> None:
    assert all(isinstance(desk, ModelAdmin) for desk in admin.site._registry.values())
    assert set(DESKS) <= set(admin.site._registry)
    assert all(isinstance(admin.site._registry[model], Desk) for model in DESKS)


def test_the_menu_leads_to_every_list() -> None:
    named = {name.partition("?")[0] for _, places in GROUPS for _, _, name, _ in places}
    lists = {f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry} - {
        "admin:catalogue_attributeoptiongroup_changelist"
    }
    assert lists <= named


def test_two_tax_rates_in_force_at_once_are_refused_in_words() -> None:
    make_tax()
    form = {"country": "DE", "tax_class": "standard", "rate": "0.16", "name": "VAT 16 %", "valid_from": "2026-01-01"}
    client = staff_client()
    page = client.post("/admin/checkout/taxrate/add/", form).content.decode()
    assert "Another rate of this country and class is in force" in page
    page = client.post("/admin/checkout/taxrate/add/", form | {"country": "FR", "rate": "19"}).content.decode()
    assert "write 0.19 for 19 %" in page


def test_an_edit_is_kept_with_before_and_after() -> None:
    make_tax()
    rate = TaxRate.objects.get(tax_class="standard")
    form = {
        "country": "DE", "tax_class": "standard", "rate": "0.19", "name": "MwSt 19 %", "valid_from": "2021-01-01"
    }  # fmt: skip
    assert staff_client().post(f"/admin/checkout/taxrate/{rate.pk}/change/", form).status_code == 302
    entry = AuditEntry.objects.get(subject_type="taxrate", action="change")
    assert (entry.before["name"], entry.after["name"]) == ("VAT 19 %", "MwSt 19 %")
    assert entry.actor_name == "owner@shop.example"


def test_a_category_moves_with_its_products_and_not_into_itself() -> None:
    lamps = make_category("Living", "Lamps")
    living, garden = make_category("Living"), make_category("Garden")
    product = make_product(category=lamps)
    refresh_documents([product.pk])
    client = staff_client()
    form = {"name": "Lamps", "slug": "lamps", "is_public": "on"}
    client.post(f"/admin/catalogue/category/{lamps.pk}/change/", form | {"parent": garden.pk})
    assert Category.objects.get(pk=lamps.pk).get_parent() == garden
    assert garden.pk in SearchDocument.objects.get(pk=product.pk).category_ids
    page = client.post(
        f"/admin/catalogue/category/{garden.pk}/change/", {"name": "Garden", "slug": "garden", "parent": lamps.pk}
    ).content.decode()
    assert "cannot stand inside itself" in page
    assert living.pk not in SearchDocument.objects.get(pk=product.pk).category_ids
    client.post("/admin/catalogue/category/add/", {"name": "Vases", "slug": "", "parent": garden.pk, "is_public": "on"})
    assert Category.objects.get(name="Vases").get_parent() == Category.objects.get(pk=garden.pk)


def test_an_approved_review_counts_at_once() -> None:
    product = make_product()
    refresh_documents([product.pk])
    review = ProductReview.objects.create(product=product, score=4, title="Warm", body="A warm light.", status=0)
    client = staff_client("catalogue editor")
    client.post(f"/admin/reviews/productreview/{review.pk}/approve/", {"key": "a"})
    document = SearchDocument.objects.get(pk=product.pk)
    assert (document.rating, document.rating_count) == (4, 1)
    assert Product.objects.get(pk=product.pk).rating == 4
    answered = client.post(
        f"/admin/reviews/productreview/{review.pk}/answer/", {"key": "b", "text": "Glad to hear it."}
    )
    assert answered.status_code == 303
    assert "Glad to hear it." in client.get(f"/p/{product.slug}/").text
    client.post("/admin/reviews/productreview/", {"action": "reject", "_selected_action": [review.pk]})
    assert SearchDocument.objects.get(pk=product.pk).rating_count == 0
    assert AuditEntry.objects.filter(action__endswith="review").count() == 3
