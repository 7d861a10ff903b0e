"""What an import made of the category tree and what is left of it empty once the import is taken back."""

from collections import defaultdict

from django.db.models import Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from oscar.apps.catalogue.models import Category, ProductCategory

from catalog.importing.records import ImportRun
from catalog.safety.records import CoveredCategory

Path = tuple[str, ...]


def last_category() -> Combinable:
    """The newest category of the shop, as an expression to be stored: what an import makes has higher numbers."""
    return Coalesce(Subquery(Category.objects.order_by("-id").values("id")[:1]), 0)


def remove_left_categories(run: ImportRun) -> int:
    """Categories that came with the run and hold nothing any more; how many were removed.

    What staff have written on, gathered in a range or said the law covers stays, and so does what is above it.
    """
    if run.last_category is None or not Category.objects.filter(pk__gt=run.last_category).exists():
        return 0
    tree = dict(Category.objects.values_list("path", "name"))
    step = Category.steplen
    named = _paths_of(run)
    below: dict[str, int] = defaultdict(int)
    for path in tree:
        below[path[:-step]] += 1
    bare = Category.objects.filter(pk__gt=run.last_category, description="", image="", includes=None, excludes=None)
    used = ProductCategory.objects.values("category_id")
    bare = bare.exclude(pk__in=used).exclude(pk__in=CoveredCategory.objects.values("category_id"))
    gone = []
    for pk, path in bare.order_by("-depth").values_list("id", "path"):
        names = tuple(tree[path[:end]].casefold() for end in range(step, len(path) + 1, step))
        if names in named and not below[path]:
            gone.append(pk)
            below[path[:-step]] -= 1
    Category.objects.filter(pk__in=gone).delete()
    return len(gone)


def _paths_of(run: ImportRun) -> set[Path]:
    """Every category that the rows of a run name, and those above it."""
    found: set[Path] = set()
    products = run.changes.filter(subject="product").values_list("after__categories", flat=True)
    for paths in products.iterator(chunk_size=1_000):
        for names in {tuple(str(name).casefold() for name in names) for names in paths or ()} - found:
            found.update(names[:length] for length in range(1, len(names) + 1))
    return found
