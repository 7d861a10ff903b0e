"""Our bank in a test: orders that wait for a transfer, and statements in both formats."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from oscar.apps.order.models import Order

from checkout.models import StatementEntry
from checkout.payments.start import pay_order
from checkout.payments.transfer.importing import Imported, import_statement
from checkout.payments.transfer.reference import show_reference
from checkout.placement import place_order
from tests.shopfloor import make_draft, make_product, quote_of

PAYER = "DE89370400440532013000"


def transfer_order(*things: Any, **fields: Any) -> Order:
    """24.90 by default, placed to be paid by transfer; the shopper has seen the instructions."""
    draft = make_draft(*(things or (make_product(price="20.00"),)), **fields)
    order = place_order(draft.pk, shown_digest=quote_of(draft).digest, provider="transfer").order
    pay_order(order.pk)
    return order


def camt(
    *rows: tuple[str, str],
    iban: str = "",
    day: str = "2026-11-20",
    name: str = "Ada Lovelace",
    currency: str = "EUR",
    account: str = "",
) -> bytes:
    """A CAMT.053 statement of (amount, text); negative amounts left our account, which has an IBAN or a number."""
    entries = "".join(
        _entry(amount, text, day=day, name=name, place=place, currency=currency)
        for place, (amount, text) in enumerate(rows)
    )
    ours = f"<Othr><Id>{account}</Id></Othr>" if account else f"<IBAN>{iban or settings.BANK.iban}</IBAN>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><Stmt><Acct><Id>{ours}</Id></Acct>{entries}</Stmt>"
        "</BkToCstmrStmt></Document>"
    ).encode()


def _entry(amount: str, text: str, *, day: str, name: str, place: int, currency: str) -> str:
    side, party = ("DBIT", "Cdtr") if amount.startswith("-") else ("CRDT", "Dbtr")
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{side}</CdtDbtInd><BookgDt><Dt>{day}</Dt></BookgDt>'
        f"<AcctSvcrRef>{day}-{place}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><{party}><Pty><Nm>{name}</Nm></Pty></{party}>"
        f"<{party}Acct><Id><IBAN>{PAYER}</IBAN></Id></{party}Acct></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf>"
        "</TxDtls></NtryDtls></Ntry>"
    )


def take_in(content: bytes, *, name: str = "statement.xml") -> Imported:
    return import_statement(content, file_name=name, actor="tests")


def arrive(*rows: tuple[str, str], **how: Any) -> list[StatementEntry]:
    """Take a statement in; its entries in their order."""
    known = set(StatementEntry.objects.values_list("pk", flat=True))
    take_in(camt(*rows, **how))
    return list(StatementEntry.objects.exclude(pk__in=known).order_by("pk"))


def reference(order: Order) -> str:
    return show_reference(order.number)


def states(entries: Sequence[StatementEntry]) -> list[str]:
    return [StatementEntry.objects.get(pk=entry.pk).state for entry in entries]


def cents(amount: Decimal) -> str:
    return f"{amount:.2f}"
