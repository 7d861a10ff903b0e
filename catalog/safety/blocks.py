"""The safety block of products, for the page and for feeds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from catalog.safety.records import Party


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


BLOCK: Final = """jsonb_build_object('maker', to_jsonb(maker), 'responsible', to_jsonb(person), 'warnings', safety.warnings,
        'documents', (SELECT jsonb_agg(to_jsonb(paper) ORDER BY paper.position, paper.id)
            FROM catalog_safetydocument paper WHERE paper.safety_id = safety.product_id))"""
"""SQL for what `read_block` reads, over the tables of PARTIES."""
PARTIES: Final = """catalog_productsafety safety LEFT JOIN catalog_party maker ON maker.id = safety.maker_id
        LEFT JOIN catalog_party person ON person.id = safety.responsible_id"""
INSIDE: Final = """catalog_kitpart piece JOIN partner_stockrecord part_record ON part_record.id = piece.component_id
        JOIN catalogue_product part ON part.id = part_record.product_id"""
"""SQL for what is inside kits; a part is spoken of as `COALESCE(part.parent_id, part.id)`."""


def blocks_sql(*, product_id: str, record_id: str) -> str:
    """SQL for what `read_blocks` reads of a stock record: its listed product's block, then those of what is inside."""
    return f"""(SELECT jsonb_agg({BLOCK} ORDER BY thing.place, thing.id)
    FROM (SELECT {product_id} AS id, -1 AS place UNION ALL
          SELECT COALESCE(part.parent_id, part.id), piece.position FROM {INSIDE} WHERE piece.kit_id = {record_id}) thing
    JOIN ({PARTIES}) ON safety.product_id = thing.id)"""


def read_blocks(facts: Sequence[Mapping[str, Any]] | None) -> list[SafetyBlock]:
    """Each once; empty where nothing is said."""
    blocks = [block for one in facts or () if (block := read_block(one)) is not None]
    return [block for number, block in enumerate(blocks) if block not in blocks[:number]]


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
