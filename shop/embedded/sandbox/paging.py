"""Lists, newest first, with cursors (https://docs.stripe.com/api/pagination)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from shop.embedded.sandbox.errors import invalid_parameter, missing_resource
from shop.embedded.sandbox.params import Params, Reader, integer, read, text
from shop.embedded.sandbox.shapes.lists import shape_list
from shop.embedded.sandbox.store import Json


@dataclass(frozen=True)
class Page:
    limit: int = 10
    after: str | None = None
    before: str | None = None


def read_page(params: Params, filters: dict[str, Reader]) -> tuple[Page, Params]:
    """The cursor, and the values of the filters that were given."""
    values = read(params, {**filters, "limit": integer, "starting_after": text, "ending_before": text})
    limit = values.pop("limit", None)
    limit = 10 if limit is None else limit
    if not 1 <= limit <= 100:
        raise invalid_parameter(f"Invalid limit: {limit}. It must be between 1 and 100.", param="limit")
    after, before = values.pop("starting_after", None), values.pop("ending_before", None)
    if after and before:
        raise invalid_parameter("Only one of starting_after and ending_before may be given.", param="starting_after")
    return Page(limit=limit, after=after, before=before), {k: v for k, v in values.items() if v is not None}


def list_page(found: Iterable[Json], *, page: Page, url: str) -> Json:
    """One page of things that come newest first."""
    if page.before is not None:
        newer: list[Json] = []
        for thing in found:
            if thing["id"] == page.before:
                return shape_list(newer[-page.limit :], url=url, has_more=len(newer) > page.limit)
            newer.append(thing)
        raise missing_resource(noun="object", id=page.before, param="ending_before", status=400)
    rows = iter(found)
    if page.after is not None and not any(thing["id"] == page.after for thing in rows):
        raise missing_resource(noun="object", id=page.after, param="starting_after", status=400)
    data = list(islice(rows, page.limit + 1))
    return shape_list(data[: page.limit], url=url, has_more=len(data) > page.limit)


def filter_created(found: Iterable[Json], bounds: Any) -> Iterator[Json]:
    """`created` as a second, or an object of `gt`, `gte`, `lt`, `lte`."""
    limits = bounds if isinstance(bounds, dict) else {} if bounds in (None, "") else {"gte": bounds, "lte": bounds}
    unknown = sorted(set(limits) - {"gt", "gte", "lt", "lte"})
    if unknown or isinstance(bounds, list):
        raise invalid_parameter("created takes a timestamp or an object of gt, gte, lt, lte.", param="created")
    seconds = {name: integer(value, f"created[{name}]") or 0 for name, value in limits.items()}
    low = max([seconds.get("gte", 0), seconds["gt"] + 1 if "gt" in seconds else 0])
    high = min([seconds.get("lte", 2**62), seconds["lt"] - 1 if "lt" in seconds else 2**62])
    return (thing for thing in found if low <= thing["created"] <= high)


def filter_equal(found: Iterable[Json], wanted: Params, *names: str) -> Iterator[Json]:
    """Only things whose named fields equal the given filters."""
    pairs = [(name, wanted[name]) for name in names if name in wanted]
    return (thing for thing in found if all(thing[name] == value for name, value in pairs))
