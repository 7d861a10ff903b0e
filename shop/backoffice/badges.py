"""The colour that stands beside a state's word in a list or on a page: Unfold's label variants."""

from typing import Final

ORDER: Final = {
    "pending payment": "warning",
    "paid": "info",
    "partly shipped": "info",
    "shipped": "success",
    "cancelled": "default",
    "refunded": "default",
}
PAYMENT: Final = {
    "created": "default",
    "open": "warning",
    "authorised": "info",
    "paid": "success",
    "cancelled": "default",
    "held": "danger",
    "lapsed": "default",
}
REFUND: Final = {"requested": "warning", "pending": "warning", "succeeded": "success", "failed": "danger"}
PAYOUT: Final = {
    "pending": "info",
    "in transit": "info",
    "paid": "success",
    "failed": "danger",
    "canceled": "default",
}
STATEMENT: Final = {"open": "warning", "matched": "success", "sent back": "default", "set aside": "default"}
TRANSFER: Final = {"waiting": "warning", "sent": "success", "dropped": "default"}
REFUND_REQUEST: Final = {"given": "success", "waiting": "warning", "approved": "success", "declined": "default"}
SHIPMENT: Final = {"open": "warning", "dispatched": "success", "cancelled": "default"}
JOB: Final = {"due": "info", "done": "success", "parked": "danger"}
REVIEW: Final = {"to approve": "warning", "approved": "success", "rejected": "default"}
STANDING: Final = {
    "shown": "success",
    "scheduled": "info",
    "ended": "warning",
    "hidden": "default",
    "archived": "default",
}
PURCHASE: Final = {"draft": "default", "ordered": "info", "closed": "success", "cancelled": "default"}
