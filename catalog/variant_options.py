"""Add a choice to a product: every SKU, its stock and its orders stay what they are."""

from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from oscar.apps.catalogue.models import Product, ProductAttribute
from oscar.apps.partner.models import StockRecord

from catalog.attributes.reading import WrongValue, read_value
from catalog.attributes.rules import rules_of
from catalog.importing.bulk import AtOnce
from catalog.importing.naming import make_code
from catalog.importing.vocabulary import Vocabulary
from catalog.importing.write_attributes import NewValue, write_values
from catalog.search.index import refresh_documents
from catalog.variants import VariantAxis

MOST_CHOICES = 3


class OptionRefused(ValueError):
    """The choice cannot be added; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOption:
    """`name` is what the shopper reads; `value` what all present variants are, "" where there is none yet."""

    name: str
    value: str


# The stock record keeps its id, and with it the ledger, allocations, prices and order lines; only what it is of moves.
_MOVE = (
    "UPDATE partner_stockrecord SET product_id = %(child)s WHERE product_id = %(parent)s",
    "UPDATE basket_line SET product_id = %(child)s WHERE product_id = %(parent)s",
)


def add_option(product_id: int, new: NewOption) -> VariantAxis:
    """Give a product one more choice. A stand-alone product becomes one with a single variant, which takes its SKU.

    Raises OptionRefused; then nothing was written.
    """
    code, value = make_code(new.name), new.value.strip()
    with transaction.atomic():
        product = Product.objects.select_for_update(of=("self",)).get(pk=product_id, parent=None)
        axes = list(VariantAxis.objects.filter(product=product).select_related("attribute"))
        is_empty = not _has_anything(product)
        _check(product, axes, code=code, name=new.name, value=value or ("-" if is_empty else ""))
        if not product.is_parent:
            _become_parent(product, label=value, is_empty=is_empty)
        attribute, _ = ProductAttribute.objects.get_or_create(
            product_class=product.product_class,
            code=code,
            defaults={"name": new.name, "type": ProductAttribute.TEXT, "required": False},
        )
        text = _read(product, attribute, value) if not is_empty else ""
        axis = VariantAxis.objects.create(product=product, attribute=attribute, name=new.name, position=len(axes))
        _give_value(product, code, text)
        refresh_documents([product.pk])
    return axis


def find_duplicates() -> str:
    """Have the database judge the combinations now instead of at the end; what it says, or nothing.

    Call inside the transaction that wrote variants; what was written has to be rolled back.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS catalog_combination_once IMMEDIATE")
            cursor.execute("SET CONSTRAINTS catalog_combination_once DEFERRED")
    except IntegrityError:
        return "Two variants of this product have the same choices. Give one of them another value."
    return ""


def _check(product: Product, axes: list[VariantAxis], *, code: str, name: str, value: str) -> None:
    if not value:
        raise OptionRefused(f"Say what the present variants are: the value of {name} that they all have.")
    if any(axis.attribute.code == code for axis in axes):
        raise OptionRefused(f"{product.title} comes in {name} already.")
    if len(axes) >= MOST_CHOICES:
        raise OptionRefused(f"A product has at most {MOST_CHOICES} choices; {product.title} has them already.")


def _read(product: Product, attribute: ProductAttribute, value: str) -> str:
    class_id = product.product_class_id
    rule = rules_of([class_id], needs_options=True)[class_id].by_code[attribute.code]
    try:
        return read_value(value, rule)
    except WrongValue as problem:
        raise OptionRefused(str(problem)) from problem


def _give_value(product: Product, code: str, text: str) -> None:
    """To every variant, in a constant number of statements."""
    children = Product.objects.filter(parent=product).order_by("pk").values_list("pk", flat=True)
    class_id = product.product_class_id
    write_values(
        [NewValue(product_id=pk, class_id=class_id, code=code, text=text) for pk in children],
        vocabulary=Vocabulary(),
        bulk=AtOnce(),
    )


def _has_anything(product: Product) -> bool:
    """Variants, or a SKU of its own."""
    return (
        Product.objects.filter(parent=product).exists()
        if product.is_parent
        else StockRecord.objects.filter(product=product).exists()
    )


def _become_parent(product: Product, *, label: str, is_empty: bool) -> None:
    gtin = product.upc
    Product.objects.filter(pk=product.pk).update(structure=Product.PARENT, upc=None)
    product.structure = Product.PARENT
    if is_empty:
        if gtin:
            raise OptionRefused("This product has a GTIN and no SKU. Give it a SKU, or take the GTIN away first.")
        return
    child = Product.objects.create(
        structure=Product.CHILD,
        parent=product,
        title=f"{product.title}, {label}"[:255],
        slug=f"{product.slug[:200]}-1",
        upc=gtin or None,
        is_public=True,
    )
    with connection.cursor() as cursor:
        for statement in _MOVE:
            cursor.execute(statement, {"child": child.pk, "parent": product.pk})
