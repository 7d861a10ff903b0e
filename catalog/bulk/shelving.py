"""Publish, hide and archive many products; put them into a category or take them out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection
from oscar.apps.catalogue.models import Category, Product, ProductCategory

from catalog.bulk.kinds import BulkRefused, PlannedRow
from catalog.publication.archive import archive_products, restore_products
from catalog.publication.obstacles import publication_obstacles
from catalog.publication.schedule import show_products
from catalog.search.index import refresh_documents

STANDINGS: Final = ("shown", "hidden", "archived")
_LOCK: Final = "SELECT id FROM catalogue_product WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def lock_products(product_ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, (list(product_ids),))


def titles_of(product_ids: Sequence[int]) -> dict[int, str]:
    rows = Product.objects.filter(pk__in=list(product_ids), parent=None).order_by("title", "pk")
    return dict(rows.values_list("pk", "title"))


class StandingChange:
    """Choices: `standing`, one of STANDINGS."""

    name = "standing"
    title = "Shown, hidden, archived"
    permission = "catalogue.change_product"

    def plan(self, product_ids: Sequence[int], choices: Mapping[str, Any]) -> list[PlannedRow]:
        wanted = choices.get("standing")
        if wanted not in STANDINGS:
            raise BulkRefused("Choose whether the products are shown, hidden or archived.")
        now, obstacles = _standings(product_ids), {}
        changing = {pk: title for pk, title in titles_of(product_ids).items() if now[pk] != wanted}
        if wanted == "shown":
            obstacles = publication_obstacles(changing)
        rows = []
        for pk, title in changing.items():
            refusal = " ".join(obstacles.get(pk, []))
            if now[pk] == "archived" and wanted == "shown":
                refusal = "It is archived. Hide it first, which takes it out of the archive."
            rows.append(
                PlannedRow(
                    subject_id=pk, label=title, before=now[pk], after=wanted, refusal=refusal[:400],
                    notes=[refusal] if refusal else [],
                )
            )  # fmt: skip
        return rows

    def read(self, subject_ids: Sequence[int]) -> dict[int, Any]:
        lock_products(subject_ids)
        return dict(_standings(subject_ids))

    def write(self, values: Mapping[int, Any], *, actor_name: str, reason: str) -> None:
        by_standing: dict[str, list[int]] = {}
        for pk, standing in values.items():
            by_standing.setdefault(standing, []).append(pk)
        archive_products(by_standing.get("archived", []))
        restore_products([*by_standing.get("hidden", []), *by_standing.get("shown", [])])
        show_products(by_standing.get("hidden", []), is_public=False)
        show_products(by_standing.get("shown", []), is_public=True)

    def say(self, value: Any) -> str:
        return str(value)


def _standings(product_ids: Sequence[int]) -> dict[int, str]:
    rows = Product.objects.filter(pk__in=list(product_ids), parent=None)
    return {
        pk: "archived" if archived_at is not None else "shown" if is_public else "hidden"
        for pk, is_public, archived_at in rows.values_list("pk", "is_public", "publication__archived_at")
    }


class CategoryChange:
    """Choices: `category` (its id) and `act`, `add` or `remove`."""

    name = "category"
    title = "Category"
    permission = "catalogue.change_product"

    def plan(self, product_ids: Sequence[int], choices: Mapping[str, Any]) -> list[PlannedRow]:
        category = Category.objects.filter(pk=choices.get("category")).first()
        if category is None or choices.get("act") not in ("add", "remove"):
            raise BulkRefused("Choose a category, and whether products come in or go out.")
        now, rows = _categories(product_ids), []
        for pk, title in titles_of(product_ids).items():
            before = now.get(pk, [])
            after = sorted({*before, category.pk} if choices["act"] == "add" else {*before} - {category.pk})
            if before != after:
                notes = [] if after else ["it will be in no category"]
                rows.append(PlannedRow(subject_id=pk, label=title, before=before, after=after, notes=notes))
        return rows

    def read(self, subject_ids: Sequence[int]) -> dict[int, Any]:
        lock_products(subject_ids)
        return {pk: [] for pk in subject_ids} | _categories(subject_ids)

    def write(self, values: Mapping[int, Any], *, actor_name: str, reason: str) -> None:
        now = _categories(list(values))
        gone = ProductCategory.objects.none()
        for pk, wanted in values.items():
            left = set(now.get(pk, [])) - set(wanted)
            if left:
                gone = gone | ProductCategory.objects.filter(product=pk, category__in=left)
        gone.delete()
        ProductCategory.objects.bulk_create(
            ProductCategory(product_id=pk, category_id=one)
            for pk, wanted in values.items()
            for one in wanted
            if one not in now.get(pk, [])
        )
        refresh_documents(values)

    def say(self, value: Any) -> str:
        names = dict(Category.objects.filter(pk__in=value).values_list("pk", "name"))
        return ", ".join(names.get(pk, f"category {pk}") for pk in value) or "none"


def _categories(product_ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    links = ProductCategory.objects.filter(product__in=list(product_ids)).order_by("category_id")
    for pk, category_id in links.values_list("product_id", "category_id"):
        found.setdefault(pk, []).append(category_id)
    return found
