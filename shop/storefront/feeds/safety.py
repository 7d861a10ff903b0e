"""What the law has feeds say of a product's safety (GPSR Article 19), for the product and for each thing inside a kit."""

from collections.abc import Iterable, Sequence

from catalog.safety.blocks import Contact, SafetyBlock


def name_makers(blocks: Iterable[SafetyBlock]) -> list[str]:
    return _name(block.maker for block in blocks)


def name_responsible(blocks: Iterable[SafetyBlock]) -> list[str]:
    return _name(block.responsible for block in blocks)


def list_warnings(blocks: Iterable[SafetyBlock]) -> list[str]:
    return list(dict.fromkeys(words for block in blocks for words in block.warnings))


def list_details(blocks: Sequence[SafetyBlock]) -> list[tuple[str, str]]:
    """(what, its words), in the order of the page."""
    return [
        *(("Warning", words) for words in list_warnings(blocks)),
        *(("Manufacturer", words) for words in name_makers(blocks)),
        *(("Responsible person in the EU", words) for words in name_responsible(blocks)),
    ]


def _name(contacts: Iterable[Contact | None]) -> list[str]:
    """Each once, as on the page: name, postal address, country, where to write to."""
    parts = ((one.name, one.postal_address, one.country, one.electronic) for one in contacts if one is not None)
    return list(dict.fromkeys(", ".join(filter(None, words)) for words in parts))
