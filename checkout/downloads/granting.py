"""Grant what was bought, renew it, revoke it. Each is one transaction under the order's lock, told on its timeline."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from oscar.apps.order.models import Line, Order

from catalog.digital.offered import OfferedFile, files_of
from checkout.downloads.records import Entitlement
from checkout.orders.states import PAID, PARTLY_SHIPPED, SHIPPED, lock_order, move_order
from checkout.orders.timeline import record_event
from checkout.payments.capture import capture_order
from checkout.quote.by_download import BY_DOWNLOAD
from shop.audit.record import record_action

DUE = (PAID, PARTLY_SHIPPED, SHIPPED)


def deliver_downloads(order_id: int) -> None:
    """Handler of `order.paid`: the rights, then the money that was only set aside, then the order's state. Repeatable."""
    grant_downloads(order_id)
    order = Order.objects.get(pk=order_id)
    if order.shipping_code == BY_DOWNLOAD and order.status in DUE:
        # What was delivered is charged, as with the first parcel.
        capture_order(order_id)
        close_delivered(order_id)


@transaction.atomic
def grant_downloads(order_id: int) -> int:
    """A right to each file of each line, once; how many are new."""
    order = lock_order(order_id)
    if order.status not in DUE:
        return 0
    rows = [
        Entitlement(
            order=order,
            line=line,
            file_id=file.file_id,
            title=line.title[:255],
            downloads=file.downloads * line.quantity,
            hours=file.hours,
            allowed=file.downloads * line.quantity,
            expires_at=Now() + timedelta(hours=file.hours),
        )
        for line, file in _bought_files(order)
    ]
    known = set(Entitlement.objects.filter(order=order).values_list("line_id", "file_id"))
    new = [row for row in rows if (row.line_id, row.file_id) not in known]
    Entitlement.objects.bulk_create(new)
    if new:
        names = f"{len(new)} files can" if len(new) > 1 else "1 file can"
        record_event(order_id=order_id, kind="shipment", message=f"{names} be downloaded.", actor_name="shop")
    return len(new)


def _bought_files(order: Order) -> list[tuple[Line, OfferedFile]]:
    """Of the thing itself, or of the parts of a kit; a file that comes with both comes once."""
    lines = list(order.lines.order_by("pk").prefetch_related("parts__stock_record"))
    products = {
        line.pk: [line.product_id, *(part.stock_record.product_id for part in line.parts.all())] for line in lines
    }
    files = files_of(pk for found in products.values() for pk in found if pk is not None)
    return [
        (line, file)
        for line in lines
        for file in {one.file_id: one for pk in products[line.pk] for one in files.get(pk, ())}.values()
    ]


@transaction.atomic
def close_delivered(order_id: int) -> bool:
    """An order of nothing but files is delivered when every line has one; False leaves it to a person."""
    order = lock_order(order_id)
    if order.status != PAID:
        return False
    bare = order.lines.filter(entitlements=None).values_list("title", flat=True)
    if bare:
        message = "Nothing was delivered yet for: " + ", ".join(bare[:5]) + ". The product has no file."
        if not order.events.filter(kind="alert", message=message).exists():
            record_event(order_id=order_id, kind="alert", message=message, actor_name="shop")
        return False
    return move_order(order, SHIPPED, reason="Everything in it can be downloaded.", actor_name="fulfilment")


@transaction.atomic
def renew_download(entitlement_id: int, *, reason: str, actor: Any) -> Entitlement:
    """Its time and its downloads once more, under a new link; a revoked one lives again. Audited."""
    entitlement = _lock(entitlement_id)
    Entitlement.objects.filter(pk=entitlement_id).update(
        serial=F("serial") + 1,
        allowed=F("used") + F("downloads"),
        expires_at=Now() + timedelta(hours=entitlement.hours),
        open_until=None,
        revoked_at=None,
        revoked_reason="",
    )
    _tell(entitlement, action="renew download", words="can be downloaded again", reason=reason, actor=actor)
    entitlement.refresh_from_db()
    return entitlement


@transaction.atomic
def revoke_downloads(*, order_id: int, reason: str, actor: Any = None, line_ids: Iterable[int] | None = None) -> int:
    """End the rights of an order, or of some of its lines; how many ended. Safe to repeat. Audited."""
    lock_order(order_id)
    alive = Entitlement.objects.filter(order_id=order_id, revoked_at__isnull=True).select_related("file")
    if line_ids is not None:
        alive = alive.filter(line__in=list(line_ids))
    ended = list(alive)
    Entitlement.objects.filter(pk__in=[one.pk for one in ended]).update(revoked_at=Now(), revoked_reason=reason[:250])
    for one in ended:
        _tell(one, action="revoke download", words="can no longer be downloaded", reason=reason, actor=actor)
    return len(ended)


def revoke_download(entitlement_id: int, *, reason: str, actor: Any) -> int:
    """One file alone; 0 when it was revoked before."""
    with transaction.atomic():
        entitlement = _lock(entitlement_id)
        ended = Entitlement.objects.filter(Q(pk=entitlement_id), revoked_at__isnull=True).update(
            revoked_at=Now(), revoked_reason=reason[:250]
        )
        if ended:
            _tell(
                entitlement, action="revoke download", words="can no longer be downloaded", reason=reason, actor=actor
            )
    return ended


def _lock(entitlement_id: int) -> Entitlement:
    order_id = Entitlement.objects.values_list("order_id", flat=True).get(pk=entitlement_id)
    lock_order(order_id)
    return Entitlement.objects.select_related("file").get(pk=entitlement_id)


def _tell(entitlement: Entitlement, *, action: str, words: str, reason: str, actor: Any) -> None:
    record_event(
        order_id=entitlement.order_id,
        kind="edit",
        message=f"{entitlement.file} {words}.",
        reason=reason,
        actor=actor,
        data={"entitlement": entitlement.pk},
    )
    record_action(
        action=action,
        subject_type="download",
        subject_id=entitlement.pk,
        actor=actor,
        actor_name="" if actor else "shop",
        before={"used": entitlement.used, "allowed": entitlement.allowed},
        after={"reason": reason},
    )
