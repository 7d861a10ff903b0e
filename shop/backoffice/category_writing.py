"""Put a category into the tree; what stands in it and below is indexed again in the same transaction."""

from django.db import transaction
from oscar.apps.catalogue.models import Category

from catalog.search.index import refresh_category


@transaction.atomic
def place_category(category: Category, *, parent: Category | None) -> None:
    """Save a new or changed category below `parent` (None: at the top), as the last there when it moves."""
    if category.pk is None:
        if parent is None:
            Category.add_root(instance=category)
        else:
            parent.add_child(instance=category)
    else:
        category.save()
        was = category.get_parent()
        if (was.pk if was else None) != (parent.pk if parent else None):
            if parent is None:
                category.move(Category.get_last_root_node(), "last-sibling")
            else:
                category.move(Category.objects.get(pk=parent.pk), "last-child")
    refresh_category(category.pk)
