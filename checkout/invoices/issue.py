"""Write an invoice for a paid order, a credit note for each refund that went through. Idempotent: once per order, refund."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from oscar.apps.order.models import Order

from checkout.invoices.crediting import Named, credit_figures, delivery_sums, line_sums
from checkout.invoices.figures import Json, invoice_figures
from checkout.invoices.numbering import take_number
from checkout.invoices.records import Paper
from checkout.orders.records import PlacedOrder
from checkout.orders.states import PENDING
from checkout.orders.timeline import record_event
from checkout.payments.attempts import State
from checkout.payments.records import PaymentAttempt, Refund
from checkout.refunds.records import RefundPart
from shop.money import ZERO
from shop.outbox.publish import publish

PAYING = (State.PAID, State.LAPSED)
TWICE = ":twice:"
"""In the key of a refund of what was paid twice: it corrects no invoice."""
LETTERS: Mapping[str, str] = {Paper.Kind.INVOICE: "R", Paper.Kind.CREDIT_NOTE: "G"}


def issue_invoice(order_id: int) -> Paper | None:
    """The invoice of an order; None while it is not paid (an invoice for what nobody pays would need a correction)."""
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)
        known = Paper.objects.filter(order=order, kind=Paper.Kind.INVOICE).first()
        if known is not None:
            return known
        placed = PlacedOrder.objects.get(pk=order_id)
        if order.status == PENDING or placed.paid_at is None:
            return None
        attempt = PaymentAttempt.objects.filter(order=order, state__in=(State.PAID, State.AUTHORISED)).first()
        paid = attempt.captured if attempt is not None else order.total_incl_tax * 0
        on = _today()
        by = attempt.provider if attempt is not None else ""
        figures = invoice_figures(order, placed.quote, issued_on=on, paid=paid, paid_by=by)
        return _write(order, kind=Paper.Kind.INVOICE, figures=figures, on=on)


def issue_credit_note(refund_id: int) -> Paper | None:
    """The credit note of a refund that succeeded.

    None when its order never got an invoice (it was never in force), when the refund returns a second payment of the same
    order (the invoice is paid by the first), and when an earlier refund was credited and then failed at the bank: that
    credit note stands, and this money fulfils it.
    """
    refund = Refund.objects.select_related("attempt").get(pk=refund_id)
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=refund.attempt.order_id)
        known = Paper.objects.filter(refund=refund).first()
        is_due = refund.state == Refund.State.SUCCEEDED and TWICE not in refund.key
        if known is not None or not is_due or _was_paid_by_another(refund.attempt):
            return known
        invoice = issue_invoice(order.pk)
        if invoice is None:
            return None
        before = list(Paper.objects.filter(corrects=invoice).order_by("pk").values_list("figures", flat=True))
        amount = min(refund.amount, _not_credited(refund, before))
        if amount <= ZERO:
            return None
        on = _today()
        figures = credit_figures(
            invoice.figures,
            label=invoice.label,
            amount=amount,
            before=before,
            reason=refund.reason,
            on=on,
            named=_named_parts(refund, order, invoice.figures),
        )
        return _write(order, kind=Paper.Kind.CREDIT_NOTE, figures=figures, on=on, corrects=invoice, refund=refund)


def _was_paid_by_another(attempt: PaymentAttempt) -> bool:
    others = PaymentAttempt.objects.filter(order_id=attempt.order_id, state__in=(State.PAID, State.AUTHORISED))
    return attempt.state not in PAYING and others.exclude(pk=attempt.pk).exists()


def _not_credited(refund: Refund, before: list[Json]) -> Decimal:
    """What went back of the payment, or of the two that paid it together, and stands on no credit note yet."""
    mine = Q(attempt=refund.attempt_id) | Q(attempt__order=refund.attempt.order_id, attempt__state__in=PAYING)
    back = Refund.objects.filter(mine, state=Refund.State.SUCCEEDED).exclude(key__contains=TWICE)
    gone = back.aggregate(total=Sum("amount"))["total"] or ZERO
    return gone - sum((Decimal(note["total"]) for note in before), ZERO)


def _named_parts(refund: Refund, order: Order, invoice: Json) -> list[Named]:
    parts = list(RefundPart.objects.filter(refund=refund).select_related("line").order_by("pk"))
    if not parts:
        return []
    quote = PlacedOrder.objects.values_list("quote", flat=True).get(pk=order.pk)
    places = {pk: place for place, pk in enumerate(order.lines.order_by("pk").values_list("pk", flat=True))}
    named = []
    for part in parts:
        if part.line is not None:
            name = f"{part.quantity} × {part.line.title}" if part.quantity else f"Rest of {part.line.title}"
            named.append(Named(name, part.amount, line_sums(quote, places[part.line.pk])))
        elif part.kind == RefundPart.Kind.DELIVERY:
            named.append(Named("Delivery", part.amount, delivery_sums(invoice)))
    return named


def _write(
    order: Order, *, kind: Paper.Kind, figures: Json, on: date, corrects: Paper | None = None, refund: Any = None
) -> Paper:
    series = f"{LETTERS[kind]}-{on.year}"
    number = take_number(series)
    label = f"{series}-{number:05d}"
    figures = {**figures, "label": label}
    paper = Paper.objects.create(
        kind=kind,
        series_id=series,
        number=number,
        label=label,
        order=order,
        corrects=corrects,
        refund=refund,
        figures=figures,
        digest=digest_of_figures(figures),
    )
    record_event(
        order_id=order.pk,
        kind="paper",
        message=f"{kind.label.capitalize()} {label} issued over {figures['total']} {figures['currency']}.",
        actor_name="shop",
        data={"paper": paper.pk},
    )
    publish("paper.issued", {"paper_id": paper.pk}, key=f"paper.issued:{paper.pk}")
    return paper


def digest_of_figures(figures: Json) -> str:
    canonical = json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _today() -> date:
    """By the database's clock, in the shop's time zone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return timezone.localdate(cursor.fetchone()[0])
