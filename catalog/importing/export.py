"""The catalogue as a native file: imported again, it changes nothing."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet
from oscar.apps.catalogue.models import Product, ProductAttribute
from oscar.apps.partner.models import Partner
from stdnum import ean

from catalog.importing.fact_cells import FILES, WHOLE_FILES
from catalog.importing.native_writer import write_lines, write_rows, write_workbook
from catalog.importing.rows import ProductRow
from catalog.importing.snapshot import read_products
from catalog.importing.states import ALT_LENGTH, BRAND, TAGS, ProductState, SkuState
from catalog.importing.vocabulary import HOUSE
from catalog.media.records import MediaFile
from catalog.media.sources import folder_of

BATCH = 500
OPTION_COLUMNS = 3
NOT_IN_FILES = ("entity", "file", "image")


def export_products(path: Path, *, images: Path | None = None) -> int:
    """Number of rows (SKUs) written; JSON Lines for `.jsonl`, a workbook for `.xlsx`, else CSV. Whole or not at all.

    Pictures are named by their digest. With `images`, a copy of each is put there, for a shop that lacks them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    try:
        count = _write_file(partial, kind=path.suffix.lower())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    if images is not None:
        _copy_pictures(images)
    return count


def _write_file(path: Path, *, kind: str) -> int:
    if kind == ".xlsx":
        return write_workbook(list_rows(), to=path, attribute_codes=_list_codes())
    with path.open("w", encoding="utf-8", newline="") as file:
        write = write_lines if kind == ".jsonl" else write_rows
        return write(list_rows(), to=file, attribute_codes=_list_codes())


def name_picture(digest: str) -> str:
    return f"{digest}.jpg"


def list_rows() -> Iterator[ProductRow]:
    """Every SKU, product by product, in constant memory; products with kits last, so that their parts come before."""
    kits = Product.objects.filter(parent=None).filter(
        Q(stockrecords__kit__isnull=False) | Q(children__stockrecords__kit__isnull=False)
    )
    yield from _list_rows(Product.objects.filter(parent=None).exclude(pk__in=kits.values("pk")))
    yield from _list_rows(Product.objects.filter(pk__in=kits.values("pk")))


def _list_rows(products: QuerySet[Product]) -> Iterator[ProductRow]:
    partner = Partner.objects.filter(code=HOUSE).first()
    last = 0
    while True:
        ids = list(products.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        last = ids[-1]
        snapshot = read_products(ids, partner_id=partner.pk if partner else None)
        for product in snapshot.products.values():
            for number, sku in enumerate(product.skus.values()):
                yield _as_row(product, sku, is_first=number == 0)


def _as_row(product: ProductState, sku: SkuState, *, is_first: bool) -> ProductRow:
    """The gallery of a product with variants stands in its first row. One location's stock fits in a row: the first."""
    location, units = next(iter(sku.stock.items()), (None, None))
    own = sku.pictures if product.is_parent else product.pictures
    attributes = {**product.attributes, **sku.attributes}
    brand, tags = attributes.pop(BRAND, None), attributes.pop(TAGS, None)
    options = tuple((name, sku.options[code]) for code, name in product.axes if code in sku.options)
    return ProductRow(
        line=0,
        handle=product.handle,
        sku=sku.sku,
        title=sku.title or product.title,
        description=sku.description or product.description or None,
        product_class=product.product_class or None,
        brand=brand,
        categories=product.categories or None,
        tags=tuple(tags.split("|")) if tags else None,
        gtin=sku.gtin if sku.gtin and ean.is_valid(sku.gtin) else None,
        price=sku.price,
        compare_at_price=sku.compare_at_price,
        cost=sku.cost,
        currency=sku.currency,
        tax_class=sku.tax_class,
        weight_kg=sku.weight_kg,
        stock=units,
        location=location,
        images=tuple(name_picture(digest) for digest in own),
        gallery=tuple(name_picture(digest) for digest in product.pictures) if product.is_parent and is_first else None,
        image_alts=_alts(product, own=sku.alts if product.is_parent else product.alts, shown=own, is_first=is_first),
        options=options if len(options) == len(product.axes) <= OPTION_COLUMNS else (),
        attributes=dict(attributes),
        published=product.published and sku.published,
        components=sku.components or None,
        kit_percent_off=sku.kit_percent_off,
        facts=_facts(product, sku, is_first=is_first),
    )


def _alts(
    product: ProductState, *, own: Mapping[str, str], shown: Iterable[str], is_first: bool
) -> tuple[str, ...] | None:
    """In the order of the row's pictures; nothing is said where the product's title describes the picture."""
    texts = [own.get(digest, "") for digest in shown]
    if product.is_parent and is_first:
        texts += [product.alts.get(digest, "") for digest in product.pictures]
    said = tuple("" if text == product.title[:ALT_LENGTH] else text for text in texts)
    return said if any(said) else None


def _facts(product: ProductState, sku: SkuState, *, is_first: bool) -> dict[str, str]:
    """What every variant has of its product stands in each row; the product's files in its first."""
    facts = {name: text for name, text in product.facts.items() if name != FILES} | sku.facts
    if is_first and FILES in product.facts:
        facts[WHOLE_FILES] = product.facts[FILES]
    return facts


def _list_codes() -> list[str]:
    """Of all attributes that a file can hold, except the axes of every product that has them."""
    codes = ProductAttribute.objects.exclude(type__in=NOT_IN_FILES).exclude(code__in=(BRAND, TAGS))
    return list(codes.order_by("code").values_list("code", flat=True).distinct())


def _copy_pictures(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for digest in MediaFile.objects.order_by("id").values_list("digest", flat=True).iterator():
        for found in sorted((Path(settings.MEDIA_ROOT) / folder_of(digest)).glob("*.jpg")):
            shutil.copyfile(found, folder / name_picture(digest))
