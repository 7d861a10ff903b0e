"""Kits of a plan: their parts, by SKU, and the price that follows them."""

from collections.abc import Sequence

from oscar.apps.partner.models import StockRecord

from catalog.importing.plan import Change
from catalog.kits.writing import KitRecipe, KitRefused, write_kits
from catalog.pricing.change import NewPrice, change_prices

FIELDS = frozenset({"components", "kit_percent_off"})


def write_kit_states(skus: Sequence[Change], *, partner_id: int, actor_name: str, reason: str) -> None:
    """After the stock records are written; the states learn the price by the rule. No query without kits.

    Raises KitRefused.
    """
    changed = [
        change
        for change in skus
        if change.fields.keys() & FIELDS
        and (change.after.components or (change.before is not None and change.before.components))
    ]
    if not changed:
        return
    named = {sku for change in changed for sku, _ in change.after.components}
    records = StockRecord.objects.filter(partner_id=partner_id, partner_sku__in=named)
    ids = dict(records.values_list("partner_sku", "pk"))
    if missing := sorted(named - ids.keys()):
        raise KitRefused(f"There is no SKU {missing[0]} in the shop. Import the parts of a kit before it.")
    recipes = [
        KitRecipe(
            stock_record_id=change.after.stock_record_id,
            parts={ids[sku]: units for sku, units in change.after.components},
            percent_off=change.after.kit_percent_off,
        )
        for change in changed
    ]
    write_kits(recipes, actor_name=actor_name, reason=reason, refresh=False)
    fixed = [change for change in changed if change.after.kit_percent_off is None and "price" in change.fields]
    change_prices(
        [
            NewPrice(stock_record_id=change.after.stock_record_id, price=change.after.price, keep_compare_at=True)
            for change in fixed
        ],
        actor_name=actor_name,
        reason=reason,
        refresh=False,
    )
    following = {one.stock_record_id for one in recipes if one.percent_off is not None}
    prices = dict(StockRecord.objects.filter(pk__in=following).values_list("pk", "price"))
    for change in changed:
        if change.after.stock_record_id in prices:
            change.after.price = prices[change.after.stock_record_id]
