"""Carry out a plan inside the caller's transaction, with before-images and search documents."""

from collections.abc import Sequence

from catalog.importing.bulk import copy_rows
from catalog.importing.plan import Change
from catalog.importing.records import ImportRun
from catalog.importing.remove import remove_products, remove_skus
from catalog.importing.states import ProductState, image_as_text
from catalog.importing.vocabulary import Vocabulary
from catalog.importing.write_facts import make_digital_classes, write_facts
from catalog.importing.write_kits import write_kit_states
from catalog.importing.write_products import write_products
from catalog.importing.write_stock_records import write_stock_records
from catalog.search.index import refresh_documents


def write_changes(
    products: Sequence[Change],
    skus: Sequence[Change],
    *,
    run: ImportRun,
    vocabulary: Vocabulary,
    partner_id: int,
    actor_name: str,
) -> int:
    """Number of products touched. `products` has the owner of every SKU in `skus`, changed or not.

    Raises PriceRefused, StockCountRefused, KitRefused.
    """
    skus = [change for change in skus if change.differs]
    owners = {(change.after or change.before).handle for change in skus}
    products = [change for change in products if change.differs or change.before.handle in owners]
    if not products:
        return 0
    kept_products = [change for change in products if change.after is not None]
    kept_skus = [change for change in skus if change.after is not None]
    make_digital_classes(kept_products, kept_skus)
    write_products(kept_products, kept_skus, vocabulary=vocabulary)
    write_facts(kept_products, kept_skus)
    write_stock_records(
        kept_skus,
        partner_id=partner_id,
        actor_name=actor_name,
        reason=f"import {run.pk}",
        reference=f"import:{run.pk}",
    )
    write_kit_states(kept_skus, partner_id=partner_id, actor_name=actor_name, reason=f"import {run.pk}")
    touched = [change.after.id for change in kept_products]
    touched += [change.before.id for change in products if change.after is None]
    remove_skus([change.before for change in skus if change.after is None])
    remove_products([change.before for change in products if change.after is None])
    refresh_documents(touched)
    _keep_images(products, skus, run=run)
    return len(touched)


def _keep_images(products: Sequence[Change], skus: Sequence[Change], *, run: ImportRun) -> None:
    """An empty `after` means that the thing is gone."""
    copy_rows(
        "catalog_importchange",
        ("run_id", "subject", "identifier", "before", "after"),
        (
            (
                run.pk,
                "product" if isinstance(state, ProductState) else "sku",
                state.handle if isinstance(state, ProductState) else state.sku,
                image_as_text(change.before) if change.before else None,
                image_as_text(change.after) if change.after else "{}",
            )
            for change in (*products, *skus)
            for state in (change.after or change.before,)
            if change.differs
        ),
    )
