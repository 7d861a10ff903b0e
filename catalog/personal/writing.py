"""Keep a personalisation: the option that Oscar knows, our rule for it, and which products offer it."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from oscar.apps.catalogue.models import Option, Product

from catalog.personal.records import TextRule


def write_rule(rule: TextRule, *, name: str, help_text: str, is_required: bool, product_ids: Iterable[int]) -> TextRule:
    """Make or change it. `product_ids` are all the products (parents, or stand-alone ones) that offer it from now on."""
    with transaction.atomic():
        option = rule.option if rule.option_id else Option()
        option.name, option.help_text, option.required, option.type = name, help_text, is_required, Option.TEXT
        option.save()
        rule.option = option
        rule.save()
        option.product_set.set(product_ids)
    return rule


def find_families(skus: Sequence[str]) -> dict[str, int]:
    """The listed product of each SKU that there is: its own, or its parent for a variant. One query."""
    rows = Product.objects.filter(stockrecords__partner_sku__in=skus)
    found = rows.values_list("stockrecords__partner_sku", "parent_id", "pk")
    return {sku: parent or pk for sku, parent, pk in found}


def skus_of(rule: TextRule) -> list[str]:
    """One SKU for each product that offers it, by which staff know it."""
    products = Product.objects.filter(product_options=rule.option_id)
    found: dict[int, str] = {}
    rows = products.values_list("pk", "stockrecords__partner_sku", "children__stockrecords__partner_sku")
    for pk, own, child in rows.order_by("pk", "stockrecords__pk", "children__stockrecords__pk"):
        if own or child:
            found.setdefault(pk, own or child)
    return list(found.values())
