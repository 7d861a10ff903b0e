"""Make the variants that a person chose from the matrix: all of them, with SKU, price and values, or none."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.importing.bulk import AtOnce
from catalog.importing.naming import make_handle
from catalog.importing.runs import lock_writing
from catalog.importing.vocabulary import Vocabulary, house_partner_id
from catalog.importing.write_attributes import NewValue, write_values
from catalog.matrix.choices import MOST_VARIANTS, Choice, MatrixRefused
from catalog.matrix.combining import Matrix, Values, axes_of, combine
from catalog.pricing.change import PriceRefused
from catalog.pricing.first import FirstPrice, write_first_prices
from catalog.search.index import refresh_documents
from catalog.variant_options import NewOption, OptionRefused, add_option, find_duplicates


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVariant:
    """`values` in the order of the choices; `price` None: not for sale yet; `gtin` "" for none."""

    values: Values
    sku: str
    price: Decimal | None = None
    gtin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InCommon:
    """What all new variants of one making share. `reason` stands in the price history."""

    actor_name: str
    reason: str
    tax_class: str = "standard"
    weight_kg: Decimal | None = None
    is_public: bool = True


def make_variants(
    product_id: int, choices: Sequence[Choice], variants: Sequence[NewVariant], *, common: InCommon
) -> list[int]:
    """Adds the new choices to what there is, then the variants; answers the ids of their products.

    Present variants keep SKU, stock, prices and orders. A constant number of statements. All or nothing: raises
    MatrixRefused, and IntegrityError when somebody took a SKU or a GTIN in this very moment.
    """
    with transaction.atomic():
        lock_writing()
        product = Product.objects.select_related("product_class").get(pk=product_id, parent=None)
        matrix = combine(product, choices)
        _check(matrix, variants)
        _add_choices(product, matrix.choices)
        product.refresh_from_db()
        children = _add_products(product, variants, is_public=common.is_public)
        _add_values(product, children, variants)
        _add_records(children, variants, common=common)
        if problem := find_duplicates():
            raise MatrixRefused(problem)
        refresh_documents([product.pk])
    return [child.pk for child in children]


def _check(matrix: Matrix, variants: Sequence[NewVariant]) -> None:
    for variant in variants:
        if held := matrix.rows.get(variant.values):
            words = " / ".join(variant.values)
            raise MatrixRefused(f"{words} has been made meanwhile; its SKU is {held.sku}. Look at the table again.")
        if variant.values not in matrix.rows:
            raise MatrixRefused(f"{' / '.join(variant.values)} is no combination of the choices above.")
    if matrix.held + len(variants) > MOST_VARIANTS:
        raise MatrixRefused(
            f"The product has {matrix.held} variants; with these {len(variants)} it would have more than {MOST_VARIANTS}."
        )
    skus = Counter(variant.sku for variant in variants)
    if twice := next((sku for sku, times in skus.items() if times > 1), ""):
        raise MatrixRefused(f"The SKU {twice} stands twice in the table; every SKU is used once.")
    if taken := StockRecord.objects.filter(partner_sku__in=skus).values_list("partner_sku", flat=True).first():
        raise MatrixRefused(f"The SKU {taken} belongs to another product; every SKU is used once.")


def _add_choices(product: Product, choices: Iterable[Choice]) -> None:
    present = {axis.name for axis in axes_of(product)}
    for choice in choices:
        if choice.name not in present:
            try:
                add_option(product.pk, NewOption(name=choice.name, value=choice.present))
            except OptionRefused as refusal:
                raise MatrixRefused(str(refusal)) from refusal


def _add_products(product: Product, variants: Sequence[NewVariant], *, is_public: bool) -> list[Product]:
    words = [" / ".join(variant.values) for variant in variants]
    return Product.objects.bulk_create(
        Product(
            parent=product,
            structure=Product.CHILD,
            title=f"{product.title}, {label}"[:255],
            slug=slug,
            upc=variant.gtin or None,
            is_public=is_public,
        )
        for variant, label, slug in zip(variants, words, _free_slugs(product, words), strict=True)
    )


def _free_slugs(product: Product, words: Sequence[str]) -> list[str]:
    """Free until the end of the transaction, which holds lock_writing."""
    wished = [f"{product.slug[:180]}-{make_handle(label)[:60]}" for label in words]
    taken = set(Product.objects.filter(slug__startswith=f"{product.slug[:180]}-").values_list("slug", flat=True))
    found = []
    for slug in wished:
        free, number = slug, 2
        while free in taken:
            free, number = f"{slug}-{number}", number + 1
        taken.add(free)
        found.append(free)
    return found


def _add_values(product: Product, children: Sequence[Product], variants: Sequence[NewVariant]) -> None:
    codes = [axis.attribute.code for axis in axes_of(product)]
    write_values(
        (
            NewValue(product_id=child.pk, class_id=product.product_class_id, code=code, text=text, is_new=True)
            for child, variant in zip(children, variants, strict=True)
            for code, text in zip(codes, variant.values, strict=True)
        ),
        vocabulary=Vocabulary(),
        bulk=AtOnce(),
    )


def _add_records(children: Sequence[Product], variants: Sequence[NewVariant], *, common: InCommon) -> None:
    partner_id, currency = house_partner_id(), settings.SHOP_CURRENCY
    records = StockRecord.objects.bulk_create(
        StockRecord(
            product=child,
            partner_id=partner_id,
            partner_sku=variant.sku,
            price=variant.price,
            price_currency=currency,
            num_in_stock=0,
            num_allocated=0,
        )
        for child, variant in zip(children, variants, strict=True)
    )
    first = [
        FirstPrice(
            stock_record_id=record.pk,
            sku=record.partner_sku,
            currency=currency,
            price=record.price,
            compare_at=None,
            cost=None,
            tax_class=common.tax_class,
            weight_kg=common.weight_kg,
        )
        for record in records
    ]
    try:
        write_first_prices(first, actor_name=common.actor_name, reason=common.reason, bulk=AtOnce())
    except PriceRefused as refusal:
        raise MatrixRefused(str(refusal)) from refusal
