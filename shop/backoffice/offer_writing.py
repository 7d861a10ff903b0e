"""Write offers, vouchers and ranges: Oscar's three objects of an offer are made and kept together here."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from oscar.apps.catalogue.models import Product
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range, RangeProduct
from oscar.apps.voucher.models import Voucher

from promotions import rules
from shop.audit.record import record_action
from shop.backoffice.edits import describe_edit
from shop.backoffice.offer_words import describe_offer
from shop.backoffice.refusal import Refused

ALL_PRODUCTS = "All products"


@transaction.atomic
def save_offer(data: Mapping[str, Any], *, offer: ConditionalOffer | None, actor: Any) -> ConditionalOffer:
    """A new offer, or the given one changed. Its condition and benefit belong to it alone."""
    goods = data["goods"] or _all_products()
    before = {"offer": describe_offer(offer)} if offer is not None else {}
    condition, benefit = _own_parts(offer)
    condition.range, condition.type, condition.value = goods, data["condition_type"], data["condition_value"]
    condition.save()
    is_delivery = data["benefit_type"] in rules.SHIPPING_KINDS
    benefit.range = None if is_delivery or data["benefit_type"] == rules.FIXED_PRICE else goods
    benefit.type, benefit.max_affected_items = data["benefit_type"], data["max_affected_items"]
    benefit.value = None if data["benefit_type"] == rules.MULTIBUY else data["benefit_value"]
    benefit.save()
    offer = offer or ConditionalOffer()
    offer.condition, offer.benefit = condition, benefit
    for name in ("name", "offer_type", "priority", "exclusive", "max_discount"):
        setattr(offer, name, data[name])
    for name in ("max_basket_applications", "max_user_applications", "max_global_applications"):
        setattr(offer, name, data[name])
    offer.start_datetime, offer.end_datetime = data["start"], data["end"]
    offer.status = ConditionalOffer.SUSPENDED if data["is_suspended"] else ConditionalOffer.OPEN
    offer.save()
    record_action(
        action="change" if before else "add",
        subject_type="conditionaloffer",
        subject_id=offer.pk,
        actor=actor,
        before=before,
        after={"offer": describe_offer(offer), "suspended": data["is_suspended"]},
    )
    return offer


@transaction.atomic
def save_voucher(data: Mapping[str, Any], *, voucher: Voucher | None, actor: Any) -> Voucher:
    before = {"code": voucher.code, "ends": str(voucher.end_datetime)} if voucher is not None else {}
    voucher = voucher or Voucher()
    for name in ("name", "code", "usage"):
        setattr(voucher, name, data[name])
    voucher.start_datetime, voucher.end_datetime = data["start"], data["end"]
    voucher.save()
    voucher.offers.set(data["offers"])
    record_action(
        action="change" if before else "add",
        subject_type="voucher",
        subject_id=voucher.pk,
        actor=actor,
        before=before,
        after={
            "code": voucher.code,
            "ends": str(voucher.end_datetime),
            "offers": [offer.name for offer in data["offers"]],
        },
    )
    return voucher


@transaction.atomic
def save_range(form: Any, *, included: Sequence[str], excluded: Sequence[str], actor: Any) -> Range:
    """A valid model form of a range, and its products by SKU or by handle (the last part of the address).

    Raises Refused with the first unknown one; then nothing was written.
    """
    wanted, unwanted = _find(included), _find(excluded)
    before, after = describe_edit(form, [], is_new=form.instance.pk is None)
    found = form.save()
    RangeProduct.objects.filter(range=found).exclude(product__in=wanted).delete()
    known = set(RangeProduct.objects.filter(range=found).values_list("product_id", flat=True))
    RangeProduct.objects.bulk_create(RangeProduct(range=found, product_id=pk) for pk in wanted if pk not in known)
    found.excluded_products.set(unwanted)
    record_action(action="change", subject_type="range", subject_id=found.pk, actor=actor, before=before, after=after)
    return found


def _find(names: Sequence[str]) -> list[int]:
    by_sku = dict(
        Product.objects.filter(stockrecords__partner_sku__in=names).values_list("stockrecords__partner_sku", "pk")
    )
    by_handle = dict(Product.objects.filter(slug__in=names).values_list("slug", "pk"))
    for name in names:
        if name not in by_sku and name not in by_handle:
            raise Refused(
                f"There is no product with the SKU or the handle {name[:60]}. Correct it, or take the line out."
            )
    return list(dict.fromkeys(by_sku.get(name) or by_handle[name] for name in names))


def _all_products() -> Range:
    found = Range.objects.filter(includes_all_products=True, proxy_class=None).order_by("pk").first()
    return found or Range.objects.create(name=ALL_PRODUCTS, includes_all_products=True)


def _own_parts(offer: ConditionalOffer | None) -> tuple[Condition, Benefit]:
    """The offer's condition and benefit to write to; copies when another offer uses them too."""
    if offer is None:
        return Condition(), Benefit()
    others = ConditionalOffer.objects.exclude(pk=offer.pk)
    condition = Condition() if others.filter(condition=offer.condition_id).exists() else offer.condition
    benefit = Benefit() if others.filter(benefit=offer.benefit_id).exists() else offer.benefit
    condition.proxy_class = benefit.proxy_class = None
    return condition, benefit
