"""What staff of the demo shop told its search: words that mean the same, and a lamp that stands first."""

from typing import Final

from django.db import transaction
from oscar.apps.catalogue.models import Category, Product

from catalog.search.placements import place_product
from catalog.search.staff_words import Placement, SynonymGroup
from catalog.search.synonyms import write_synonym

# (what shoppers type, what they also find; nothing: both ways)
_SYNONYMS: Final = (
    (("cup", "mug"), ()),
    (("blanket", "throw"), ()),
    (("notepad", "journal"), ("notebook",)),
    (("light", "lighting"), ("lamp",)),
    (("pillow",), ("cushion",)),
    (("flowerpot", "plant pot"), ("planter",)),
)


@transaction.atomic
def teach_search() -> None:
    """Once: nothing is added where staff have written synonyms."""
    if SynonymGroup.objects.exists():
        return
    for terms, means in _SYNONYMS:
        write_synonym(terms=terms, means=means, actor=None)
    category = Category.objects.filter(slug="lighting").first()
    if category is None or Placement.objects.exists():
        return
    members = Product.objects.filter(categories__path__startswith=category.path, search_document__isnull=False)
    first = members.order_by("slug").first()
    if first is not None:
        place_product(product=first, kind=Placement.Kind.PIN, category=category, actor=None)
