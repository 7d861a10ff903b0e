"""The till of a test: shoppers who pay at the provider, webhooks delivered by hand, jobs that run on demand."""

import json
import time
from collections.abc import Sequence
from typing import Any

import stripe
from django.conf import settings as django_settings
from django.test import Client
from oscar.apps.order.models import Order

from checkout.payments.records import PaymentAttempt
from checkout.payments.start import pay_order
from shop.doctor.checks import registered_checks, run_check
from shop.embedded.sandbox.client import Page, SandboxControl, pay
from shop.outbox.models import OutboxEvent
from shop.outbox.relay import due_event_ids, handle_event


class Till:
    """What tests do at the counter. Webhooks reach the shop only when a test delivers them."""

    def __init__(self, url: str) -> None:
        self.control = SandboxControl(url)

    def open(self, order: Order) -> str:
        """The hosted page's address, as the pay button gives it."""
        return pay_order(order.pk)

    def pay(self, order: Order, **how: Any) -> Page:
        """A shopper pays on the hosted page and does not come back."""
        return pay(self.open(order), **how)

    def events(self, *types: str) -> list[dict[str, Any]]:
        return [event for event in self.control.events() if not types or event["type"] in types]

    def deliver(self, events: Sequence[dict[str, Any]] | None = None, *, secret: str = "") -> list[int]:
        """Post events to the webhook, signed now, in the order given (default: all, oldest first); the answers."""
        return [self.post(event, secret=secret).status_code for event in (self.events() if events is None else events)]

    def post(self, event: dict[str, Any], *, secret: str = "", at: int | None = None) -> Any:
        body = json.dumps(event)
        header = stripe.WebhookSignature.generate_signature_header(
            body, secret or django_settings.STRIPE_WEBHOOK_SECRETS[0], at or int(time.time())
        )
        return Client().post(
            "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": header}
        )

    def held(self) -> list[dict[str, Any]]:
        """What the provider holds of shoppers: captured or authorised, and not given back."""
        return [
            charge
            for charge in self.control.state()["charges"]
            if charge["status"] == "succeeded" and charge["amount_refunded"] < charge["amount"]
        ]

    def refunds(self) -> list[dict[str, Any]]:
        return [refund for refund in self.control.state()["refunds"] if refund["status"] != "failed"]


def run_jobs(*, rounds: int = 20) -> None:
    """Handle what is due, and what that makes due, until nothing is. Failed jobs wait for their next time."""
    for _ in range(rounds):
        due = due_event_ids()
        if not due:
            return
        for event_id in due:
            handle_event(event_id)
    raise AssertionError("jobs without end")


def unfinished_jobs() -> list[tuple[str, str]]:
    return list(OutboxEvent.objects.filter(done_at__isnull=True, attempts__gt=0).values_list("name", "last_error"))


def state_of(order: Order) -> str:
    return Order.objects.values_list("status", flat=True).get(pk=order.pk)


def payment_of(order: Order) -> PaymentAttempt:
    return PaymentAttempt.objects.filter(order=order).latest("pk")


def broken_invariants() -> list[tuple[str, list[dict[str, Any]]]]:
    """What the doctor finds wrong with stock, orders and money (I1 to I12)."""
    found = [run_check(check) for check in registered_checks() if int(check.id[1:].split(".")[0]) <= 12]
    return [(f"{finding.check.id} {finding.check.name}", finding.examples) for finding in found if finding.violations]
