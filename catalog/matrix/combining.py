"""Every combination of some choices: the variant that has it already, or that there is none yet."""

import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from oscar.apps.catalogue.models import Product, ProductAttributeValue
from oscar.apps.partner.models import StockRecord

from catalog.attributes.reading import WrongValue, find_rule, read_value
from catalog.attributes.rules import Rule, rules_of
from catalog.attributes.storing import text_of
from catalog.importing.naming import make_code, make_handle
from catalog.matrix.choices import MOST_VARIANTS, Choice, MatrixRefused
from catalog.variant_options import MOST_CHOICES
from catalog.variants import VariantAxis

Values = tuple[str, ...]
LONGEST_PART = 16
NOT_TEXT = frozenset({"entity", "file", "image", "multi_option"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A variant that there is. `sku` "" and `price` None when it has none."""

    product_id: int
    sku: str = ""
    price: Decimal | None = None
    currency: str = ""
    is_public: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """`rows` by their values in the order of `choices`. `outside` counts the variants that are in none of the rows."""

    choices: tuple[Choice, ...]
    rows: Mapping[Values, Held | None]
    outside: int

    @property
    def missing(self) -> list[Values]:
        return [values for values, held in self.rows.items() if held is None]

    @property
    def held(self) -> int:
        return len(self.rows) - len(self.missing) + self.outside


def axes_of(product: Product) -> list[VariantAxis]:
    return list(VariantAxis.objects.filter(product=product).select_related("attribute").order_by("position", "pk"))


def present_values(product: Product, axes: Sequence[VariantAxis]) -> dict[int, Values]:
    """Of each variant, hidden ones too: its canonical texts in the order of the choices, "" for none."""
    places = {axis.attribute_id: place for place, axis in enumerate(axes)}
    found = {
        pk: [""] * len(axes)
        for pk in Product.objects.filter(parent=product).order_by("pk").values_list("pk", flat=True)
    }
    rows = ProductAttributeValue.objects.filter(product__parent=product, attribute__in=places)
    for row in rows.select_related("attribute", "value_option"):
        if row.attribute.type not in NOT_TEXT:
            found[row.product_id][places[row.attribute_id]] = text_of(row.value, row.attribute.type)
    return {pk: tuple(texts) for pk, texts in found.items()}


def is_sold_alone(product: Product) -> bool:
    """Stand-alone with a SKU: it becomes the first variant."""
    return not product.is_parent and StockRecord.objects.filter(product=product).exists()


def combine(product: Product, choices: Sequence[Choice]) -> Matrix:
    """A constant number of queries. Raises MatrixRefused when the choices do not fit the product or each other."""
    axes = axes_of(product)
    bought = {product.pk: ()} if is_sold_alone(product) else present_values(product, axes)
    read = _read_choices(product, axes, choices, bought=bought.values())
    count = math.prod(len(choice.values) for choice in read)
    if count > MOST_VARIANTS:
        sizes = " × ".join(str(len(choice.values)) for choice in read)
        raise MatrixRefused(
            f"{sizes} are {count} combinations; a product has at most {MOST_VARIANTS}. "
            "Take values out, or make several products."
        )
    held = _held(bought, added=tuple(choice.present for choice in read[len(axes) :]))
    rows = {values: held.get(values) for values in itertools.product(*(choice.values for choice in read))}
    return Matrix(choices=read, rows=rows, outside=len(bought) - sum(1 for one in rows.values() if one))


def propose_skus(beginning: str, combinations: Iterable[Values]) -> dict[Values, str]:
    """`THROW` and (Oak, S) make `THROW-OAK-S`; a number follows where somebody has that SKU. Two queries at most."""
    wished = {values: "-".join(filter(None, [beginning, *map(_short, values)]))[:120] for values in combinations}
    taken = set(StockRecord.objects.filter(partner_sku__in=set(wished.values())).values_list("partner_sku", flat=True))
    if taken or len(set(wished.values())) < len(wished):
        numbered = {f"{sku}-{number}" for sku in wished.values() for number in range(2, 10)}
        taken |= set(StockRecord.objects.filter(partner_sku__in=numbered).values_list("partner_sku", flat=True))
    for values, sku in wished.items():
        free = next(
            (one for one in (sku, *(f"{sku}-{n}" for n in range(2, MOST_VARIANTS + 9))) if one not in taken), ""
        )
        wished[values] = free
        taken.add(free)
    return wished


def _short(value: str) -> str:
    return make_handle(value).upper()[:LONGEST_PART].strip("-")


def _read_choices(
    product: Product, axes: Sequence[VariantAxis], choices: Sequence[Choice], *, bought: Collection[Values]
) -> tuple[Choice, ...]:
    """With the values in the spelling of the catalogue. The present choices come first, in their order."""
    if not choices:
        raise MatrixRefused("Name at least one choice and its values, for example Size: S, M, L.")
    if len(choices) > MOST_CHOICES:
        raise MatrixRefused(f"A product has at most {MOST_CHOICES} choices; these are {len(choices)}.")
    if gone := next(
        (axis for axis, one in zip_longest(axes, choices) if axis and (not one or one.name != axis.name)), None
    ):
        raise MatrixRefused(f"{product.title} comes in {gone.name} already; a choice that is there stays.")
    codes = [axis.attribute.code for axis in axes] + [make_code(choice.name) for choice in choices[len(axes) :]]
    if len(set(codes)) < len(codes):
        raise MatrixRefused("Two of the choices have the same name. Give each a name of its own.")
    rules = rules_of([product.product_class_id], needs_options=True).get(product.product_class_id)
    found = []
    for place, (code, choice) in enumerate(zip(codes, choices, strict=True)):
        is_new = place >= len(axes)
        try:
            rule = find_rule(rules, class_name=str(product.product_class), code=code)
            read = _read_choice(choice, rule, needs_present=is_new and bool(bought))
        except WrongValue as problem:
            raise MatrixRefused(str(problem)) from problem
        found.append(read if is_new else _spell_as(read, [own[place] for own in bought if own[place]]))
    return tuple(found)


def _read_choice(choice: Choice, rule: Rule, *, needs_present: bool) -> Choice:
    """Raises WrongValue. What is sold today stands among the values, in their spelling."""
    if not choice.values:
        raise MatrixRefused(f"Which values does {choice.name} have? Write at least one.")
    if needs_present and not choice.present:
        raise MatrixRefused(f"Which {choice.name} is what is sold today? Write one of its values.")
    values = [read_value(value, rule) for value in choice.values]
    present = read_value(choice.present, rule) if needs_present else ""
    if present and present.casefold() not in map(str.casefold, values):
        values.insert(0, present)
    return _spell_as(Choice(name=choice.name, values=tuple(dict.fromkeys(values)), present=present), values)


def _spell_as(choice: Choice, known: Sequence[str]) -> Choice:
    """Values that differ from a known one in capitals only are that one."""
    spelled = {value.casefold(): value for value in reversed(known)}
    values = tuple(dict.fromkeys(spelled.get(value.casefold(), value) for value in choice.values))
    return Choice(name=choice.name, values=values, present=spelled.get(choice.present.casefold(), choice.present))


def _held(bought: Mapping[int, Values], *, added: Values) -> dict[Values, Held]:
    """What there is, by the combination that it has, or will have once the new choices are added."""
    public = dict(Product.objects.filter(pk__in=bought).values_list("pk", "is_public"))
    records = StockRecord.objects.filter(product__in=bought).order_by("-pk")
    sold = {pk: own for pk, *own in records.values_list("product_id", "partner_sku", "price", "price_currency")}
    found: dict[Values, Held] = {}
    for pk, own in bought.items():
        sku, price, currency = sold.get(pk, ("", None, ""))
        if all(own):
            held = Held(product_id=pk, sku=sku, price=price, currency=currency or "", is_public=public[pk])
            found[(*own, *added)] = held
    return found
