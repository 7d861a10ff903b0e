"""Products and variants: rows made and changed in bulk, with their class, categories, axes, attributes and pictures."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from oscar.apps.catalogue.models import Product, ProductCategory

from catalog.importing.naming import make_handle
from catalog.importing.plan import Change
from catalog.importing.states import ALT_LENGTH, ProductState, SkuState
from catalog.importing.vocabulary import Words
from catalog.importing.write_attributes import list_new_values, write_values
from catalog.importing.writing import Writing
from catalog.media.records import MediaFile, ProductMedia
from catalog.variants import VariantAxis

_UPDATE_PRODUCTS = """
UPDATE catalogue_product product
SET title = new.title, description = new.description, is_public = new.is_public, product_class_id = new.class_id,
    date_updated = now()
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::boolean[], %s::bigint[])
     AS new (id, title, description, is_public, class_id)
WHERE product.id = new.id
"""
_UPDATE_SKUS = """
UPDATE catalogue_product product
SET upc = new.upc, is_public = new.is_public, date_updated = now(),
    title = CASE WHEN product.parent_id IS NULL THEN product.title ELSE new.title END,
    description = CASE WHEN product.parent_id IS NULL THEN product.description ELSE new.description END
FROM unnest(%s::bigint[], %s::text[], %s::boolean[], %s::text[], %s::text[])
     AS new (id, upc, is_public, title, description)
WHERE product.id = new.id
"""
PRODUCT_COLUMNS = (
    "id",
    "structure",
    "slug",
    "title",
    "description",
    "is_public",
    "parent_id",
    "product_class_id",
    "upc",
    "is_discountable",
    "priority",
    "date_created",
    "date_updated",
)
TEXTS = frozenset({"gtin", "published", "title", "description"})
_MOVE_CLASS = """
UPDATE {table} held SET attribute_id = theirs.id
FROM catalogue_productattribute ours, catalogue_productattribute theirs, catalogue_product product
WHERE held.attribute_id = ours.id AND ours.product_class_id = %s AND theirs.product_class_id = %s
  AND theirs.code = ours.code AND product.id = held.product_id AND (product.id = %s OR product.parent_id = %s)
"""


def write_products(products: Sequence[Change], skus: Sequence[Change], *, writing: Writing) -> None:
    """Makes and changes what `after` says; the ids of new rows are put into the states."""
    owners = {change.after.handle: change.after for change in products}
    made = {change.after.handle for change in products if change.before is None}
    _write_product_rows(products, skus, writing=writing)
    _write_sku_rows(skus, owners=owners, made=made, writing=writing)
    _write_all_attributes(products, skus, owners=owners, writing=writing)
    _write_axes(products, writing=writing)  # After the values: the database notes a combination once both are there.
    _write_categories(products, writing=writing)
    _write_pictures([*products, *(change for change in skus if owners[change.after.handle].is_parent)], owners=owners)


def _write_product_rows(products: Sequence[Change], skus: Sequence[Change], *, writing: Writing) -> None:
    """With the GTIN of what is sold without variants."""
    vocabulary = writing.vocabulary
    gtins = {change.after.handle: change.after.gtin for change in skus if change.before is None}
    new = [change.after for change in products if change.before is None]
    rows = []
    for state, product_id in zip(new, writing.bulk.take_ids("catalogue_product", count=len(new)), strict=True):
        state.id = product_id
        structure = Product.PARENT if state.is_parent else Product.STANDALONE
        gtin = None if state.is_parent else gtins.get(state.handle)
        class_id = vocabulary.class_id(state.product_class)
        rows.append(
            (product_id, structure, state.handle, state.title, state.description, state.published, None, class_id, gtin)
        )
    _add_products(rows, writing=writing)
    changed = []
    for change in products:
        fields = change.fields if change.before else {}
        if "product_class" in fields:
            _move_class(change, vocabulary=vocabulary)
        if fields.keys() & {"title", "description", "published", "product_class"}:
            changed.append(change.after)
    _update(
        _UPDATE_PRODUCTS,
        [
            (state.id, state.title, state.description, state.published, vocabulary.class_id(state.product_class))
            for state in changed
        ],
    )


def _move_class(change: Change, *, vocabulary: Words) -> None:
    """Values and axes go along: the new class gets attributes of the same codes."""
    ours, theirs = (vocabulary.class_id(state.product_class) for state in (change.before, change.after))
    vocabulary.copy_attributes(from_class_id=ours, to_class_id=theirs)
    with connection.cursor() as cursor:
        for table in ("catalogue_productattributevalue", "catalog_variantaxis"):
            cursor.execute(_MOVE_CLASS.format(table=table), (ours, theirs, change.after.id, change.after.id))


def _write_sku_rows(
    skus: Sequence[Change], *, owners: dict[str, ProductState], made: set[str], writing: Writing
) -> None:
    """`made` are the handles of products whose row was made just now: one without variants has its SKU's texts."""
    new: list[SkuState] = []
    changed: list[SkuState] = []
    for change in skus:
        state, owner = change.after, owners[change.after.handle]
        if not owner.is_parent:
            state.id = owner.id
        if state.id is None:
            new.append(state)
        elif change.fields.keys() & TEXTS if change.before is not None else owner.handle not in made:
            changed.append(state)
    rows = []
    for state, product_id in zip(new, writing.bulk.take_ids("catalogue_product", count=len(new)), strict=True):
        state.id = product_id
        slug = f"{state.handle[:180]}-{make_handle(state.sku)[:70]}"
        parent_id = owners[state.handle].id
        rows.append(
            (
                product_id,
                Product.CHILD,
                slug,
                state.title,
                state.description,
                state.published,
                parent_id,
                None,
                state.gtin,
            )
        )
    _add_products(rows, writing=writing)
    _update(
        _UPDATE_SKUS, [(state.id, state.gtin, state.published, state.title, state.description) for state in changed]
    )


