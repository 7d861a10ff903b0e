"""What goes with the things in a basket. The storefront, on the roof, knows how a product looks: it registers itself here."""

from collections.abc import Callable, Sequence
from typing import Any

Proposer = Callable[[Sequence[int]], Sequence[Any]]
"""(ids of the listed products in the basket, oldest first) -> cards; its queries do not grow with the basket."""

_registered: dict[str, Proposer] = {}


def register_proposer(proposer: Proposer) -> None:
    _registered["proposer"] = proposer


def propose_for(product_ids: Sequence[int]) -> Sequence[Any]:
    """None for an empty basket, or while nobody proposes."""
    proposer = _registered.get("proposer")
    return proposer(list(dict.fromkeys(product_ids))) if proposer is not None and product_ids else []
