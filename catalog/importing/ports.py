"""Where the stock column of a product file goes. The catalogue does not know stock; inventory registers itself here.

`quantity` is the count on hand. An empty `location_code` stands for the shop's default location.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from catalog.importing.bulk import Bulk

DEFAULT_LOCATION: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCount:
    """Set the units on hand of a stock record at a location."""

    sku: str
    stock_record_id: int
    location_code: str
    quantity: int
    reason: str = ""


@dataclass(slots=True, kw_only=True)
class FirstCount:
    """The units of a stock record that the caller's transaction made; `cost` of one, in `currency`."""

    sku: str
    stock_record_id: int
    location_code: str
    quantity: int
    reason: str
    cost: Decimal | None
    currency: str


class StockCountRefused(ValueError):
    """Some counts cannot be set. `reasons` maps their SKUs to the sentence to show; nothing was written."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__("; ".join(reasons.values()))
        self.reasons = dict(reasons)


StockWriter = Callable[..., int]
"""(rows: Sequence[StockCount], *, reference: str, actor_name: str) -> number of counts that changed a level.

Runs in the caller's transaction. Raises StockCountRefused before it has written anything.
"""
StockReader = Callable[[Iterable[int]], dict[int, dict[str, int]]]
"""(stock record ids) -> units on hand by location code, for each record that has a level anywhere."""
FirstWriter = Callable[..., None]
"""(rows: Sequence[FirstCount], *, places: Mapping[str, int], bulk: Bulk, reference: str, actor_name: str): the counts of
new records. `places` are ids of locations by code. Raises StockCountRefused before anything is handed to `bulk`.
"""
LocationReader = Callable[[], Mapping[str, int]]
"""() -> ids of the locations by code, the default one first; empty when there is none yet."""


class NoStockKept(RuntimeError):
    """A file has stock counts, but no room of this project keeps stock."""


_NO_STOCK = "SELECT NULL::bigint AS stock_record_id, NULL::text AS location_code, NULL::int AS on_hand WHERE false"

_registered: dict[str, Callable[..., object]] = {}
_relations: dict[str, str] = {"stock": _NO_STOCK}


def register_stock_writer(writer: StockWriter) -> None:
    _registered["writer"] = writer


def register_first_writer(writer: FirstWriter) -> None:
    _registered["first"] = writer


def register_stock_reader(reader: StockReader) -> None:
    _registered["reader"] = reader


def register_location_reader(reader: LocationReader) -> None:
    _registered["locations"] = reader


def register_stock_relation(sql: str) -> None:
    """A query of (stock_record_id, location_code, on_hand) for every level, to be joined in larger questions."""
    _relations["stock"] = sql


def stock_relation() -> str:
    return _relations["stock"]


def write_stock(rows: Sequence[StockCount], *, reference: str, actor_name: str) -> int:
    """Raises StockCountRefused, NoStockKept."""
    if not rows:
        return 0
    return int(_ask("writer")(rows, reference=reference, actor_name=actor_name))  # type: ignore[call-overload]


def write_first_stock(
    rows: Sequence[FirstCount], *, places: Mapping[str, int], bulk: Bulk, reference: str, actor_name: str
) -> None:
    """Raises StockCountRefused, NoStockKept."""
    if rows:
        _ask("first")(rows, places=places, bulk=bulk, reference=reference, actor_name=actor_name)


def read_stock(stock_record_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    ids = list(stock_record_ids)
    if "reader" not in _registered or not ids:
        return {}
    return _registered["reader"](ids)  # type: ignore[return-value]


def read_locations() -> dict[str, int] | None:
    """Ids by code, the default location first; None when nobody can tell."""
    if "locations" not in _registered:
        return None
    return dict(_registered["locations"]())  # type: ignore[call-overload]


def _ask(name: str) -> Callable[..., object]:
    if name not in _registered:
        raise NoStockKept("The file has stock counts, but nothing in this shop keeps stock. Remove the stock column.")
    return _registered[name]
