"""Carry out a plan inside the caller's transaction, with before-images and search documents."""

from collections.abc import Sequence

from catalog.importing.new_sources import choose_told, describe_products, list_surroundings
from catalog.importing.plan import Change
from catalog.importing.remove import remove_products, remove_skus
from catalog.importing.states import ProductState, image_as_text
from catalog.importing.write_facts import list_guarded, make_digital_classes, write_facts
from catalog.importing.write_kits import write_kit_states
from catalog.importing.write_products import write_products
from catalog.importing.write_stock_records import write_stock_records
from catalog.importing.writing import Writing
from catalog.safety.writing import with_kits
from catalog.search.index import refresh_documents
from catalog.search.new_documents import add_documents, write_out_documents
from catalog.search.surroundings import Surroundings, read_surroundings


def write_changes(products: Sequence[Change], skus: Sequence[Change], *, writing: Writing) -> Surroundings:
    """What the documents of new products were made with. `products` has the owner of every SKU in `skus`, changed or not.

    Raises PriceRefused, StockCountRefused, KitRefused.
    """
    skus = [change for change in skus if change.differs]
    owners = {(change.after or change.before).handle for change in skus}
    products = [change for change in products if change.differs or change.before.handle in owners]
    if not products:
        return Surroundings()
    kept_products = [change for change in products if change.after is not None]
    kept_skus = [change for change in skus if change.after is not None]
    make_digital_classes(kept_products, kept_skus)
    write_products(kept_products, kept_skus, writing=writing)
    write_facts(kept_products, kept_skus)
    write_stock_records(kept_skus, writing=writing)
    write_kit_states(kept_skus, partner_id=writing.partner_id, actor_name=writing.actor_name, reason=writing.reason)
    touched = [change.after.id for change in kept_products]
    touched += [change.before.id for change in products if change.after is None]
    if guarded := list_guarded(kept_products):
        touched += with_kits(guarded)
    remove_skus([change.before for change in skus if change.after is None])
    remove_products([change.before for change in products if change.after is None])
    told = choose_told(kept_products, kept_skus)
    refresh_documents(set(touched) - {state.id for state in told})
    keep_images(products, skus, writing=writing)
    return _add_documents(told, writing=writing) if told else Surroundings()


def _add_documents(told: Sequence[ProductState], *, writing: Writing) -> Surroundings:
    attribute_ids, category_ids = list_surroundings(told, words=writing.vocabulary)
    surroundings = read_surroundings(attribute_ids=attribute_ids, category_ids=category_ids)
    sources = describe_products(told, surroundings=surroundings, writing=writing)
    add_documents(write_out_documents(sources.values()))
    return surroundings


def keep_images(products: Sequence[Change], skus: Sequence[Change], *, writing: Writing) -> None:
    """An empty `after` means that the thing is gone."""
    writing.bulk.copy_rows(
        "catalog_importchange",
        ("run_id", "subject", "identifier", "before", "after"),
        (
            (
                writing.run_id,
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