def _write_axes(products: Sequence[Change], *, writing: Writing) -> None:
    vocabulary = writing.vocabulary
    changed = [change for change in products if (change.before.axes if change.before else ()) != change.after.axes]
    held = [change.after.id for change in changed if change.before is not None]
    if held:
        VariantAxis.objects.filter(product_id__in=held).delete()
    axes = [
        (change.after.id, vocabulary.attribute(class_id, code, name=name).id, name, position)
        for change in changed
        for class_id in (vocabulary.class_id(change.after.product_class),)
        for position, (code, name) in enumerate(change.after.axes)
    ]
    writing.bulk.copy_rows("catalog_variantaxis", ("product_id", "attribute_id", "name", "position"), axes)


def _write_all_attributes(
    products: Sequence[Change], skus: Sequence[Change], *, owners: dict[str, ProductState], writing: Writing
) -> None:
    vocabulary, values = writing.vocabulary, []
    for change in products:
        before = change.before.attributes if change.before else {}
        class_id = vocabulary.class_id(change.after.product_class)
        values += list_new_values(
            before,
            change.after.attributes,
            product_id=change.after.id,
            class_id=class_id,
            labels={},
            is_new=change.before is None,
        )
    for change in skus:
        owner = owners[change.after.handle]
        if owner.is_parent:
            before = {**change.before.attributes, **change.before.options} if change.before else {}
            values += list_new_values(
                before,
                {**change.after.attributes, **change.after.options},
                product_id=change.after.id,
                class_id=vocabulary.class_id(owner.product_class),
                labels=dict(owner.axes),
                is_new=change.before is None,
            )
    write_values(values, vocabulary=vocabulary, bulk=writing.bulk)


def _write_categories(products: Sequence[Change], *, writing: Writing) -> None:
    vocabulary = writing.vocabulary
    changed = [change for change in products if change.before is None or "categories" in change.fields]
    held = [change.after.id for change in changed if change.before is not None]
    if held:
        ProductCategory.objects.filter(product_id__in=held).delete()
    vocabulary.make_categories(dict.fromkeys(path for change in changed for path in change.after.categories))
    links = [
        (change.after.id, category_id)
        for change in changed
        for category_id in dict.fromkeys(vocabulary.category_id(path) for path in change.after.categories)
    ]
    writing.bulk.copy_rows("catalogue_productcategory", ("product_id", "category_id"), links)


def _write_pictures(changes: Sequence[Change], *, owners: dict[str, ProductState]) -> None:
    changed = [
        change
        for change in changes
        if (change.fields.keys() & {"pictures", "alts"} if change.before is not None else change.after.pictures)
    ]
    if not changed:
        return
    digests = {digest for change in changed for digest in change.after.pictures}
    files = dict(MediaFile.objects.filter(digest__in=digests).values_list("digest", "id"))
    ProductMedia.objects.filter(product_id__in=[change.after.id for change in changed]).delete()
    ProductMedia.objects.bulk_create(
        ProductMedia(
            product_id=change.after.id,
            file_id=files[digest],
            alt=change.after.alts.get(digest, owners[change.after.handle].title[:ALT_LENGTH]),
            position=position,
        )
        for change in changed
        for position, digest in enumerate(digest for digest in change.after.pictures if digest in files)
    )


def _add_products(rows: list[tuple[Any, ...]], *, writing: Writing) -> None:
    """Rows of id, structure, slug, title, description, is_public, parent, class and GTIN."""
    now = writing.begun_at
    writing.bulk.copy_rows("catalogue_product", PRODUCT_COLUMNS, [(*row, True, 0, now, now) for row in rows])


def _update(sql: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
