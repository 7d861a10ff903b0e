"""Pin, boost and bury: staff place a product in a category's list or in the answers to a question; effective at once."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from oscar.apps.catalogue.models import Category, Product

from catalog.search.folding import read_words
from catalog.search.staff_words import LONGEST_KEY, ListRule, Placement
from catalog.search.synonyms import stem_phrases
from shop.audit.record import record_action


class PlacementRefused(Exception):
    """Says in a sentence why a product cannot be placed so."""


@transaction.atomic
def place_product(
    *,
    product: Product,
    kind: str,
    words: str = "",
    category: Category | None = None,
    position: int = 1,
    placement: Placement | None = None,
    actor: Any,
) -> Placement:
    """Make or change a placement; a product has one in each list. Audited. Raises PlacementRefused."""
    asked = " ".join(read_words(words))
    if bool(asked) == (category is not None):
        raise PlacementRefused("Choose a category, or write the words of a search: one of the two.")
    if product.parent_id is not None:
        raise PlacementRefused("Lists show the product and not its variants: choose the product itself.")
    if category is not None and not _stands_in(product, category):
        raise PlacementRefused(f"“{product.title}” is not in “{category.name}” or below: put it there first.")
    stem = stem_phrases([asked])[0][:LONGEST_KEY] if asked else ""
    others = Placement.objects.filter(product=product, category=category, stem=stem)
    if others.exclude(pk=placement.pk if placement else 0).exists():
        raise PlacementRefused("This product has a place in this list already: change that one.")
    before = _describe(placement) if placement is not None else None
    placement = placement or Placement()
    placement.product, placement.kind, placement.category = product, kind, category
    placement.words, placement.stem, placement.position = asked[:LONGEST_KEY], stem, position
    placement.save()
    record_action(
        action="change placement" if before else "place product",
        subject_type="placement",
        subject_id=placement.pk,
        actor=actor,
        before=before,
        after=_describe(placement),
    )
    return placement


@transaction.atomic
def sink_sold_out(category: Category, *, is_on: bool, actor: Any) -> bool:
    """Whether sold-out products sink in this category's list; answers whether that was news. Audited."""
    was = ListRule.objects.filter(pk=category.pk).values_list("sinks_sold_out", flat=True).first()
    if is_on == (was is not False):
        return False
    ListRule.objects.update_or_create(pk=category.pk, defaults={"sinks_sold_out": is_on})
    record_action(
        action="let sold-out products sink" if is_on else "keep sold-out products in place",
        subject_type="category",
        subject_id=category.pk,
        actor=actor,
        after={"sinks_sold_out": is_on},
    )
    return True


@transaction.atomic
def remove_rows(rows: QuerySet[Any], *, actor: Any) -> int:
    """Take placements or synonyms away; one audit entry each. Returns how many."""
    found = list(rows.select_for_update(of=("self",)))
    for row in found:
        record_action(
            action=f"remove {row._meta.verbose_name}",
            subject_type=row._meta.model_name,
            subject_id=row.pk,
            actor=actor,
            before={"was": str(row)},
        )
    rows.model.objects.filter(pk__in=[row.pk for row in found]).delete()
    return len(found)


def _stands_in(product: Product, category: Category) -> bool:
    return product.categories.filter(path__startswith=category.path).exists()


def _describe(placement: Placement) -> dict[str, Any]:
    return {
        "kind": placement.kind,
        "product": placement.product_id,
        "category": placement.category_id,
        "words": placement.words,
        "position": placement.position,
    }
