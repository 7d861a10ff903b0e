"""The safety block of products, for the page and for feeds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from catalog.safety.records import Party, ProductSafety


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """`electronic` is a mail address or the address of a contact page."""

    name: str
    postal_address: str
    country: str
    electronic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyBlock:
    """`warnings` one a line."""

    maker: Contact | None
    responsible: Contact | None
    warnings: tuple[str, ...]
    documents: tuple[Document, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as a feed holds them."""
        return asdict(self)


def safety_blocks(product_ids: Iterable[int]) -> dict[int, SafetyBlock]:
    """By listed product; left out where nothing is said. For a bundle ask with the ids of its components. Two queries."""
    rows = ProductSafety.objects.filter(product__in=list(product_ids)).select_related("maker", "responsible")
    blocks = {
        row.pk: _block(
            row.maker,
            row.responsible,
            row.warnings,
            [Document(title=one.title, url=one.url) for one in row.documents.all()],
        )
        for row in rows.prefetch_related("documents")
    }
    return {pk: block for pk, block in blocks.items() if block is not None}


def read_block(facts: Mapping[str, Any] | None) -> SafetyBlock | None:
    """From `maker`, `responsible`, `warnings` and `documents` as one query holds them; None where nothing is said."""
    if facts is None:
        return None
    maker, responsible = (Party(**facts[name]) if facts[name] else None for name in ("maker", "responsible"))
    papers = [Document(title=one["title"], url=one["url"]) for one in facts["documents"] or ()]
    return _block(maker, responsible, facts["warnings"], papers)


def _block(
    maker: Party | None, responsible: Party | None, warnings: str, documents: Sequence[Document]
) -> SafetyBlock | None:
    block = SafetyBlock(
        maker=_contact(maker),
        responsible=_contact(responsible),
        warnings=tuple(line.strip() for line in warnings.splitlines() if line.strip()),
        documents=tuple(documents),
    )
    return block if block.maker or block.responsible or block.warnings or block.documents else None


def _contact(party: Party | None) -> Contact | None:
    if party is None:
        return None
    return Contact(
        name=party.name,
        postal_address=party.postal_address.strip(),
        country=party.country,
        electronic=party.email or party.url,
    )
