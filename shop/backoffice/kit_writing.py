"""The kit fields of a product's page: from the words staff type to recipes."""

from collections.abc import Sequence

from oscar.apps.partner.models import StockRecord

from catalog.importing.kit_cells import read_components
from catalog.importing.rows import UnreadableCell
from catalog.kits.writing import KitRecipe, KitRefused, write_kits
from shop.backoffice.sellable_form import SellableForm

FIELDS = frozenset({"components", "kit_percent_off"})


def write_recipes(rows: Sequence[tuple[StockRecord, SellableForm]], *, actor_name: str, reason: str) -> None:
    """Only of the rows whose kit fields changed. The caller refreshes the documents. Raises KitRefused."""
    recipes = [_recipe(record, form) for record, form in rows if FIELDS & set(form.changed_data)]
    write_kits(recipes, actor_name=actor_name, reason=reason, refresh=False)


def _recipe(record: StockRecord, form: SellableForm) -> KitRecipe:
    typed, percent = form.cleaned_data["components"].strip(), form.cleaned_data["kit_percent_off"]
    try:
        named = dict(read_components(typed) or ()) if typed else {}  # type: ignore[arg-type]
    except UnreadableCell as problem:
        raise KitRefused(problem.reason) from problem
    if percent is not None and not named:
        raise KitRefused("Only a kit has a percentage off its parts. Name its parts, or leave the percentage empty.")
    known = dict(StockRecord.objects.filter(partner_sku__in=named).values_list("partner_sku", "pk"))
    if missing := [sku for sku in named if sku not in known]:
        raise KitRefused(f"There is no SKU {missing[0]}. Correct it, or make that product first.")
    return KitRecipe(
        stock_record_id=record.pk,
        parts={known[sku]: units for sku, units in named.items()},
        percent_off=percent,
    )
