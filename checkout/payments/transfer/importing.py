"""Take in a bank statement: each entry once, whatever files overlap; then match what is plain."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from checkout.payments.transfer.matching import match_open_entries
from checkout.payments.transfer.records import StatementEntry
from checkout.payments.transfer.statement import UnreadableStatement, read_statement
from shop.audit.record import record_action


@dataclass(frozen=True, slots=True)
class Imported:
    """`known` entries were taken in before. `open` wait for a person."""

    new: int
    known: int
    matched: int
    open: int


def import_statement(content: bytes, *, file_name: str, actor: Any) -> Imported:
    """Raises UnreadableStatement; then nothing was written."""
    if not settings.BANK.number:
        raise UnreadableStatement("Set BANK_IBAN or BANK_ACCOUNT first: statements are read for that account.")
    entries = dict(read_statement(content, our_iban=settings.BANK.number, currency=settings.SHOP_CURRENCY))
    with transaction.atomic():
        before = StatementEntry.objects.filter(key__in=entries).count()
        StatementEntry.objects.bulk_create(
            (
                StatementEntry(
                    key=key,
                    booked_on=entry.booked_on,
                    amount=entry.amount,
                    currency=entry.currency,
                    payer_name=entry.payer_name,
                    payer_iban=entry.payer_iban,
                    text=entry.text,
                    bank_reference=entry.bank_reference,
                    file_name=file_name[:200],
                    imported_by=str(actor),
                    state=StatementEntry.State.OPEN if entry.amount > 0 else StatementEntry.State.SET_ASIDE,
                )
                for key, entry in entries.items()
            ),
            ignore_conflicts=True,
        )
        new = len(entries) - before
        if new:
            record_action(
                action="import statement",
                subject_type="statement",
                subject_id=file_name[:80],
                actor=actor,
                after={"entries": len(entries), "new": new},
            )
    matched = match_open_entries()
    mine = StatementEntry.objects.filter(key__in=entries, state=StatementEntry.State.OPEN)
    return Imported(new=new, known=before, matched=matched, open=mine.count())
