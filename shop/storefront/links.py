"""Links to categories."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.categories import Crumb


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`count` listed products, None where nobody counted."""

    name: str
    url: str
    pk: int = 0
    count: int | None = None
    is_current: bool = False


HOME = Link(name="Home", url="/")


def category_url(address: str) -> str:
    return f"/c/{address}/"


def crumb_links(crumbs: Iterable[Crumb]) -> list[Link]:
    return [Link(name=crumb.name, url=category_url(crumb.address)) for crumb in crumbs]
