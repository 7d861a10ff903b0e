"""Save one section of a checkout. Each locks the checkout, so that nothing changes while it becomes an order."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from oscar.apps.basket.models import Basket

from checkout.placement import lock_draft
from checkout.quote.records import CheckoutDraft


class AlreadyPlaced(Exception):
    """The checkout has become an order; nothing in it can change any more."""

    def __init__(self, draft: CheckoutDraft) -> None:
        self.draft = draft
        super().__init__(f"{draft} is order {draft.order_id}.")


def ensure_draft(basket: Basket) -> CheckoutDraft:
    """The checkout of a basket; begun when there is none."""
    draft, _ = CheckoutDraft.objects.get_or_create(basket=basket, defaults={"owner_id": basket.owner_id})
    return draft


def save_contact(draft_id: int, *, email: str, phone: str, vat_id: str = "") -> None:
    def change(draft: CheckoutDraft) -> None:
        draft.email, draft.phone, draft.vat_id = email, phone, vat_id

    _save(draft_id, change)


def save_address(draft_id: int, address: Mapping[str, str]) -> None:
    def change(draft: CheckoutDraft) -> None:
        draft.address = dict(address)

    _save(draft_id, change)


def save_method(draft_id: int, method_code: str) -> None:
    def change(draft: CheckoutDraft) -> None:
        draft.method_code = method_code

    _save(draft_id, change)


def _save(draft_id: int, change: Callable[[CheckoutDraft], Any]) -> None:
    """Raises AlreadyPlaced."""
    with transaction.atomic():
        draft = lock_draft(draft_id)
        if draft.order_id is not None:
            raise AlreadyPlaced(draft)
        change(draft)
        draft.owner_id = draft.basket.owner_id
        draft.save()
