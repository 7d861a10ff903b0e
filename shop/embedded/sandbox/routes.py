"""Which function answers which address of the API."""

from collections.abc import Callable

from shop.embedded.sandbox import (
    capture,
    charges,
    customers,
    disputes,
    events,
    finding,
    intents,
    ledger,
    payment_methods,
    payouts,
    refunds,
    sessions,
    webhooks,
)
from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.store import Json

Endpoint = Callable[..., Json]

ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/v1/balance", ledger.retrieve_balance),
    ("GET", "/v1/balance_transactions", ledger.list_transactions),
    ("GET", "/v1/balance_transactions/{id}", ledger.retrieve_transaction),
    ("GET", "/v1/charges", charges.list_charges),
    ("GET", "/v1/charges/{id}", charges.retrieve_charge),
    ("POST", "/v1/charges/{id}", charges.update_charge),
    ("POST", "/v1/checkout/sessions", sessions.create_session),
    ("GET", "/v1/checkout/sessions", sessions.list_sessions),
    ("GET", "/v1/checkout/sessions/{id}", sessions.retrieve_session),
    ("POST", "/v1/checkout/sessions/{id}", sessions.update_session),
    ("POST", "/v1/checkout/sessions/{id}/expire", sessions.expire_session),
    ("GET", "/v1/checkout/sessions/{id}/line_items", sessions.list_session_lines),
    ("POST", "/v1/customers", customers.create_customer),
    ("GET", "/v1/customers", customers.list_customers),
    ("GET", "/v1/customers/{id}", customers.retrieve_customer),
    ("POST", "/v1/customers/{id}", customers.update_customer),
    ("DELETE", "/v1/customers/{id}", customers.delete_customer),
    ("GET", "/v1/customers/{id}/payment_methods", payment_methods.list_customer_methods),
    ("GET", "/v1/disputes", disputes.list_disputes),
    ("GET", "/v1/disputes/{id}", disputes.retrieve_dispute),
    ("POST", "/v1/disputes/{id}", disputes.update_dispute),
    ("POST", "/v1/disputes/{id}/close", disputes.close_dispute),
    ("GET", "/v1/events", events.list_events),
    ("GET", "/v1/events/{id}", events.retrieve_event),
    ("POST", "/v1/payment_intents", intents.create_intent),
    ("GET", "/v1/payment_intents", finding.list_intents),
    ("GET", "/v1/payment_intents/search", finding.search_intents),
    ("GET", "/v1/payment_intents/{id}", intents.retrieve_intent),
    ("POST", "/v1/payment_intents/{id}", intents.update_intent),
    ("POST", "/v1/payment_intents/{id}/confirm", intents.confirm_intent),
    ("POST", "/v1/payment_intents/{id}/capture", capture.capture_intent),
    ("POST", "/v1/payment_intents/{id}/cancel", intents.cancel_intent),
    ("POST", "/v1/payment_methods", payment_methods.create_payment_method),
    ("GET", "/v1/payment_methods", payment_methods.list_payment_methods),
    ("GET", "/v1/payment_methods/{id}", payment_methods.retrieve_payment_method),
    ("POST", "/v1/payment_methods/{id}", payment_methods.update_payment_method),
    ("POST", "/v1/payment_methods/{id}/attach", payment_methods.attach_payment_method),
    ("POST", "/v1/payment_methods/{id}/detach", payment_methods.detach_payment_method),
    ("POST", "/v1/payouts", payouts.create_payout),
    ("GET", "/v1/payouts", payouts.list_payouts),
    ("GET", "/v1/payouts/{id}", payouts.retrieve_payout),
    ("POST", "/v1/payouts/{id}/cancel", payouts.cancel_payout),
    ("POST", "/v1/refunds", refunds.create_refund),
    ("GET", "/v1/refunds", refunds.list_refunds),
    ("GET", "/v1/refunds/{id}", refunds.retrieve_refund),
    ("POST", "/v1/refunds/{id}", refunds.update_refund),
    ("POST", "/v1/refunds/{id}/cancel", refunds.cancel_refund),
    ("POST", "/v1/setup_intents", customers.create_setup),
    ("GET", "/v1/setup_intents", customers.list_setups),
    ("GET", "/v1/setup_intents/{id}", customers.retrieve_setup),
    ("POST", "/v1/setup_intents/{id}/confirm", customers.confirm_setup),
    ("POST", "/v1/setup_intents/{id}/cancel", customers.cancel_setup),
    ("POST", "/v1/webhook_endpoints", webhooks.create_endpoint),
    ("GET", "/v1/webhook_endpoints", webhooks.list_endpoints),
    ("GET", "/v1/webhook_endpoints/{id}", webhooks.retrieve_endpoint),
    ("POST", "/v1/webhook_endpoints/{id}", webhooks.update_endpoint),
    ("DELETE", "/v1/webhook_endpoints/{id}", webhooks.delete_endpoint),
)

_BY_SHAPE: dict[tuple[str, int], list[tuple[list[str], Endpoint]]] = {}
for _method, _template, _endpoint in ROUTES:
    _parts = _template.split("/")
    _BY_SHAPE.setdefault((_method, len(_parts)), []).append((_parts, _endpoint))


def find_endpoint(*, method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
    """The function and the ids in the address; the first fitting route wins."""
    parts = path.split("/")
    for wanted, endpoint in _BY_SHAPE.get((method, len(parts)), []):
        if all(want == part or (want == "{id}" and part) for want, part in zip(wanted, parts, strict=True)):
            return endpoint, {"id": parts[wanted.index("{id}")]} if "{id}" in wanted else {}
    raise ApiError(
        f"Unrecognized request URL ({method}: {path}). The payment sandbox answers the parts of Stripe's API that are"
        " listed in its routes.py.",
        status=404,
        saved=False,
    )
