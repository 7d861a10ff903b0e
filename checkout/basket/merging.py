"""Join a guest's basket to the account's: the union of the lines, as many as there are, never anybody else's."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from oscar.apps.basket.models import Basket
from oscar.apps.basket.models import Line as BasketLine

from checkout.basket.limits import MAX_LINES, most_of
from checkout.quote.records import CheckoutDraft
from inventory.availability import saleable_for


def merge_baskets(*, source_id: int, target_id: int, owner: Any) -> list[str]:
    """Move what is in `source` to `target`, which belongs to `owner`; returns a sentence for each line that was capped.

    The same thing in both: the quantities are added up to what can be sold (and to the most of one line). What cannot be
    sold at all keeps the larger quantity and the basket page says so. Codes and what was typed at the checkout come
    along. The source ends as merged; a second merge of it changes nothing.
    """
    with transaction.atomic():
        locked = {
            basket.pk: basket
            for basket in Basket.objects.select_for_update().filter(pk__in=[source_id, target_id]).order_by("pk")
        }
        source, target = locked.get(source_id), locked.get(target_id)
        if not _may_merge(source, target, owner):
            return []
        assert source is not None
        assert target is not None
        sentences = _merge_lines(source, target)
        target.vouchers.add(*source.vouchers.all())
        _merge_drafts(source, target, owner)
        Basket.objects.filter(pk=source.pk).update(status=Basket.MERGED, date_merged=Now())
        return sentences


def adopt_basket(*, basket_id: int, owner: Any) -> bool:
    """Give a guest's basket to the account that has none; False when it was taken or closed meanwhile."""
    with transaction.atomic():
        adopted = Basket.objects.filter(pk=basket_id, owner=None, status=Basket.OPEN).update(owner=owner)
        CheckoutDraft.objects.filter(basket_id=basket_id, basket__owner=owner).update(owner=owner)
        return bool(adopted)


def _may_merge(source: Basket | None, target: Basket | None, owner: Any) -> bool:
    """Both open; the target is the owner's; the source is nobody's or the owner's too."""
    return (
        source is not None
        and target is not None
        and source.pk != target.pk
        and source.status == target.status == Basket.OPEN
        and target.owner_id == owner.pk
        and source.owner_id in (None, owner.pk)
    )


def _merge_lines(source: Basket, target: Basket) -> list[str]:
    mine = {line.line_reference: line for line in BasketLine.objects.filter(basket=target)}
    theirs = list(BasketLine.objects.filter(basket=source).select_related("product__parent").order_by("pk"))
    left = saleable_for(line.stockrecord_id for line in theirs)
    moved: list[BasketLine] = []
    changed: list[BasketLine] = []
    sentences: list[str] = []
    for line in theirs:
        twin = mine.get(line.line_reference)
        wanted = line.quantity + (twin.quantity if twin else 0)
        most = most_of(left.get(line.stockrecord_id, 0))
        quantity = max(min(wanted, most), twin.quantity if twin else 0) or line.quantity
        if quantity < wanted and most:
            sentences.append(f"{line.product.get_title()}: both your baskets had it; you can have {quantity}.")
        if twin is not None:
            twin.quantity = quantity
            changed.append(twin)
        elif len(mine) + len(moved) < MAX_LINES:
            line.basket, line.quantity = target, quantity
            moved.append(line)
        else:
            sentences.append(f"{line.product.get_title()} did not fit: a basket holds {MAX_LINES} different things.")
    BasketLine.objects.bulk_update(changed, ["quantity"])
    BasketLine.objects.bulk_update(moved, ["basket", "quantity"])
    return sentences


def _merge_drafts(source: Basket, target: Basket, owner: Any) -> None:
    """What the guest typed last counts when the account's basket has no checkout of its own."""
    if not CheckoutDraft.objects.filter(basket=target).exists():
        CheckoutDraft.objects.filter(basket=source, order=None).update(basket=target, owner=owner)
