"""A kit's units are its parts' units: what is wanted of kits, as what is wanted of single things."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from catalog.kits.contents import contents_of


class ContentsPart(Protocol):
    """So many units of a single thing in one kit."""

    @property
    def stock_record_id(self) -> int: ...

    @property
    def quantity(self) -> int: ...


class Contents(Protocol):
    """What is in a kit, whoever has read it."""

    @property
    def parts(self) -> Sequence[ContentsPart]: ...


def break_down(quantities: Mapping[int, int], kits: Mapping[int, Contents] | None = None) -> dict[int, int]:
    """Units by stock record with each kit replaced by its parts; what is no kit stays. One query, or none with `kits`."""
    known = contents_of(quantities) if kits is None else kits
    units: Counter[int] = Counter()
    for pk, quantity in quantities.items():
        if pk not in known:
            units[pk] += quantity
            continue
        for part in known[pk].parts:
            units[part.stock_record_id] += quantity * part.quantity
    return dict(units)
