"""Links to categories, and the quiet tint that each branch of the tree has."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.categories import Crumb

TINTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`count` listed products, None where nobody counted. `tint` is 1 … 12."""

    name: str
    url: str
    pk: int = 0
    tint: int = 1
    count: int | None = None
    is_current: bool = False


HOME = Link(name="Home", url="/")


def category_url(address: str) -> str:
    return f"/c/{address}/"


def crumb_links(crumbs: Iterable[Crumb]) -> list[Link]:
    return [Link(name=crumb.name, url=category_url(crumb.address)) for crumb in crumbs]


def tint_of(category_ids: Iterable[int]) -> int:
    """The ground of a category and of everything under it: the oldest id of a branch is its root's."""
    return min(category_ids, default=0) % TINTS + 1
