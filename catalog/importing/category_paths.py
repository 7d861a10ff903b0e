"""The category tree by the names on the way to each category; what is missing is made in one statement per level.

Written here and not with treebeard's `add_child`, which takes eight statements for each category of a large file.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from django.db.models import F
from django.utils.text import slugify
from oscar.apps.catalogue.models import Category

from catalog.importing.naming import make_handle

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    """`place` is treebeard's path. `is_open` says whether its children have public ancestors."""

    id: int
    place: str
    is_open: bool


class CategoryPaths:
    """Cached. Before anything is made the database is asked again, since another import may have made it meanwhile."""

    def __init__(self) -> None:
        self._load()

    def __contains__(self, path: Path) -> bool:
        return _key(path) in self._nodes

    def __getitem__(self, path: Path) -> int:
        return self._nodes[_key(path)].id

    def make_missing(self, paths: Iterable[Path]) -> None:
        """From the top down; names that differ in case only are the same category."""
        if all(path in self for path in paths):
            return
        self._load()
        levels: dict[int, dict[Path, Path]] = defaultdict(dict)
        for path in paths:
            for depth in range(1, len(path) + 1):
                if path[:depth] not in self:
                    levels[depth].setdefault(_key(path[:depth]), path[:depth])
        for depth in sorted(levels):
            self._make_level(list(levels[depth].values()))

    def _make_level(self, paths: list[Path]) -> None:
        new: list[tuple[Path, Category]] = []
        grown: dict[int, int] = defaultdict(int)
        for path in paths:
            above = self._nodes.get(_key(path[:-1]))
            self._last_step[_key(path[:-1])] += 1
            # The path of a treebeard node is its parent's and one step of fixed length.
            place = Category._get_path(above.place if above else None, len(path), self._last_step[_key(path[:-1])])
            new.append(
                (
                    path,
                    Category(
                        path=place,
                        depth=len(path),
                        numchild=0,
                        name=path[-1],
                        slug=self._choose_slug(path),
                        ancestors_are_public=above.is_open if above else True,
                    ),
                )
            )
            if above:
                grown[above.id] += 1
        Category.objects.bulk_create([category for _, category in new])
        for number in sorted(set(grown.values())):
            chosen = [pk for pk, children in grown.items() if children == number]
            Category.objects.filter(pk__in=chosen).update(numchild=F("numchild") + number)
        for path, category in new:
            self._nodes[_key(path)] = _Node(category.pk, category.path, category.ancestors_are_public)

    def _choose_slug(self, path: Path) -> str:
        """One that none of its siblings has: the address of a category is made of slugs."""
        taken = self._slugs[_key(path[:-1])]
        stem = slugify(path[-1])[:240] or make_handle(path[-1])
        slug = next(slug for number in count(1) if (slug := stem if number == 1 else f"{stem}-{number}") not in taken)
        taken.add(slug)
        return slug

    def _load(self) -> None:
        """A treebeard path is made of steps; the node with all but the last step is the parent."""
        self._nodes: dict[Path, _Node] = {}
        self._slugs: dict[Path, set[str]] = defaultdict(set)
        self._last_step: dict[Path, int] = defaultdict(int)
        names: dict[str, Path] = {}
        rows = Category.objects.order_by("path").values_list(
            "id", "path", "name", "slug", "is_public", "ancestors_are_public"
        )
        for pk, place, name, slug, is_public, is_open in rows:
            above = names.get(place[: -Category.steplen], ())
            names[place] = (*above, name)
            self._nodes.setdefault(_key(names[place]), _Node(pk, place, is_public and is_open))
            self._slugs[_key(above)].add(slug)
            self._last_step[_key(above)] = int(Category._str2int(place[-Category.steplen :]))


def _key(path: Path) -> Path:
    return tuple(name.casefold() for name in path)
