"""Write a feed as a stream; what cannot be in it is listed with its reason and left out."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from shop.storefront.feeds.formats import FORMATS, Format, Row
from shop.storefront.feeds.items import FeedItem, stream_items


class UnknownFeed(ValueError):
    """There is no feed of this name; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    product_id: int
    sku: str
    title: str
    reason: str


@dataclass(slots=True)
class FeedReport:
    """Filled while the feed is written."""

    items: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return {"items": self.items, "rejected": [asdict(one) for one in self.rejected]}


def find_format(name: str) -> Format:
    """Raises UnknownFeed."""
    if name not in FORMATS:
        raise UnknownFeed(f"There is no feed “{name[:40]}”. Choose one of {', '.join(FORMATS)}.")
    return FORMATS[name]


def write_feed(wanted: Format, *, report: FeedReport) -> Iterator[str]:
    """The file, piece by piece."""
    yield from wanted.write(_rows(wanted, report))


def _rows(wanted: Format, report: FeedReport) -> Iterator[Row]:
    sieve = Sieve(wanted, report=report)
    for item in stream_items():
        if (row := sieve.take(item)) is not None:
            yield row


class Sieve:
    """What of the items given to it belongs into one feed."""

    def __init__(self, wanted: Format, *, report: FeedReport) -> None:
        self._wanted, self.report = wanted, report
        self._seen: set[str] = set()

    def take(self, item: FeedItem) -> Row | None:
        """Its row; None when it is left out, which is in the report."""
        row = self._wanted.fill(item)
        reason = _find_fault(self._wanted, item, row, self._seen)
        if reason:
            self.report.rejected.append(
                Rejected(product_id=item.product_id, sku=item.sku, title=item.title[:120], reason=reason)
            )
            return None
        self._seen.add(item.sku)
        self.report.items += 1
        return row


def _find_fault(wanted: Format, item: FeedItem, row: Row, seen: set[str]) -> str:
    missing = [words for name, words in wanted.needs.items() if not row.get(name)]
    if missing:
        return f"It lacks {' and '.join(missing)}; {wanted.name} takes no item without."
    if item.sku in seen:
        return f"Another item has the SKU {item.sku} already; a feed names each once."
    if len(item.sku) > 50:
        return "Its SKU has more than 50 characters, the most that feeds take."
    return ""
