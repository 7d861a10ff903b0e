"""The tables of checkout, gathered from its sub-packages."""

from checkout.alerts.records import Alert, QuietAddress
from checkout.basket.records import WrongCode
from checkout.downloads.records import Download, Entitlement, ProofCode
from checkout.invoices.records import Paper, PaperFile, PaperSeries
from checkout.orders.records import LinePart, Mail, OrderEvent, PlacedOrder
from checkout.orders.wording.records import MailWording
from checkout.payments.records import Capture, PaymentAttempt, ProviderEvent, Refund
from checkout.payments.transfer.records import StatementEntry, TransferMatch, TransferOut
from checkout.payouts.records import Payout, PayoutItem
from checkout.prepared.records import PreparedOrder
from checkout.quote.records import CheckoutDraft
from checkout.refunds.records import RefundPart, RefundRequest, RefundShare
from checkout.reviews.records import ReviewedLine, ReviewReply
from checkout.shield.records import HeldPayment, PaymentTry
from checkout.tax.records import TaxNexus, TaxRate, TaxZone
from checkout.tax.vat_records import VatCase, VatCheck

__all__ = [
    "Alert",
    "Capture",
    "CheckoutDraft",
    "Download",
    "Entitlement",
    "HeldPayment",
    "LinePart",
    "Mail",
    "MailWording",
    "OrderEvent",
    "Paper",
    "PaperFile",
    "PaperSeries",
    "PaymentAttempt",
    "PaymentTry",
    "Payout",
    "PayoutItem",
    "PlacedOrder",
    "PreparedOrder",
    "ProofCode",
    "ProviderEvent",
    "QuietAddress",
    "Refund",
    "RefundPart",
    "RefundRequest",
    "RefundShare",
    "ReviewReply",
    "ReviewedLine",
    "StatementEntry",
    "TaxNexus",
    "TaxRate",
    "TaxZone",
    "TransferMatch",
    "TransferOut",
    "VatCase",
    "VatCheck",
    "WrongCode",
]
