"""Magento's bundles as kits. A kit is one SKU with fixed parts, so a bundle that lets the shopper choose is refused."""

from decimal import Decimal, InvalidOperation

from catalog.importing import cells
from catalog.importing.rows import UnreadableCell

DYNAMIC = "dynamic"


def read_bundle(text: str) -> tuple[tuple[str, int], ...] | None:
    """The layout of Magento's sample data: a line per part, `Yoga Strap|radio:24-WG085,24-WG086`. None without one.

    Raises UnreadableCell when a part is a choice of several.
    """
    options = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, _, skus = line.partition("|")
        options.append((name, [sku.strip() for sku in skus.partition(":")[2].split(",") if sku.strip()]))
    return _settle([(name, [(sku, 1) for sku in skus]) for name, skus in options], column="bundle_options", text=text)


def read_bundle_values(text: str) -> tuple[tuple[str, int], ...] | None:
    """The column `bundle_values` of Magento's export: `name=Strap,sku=S1,default_qty=2.0000,…|name=…`.

    Raises UnreadableCell when a part is a choice of several, or optional.
    """
    column = "bundle_values"
    options: dict[str, list[tuple[str, int]]] = {}
    for value in filter(None, text.split("|")):
        facts = {key.strip(): word.strip() for key, _, word in (pair.partition("=") for pair in value.split(","))}
        if facts.get("required", "1") == "0":
            reason = (
                f"“{facts.get('name', '')[:60]}” may be left out of this bundle. A kit is always sold whole; make two."
            )
            raise UnreadableCell(column=column, value=text, reason=reason)
        units = _units(facts.get("default_qty", "1"), text=text)
        options.setdefault(facts.get("name", ""), []).append((facts.get("sku", ""), units))
    return _settle(list(options.items()), column=column, text=text)


def _units(word: str, *, text: str) -> int:
    try:
        units = Decimal(word or "1")
    except InvalidOperation:
        units = Decimal(0)
    if units < 1 or units != int(units):
        reason = f"“{word[:20]}” is not a number of units. Expected a whole number from 1 in default_qty."
        raise UnreadableCell(column="bundle_values", value=text, reason=reason)
    return int(units)


def _settle(options: list[tuple[str, list[tuple[str, int]]]], *, column: str, text: str) -> tuple | None:
    for name, choices in options:
        if len(choices) != 1:
            reason = (
                f"“{name[:60]}” is a choice of {len(choices)} things. A kit here is one SKU with fixed parts: import its "
                "parts, and make a kit for each combination that is sold (column components)."
            )
            raise UnreadableCell(column=column, value=text, reason=reason)
    units: dict[str, int] = {}
    for _, ((sku, number),) in options:
        sku = cells.read_sku(sku, column=column)
        units[sku] = units.get(sku, 0) + number
    return tuple(units.items()) or None
