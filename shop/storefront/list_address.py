"""The address of a list page: read leniently, written in one canonical form, so that what is shown has one name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict

from catalog.search.query import SORTS

LONGEST_TEXT: Final = 200
LONGEST_VALUE: Final = 100
MOST_VALUES: Final = 60
LARGEST_PRICE: Final = Decimal(10) ** 9
RESERVED: Final = frozenset({"q", "page", "sort", "min_price", "max_price", "in_stock"})
_CODE: Final = re.compile(r"[A-Za-z][\w-]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """What an address asks for. `notices` say in a sentence what was left out of it, and why."""

    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    in_stock: bool = False
    sort: str = "relevance"
    page: int = 1
    notices: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        return bool(self.facets or self.in_stock or self.min_price is not None or self.max_price is not None)

    def change(self, **fields: Any) -> "ListRequest":
        """Another request; anything but another page starts at page 1 again."""
        return replace(self, **{"page": 1, **fields})

    def without(self, code: str, value: str) -> "ListRequest":
        kept = tuple(one for one in self.facets.get(code, ()) if one != value)
        facets = {key: values for key, values in self.facets.items() if key != code}
        return self.change(facets={**facets, code: kept} if kept else facets)


def read_address(params: QueryDict) -> ListRequest:
    """Never raises: what cannot be understood is left out, with a notice where the shopper would miss it."""
    notices: list[str] = []
    text = clean_text(params.get("q", ""))
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT].rstrip()
        notices.append(f"That was a long question: we searched for its first {LONGEST_TEXT} characters.")
    low = _read_price(params.get("min_price", ""), notices)
    high = _read_price(params.get("max_price", ""), notices)
    if low is not None and high is not None and low > high:
        low, high = high, low
    sort = params.get("sort", "")
    return ListRequest(
        text=text,
        facets=_read_facets(params),
        min_price=low,
        max_price=high,
        in_stock=params.get("in_stock") == "1",
        sort=sort if sort in SORTS else "relevance",
        page=_read_page(params.get("page", "")),
        notices=tuple(notices),
    )


def write_address(path: str, request: ListRequest) -> str:
    """The canonical address: known parameters only, in one order, defaults left out."""
    pairs: list[tuple[str, str]] = [("q", request.text)] if request.text else []
    pairs += [(code, value) for code in sorted(request.facets) for value in sorted(request.facets[code])]
    if request.min_price is not None:
        pairs.append(("min_price", f"{request.min_price:f}"))
    if request.max_price is not None:
        pairs.append(("max_price", f"{request.max_price:f}"))
    if request.in_stock:
        pairs.append(("in_stock", "1"))
    if request.sort != "relevance":
        pairs.append(("sort", request.sort))
    if request.page > 1:
        pairs.append(("page", str(request.page)))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _read_facets(params: QueryDict) -> dict[str, tuple[str, ...]]:
    facets: dict[str, tuple[str, ...]] = {}
    left = MOST_VALUES
    for code in params:
        if code in RESERVED or not _CODE.fullmatch(code):
            continue
        cleaned = (clean_text(value) for value in params.getlist(code)[:left])
        values = tuple(dict.fromkeys(value for value in cleaned if value and len(value) <= LONGEST_VALUE))
        left -= len(values)
        if values:
            facets[code] = values
    return facets


def _read_page(text: str) -> int:
    """`abc`, `0`, `-1` and nothing are page 1; too far is clamped to the last page by whoever counts."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 9 else 1


def _read_price(text: str, notices: list[str]) -> Decimal | None:
    cleaned = clean_text(text).replace(",", ".")
    if not cleaned:
        return None
    try:
        amount = Decimal(cleaned)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < LARGEST_PRICE:
        notices.append(f"“{cleaned[:20]}” is not an amount like 24.90, so that end of the price range was left open.")
        return None
    return amount.quantize(Decimal("0.01")) if amount != amount.to_integral_value() else amount.quantize(Decimal(1))


def clean_text(text: str) -> str:
    """Printable characters and single spaces: nothing that a database or a page would choke on."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
