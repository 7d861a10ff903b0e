"""Make a SKU a kit, change what is inside, or make it a plain SKU again. The rules stand here and in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from oscar.apps.partner.models import StockRecord

from catalog.kits.limits import MOST_PARTS, MOST_UNITS
from catalog.kits.records import Kit, KitPart
from catalog.pricing.change import NewPrice, change_prices


class KitRefused(ValueError):
    """These parts cannot make a kit; the message is the sentence to show. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KitRecipe:
    """What a stock record shall consist of: units by stock record id, in order. No parts: it is no kit (any more)."""

    stock_record_id: int
    parts: Mapping[int, int]
    percent_off: Decimal | None = None


_FACTS = """
SELECT record.id, record.partner_sku, record.num_in_stock,
       COALESCE(own.track_stock, above.track_stock, true), kit.stock_record_id IS NOT NULL,
       (SELECT outer_record.partner_sku FROM catalog_kitpart part
        JOIN partner_stockrecord outer_record ON outer_record.id = part.kit_id
        WHERE part.component_id = record.id ORDER BY part.id LIMIT 1)
FROM partner_stockrecord record
JOIN catalogue_product product ON product.id = record.product_id
LEFT JOIN catalogue_product parent ON parent.id = product.parent_id
LEFT JOIN catalogue_productclass own ON own.id = product.product_class_id
LEFT JOIN catalogue_productclass above ON above.id = parent.product_class_id
LEFT JOIN catalog_kit kit ON kit.stock_record_id = record.id
WHERE record.id = ANY(%s)
"""


@transaction.atomic
def write_kits(recipes: Sequence[KitRecipe], *, actor_name: str, reason: str, refresh: bool = True) -> None:
    """Write recipes, all or none; kits that follow their parts get their price. Constant queries.

    Locks the stock records concerned in the order of their keys, so that a count, a price change and a recipe of the
    same SKU follow each other. Raises KitRefused. With `refresh=False` the caller refreshes the documents.
    """
    if not recipes:
        return
    concerned = {one.stock_record_id for one in recipes} | {pk for one in recipes for pk in one.parts}
    list(StockRecord.objects.filter(pk__in=concerned).order_by("pk").select_for_update(no_key=True))
    _check(recipes, concerned)
    Kit.objects.filter(pk__in=[one.stock_record_id for one in recipes]).delete()
    kept = [one for one in recipes if one.parts]
    Kit.objects.bulk_create(Kit(stock_record_id=one.stock_record_id, percent_off=one.percent_off) for one in kept)
    KitPart.objects.bulk_create(
        KitPart(kit_id=one.stock_record_id, component_id=pk, quantity=quantity, position=position)
        for one in kept
        for position, (pk, quantity) in enumerate(one.parts.items())
    )
    following = [one.stock_record_id for one in kept if one.percent_off is not None]
    change_prices(
        [NewPrice(stock_record_id=pk, price=None, keep_compare_at=True) for pk in following],
        actor_name=actor_name,
        reason=reason,
        refresh=refresh,
    )


def _check(recipes: Sequence[KitRecipe], concerned: set[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, (list(concerned),))
        facts = {row[0]: row[1:] for row in cursor.fetchall()}
    will_be = {one.stock_record_id: bool(one.parts) for one in recipes}
    for one in recipes:
        if not one.parts:
            continue
        if one.stock_record_id not in facts:
            raise KitRefused("The SKU that shall become a kit is gone. Reload the page and try again.")
        sku, on_hand, _, _, inside = facts[one.stock_record_id]
        if on_hand:
            raise KitRefused(
                f"{sku} has {on_hand} units on hand. A kit has no stock of its own: write these off first, or give the "
                "kit a SKU of its own."
            )
        if inside and not _leaves(inside, recipes, facts):
            raise KitRefused(f"{sku} is a part of the kit {inside}. A kit holds single things, not other kits.")
        if len(one.parts) > MOST_PARTS:
            raise KitRefused(f"{sku} would have {len(one.parts)} parts; a kit has at most {MOST_PARTS}.")
        if one.percent_off is not None and not 0 <= one.percent_off <= 100:
            raise KitRefused(f"{one.percent_off} % off is not possible: give 0 to 100.")
        for pk, quantity in one.parts.items():
            _check_part(sku, one, pk, quantity, facts, will_be)


def _leaves(inside: str, recipes: Sequence[KitRecipe], facts: Mapping[int, tuple]) -> bool:
    """Whether the kit that holds it is rewritten in the same breath."""
    return any(facts.get(one.stock_record_id, ("",))[0] == inside for one in recipes)


def _check_part(
    sku: str, recipe: KitRecipe, pk: int, quantity: int, facts: Mapping[int, tuple], will_be: Mapping[int, bool]
) -> None:
    if pk not in facts:
        raise KitRefused(f"A part of {sku} is gone. Reload the page and try again.")
    part_sku, _, is_tracked, is_kit, _ = facts[pk]
    if pk == recipe.stock_record_id:
        raise KitRefused(f"{sku} cannot be a part of itself. Name the single things inside.")
    if will_be.get(pk, is_kit):
        raise KitRefused(f"{part_sku} is a kit itself. Name the single things inside it instead.")
    if not is_tracked:
        raise KitRefused(f"{part_sku} is not counted in stock. A kit holds counted things only.")
    if not 0 < quantity <= MOST_UNITS:
        raise KitRefused(f"{quantity} × {part_sku} is not possible: give a whole number from 1 to {MOST_UNITS:,}.")
