"""The only door to the payment provider (Stripe). Typed answers in our words, our own named errors, Decimal money.

Every request that creates something carries the stored idempotency key of its row, so that the SDK's retries, ours, and
those after a crash make one thing at the provider. A provider's event is a hint: the truth is fetched here.
Sources: https://docs.stripe.com/api/idempotent_requests, /api/errors, /payments/payment-intents/verifying-status.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from checkout.payments.errors import (
    ForgedEvent,
    PaymentDeclined,
    ProviderFailed,
    ProviderRefused,
    ProviderUnavailable,
)
from checkout.payments.port import Gateway, PaymentWanted
from checkout.payments.truth import (
    DisputeTruth,
    PaymentTruth,
    ReceivedEvent,
    RefundTruth,
    SessionOpened,
    read_dispute,
    read_payment,
    read_refund,
)
from checkout.payments.turns import NoTurn, take_turn
from checkout.payouts.truth import MovementTruth, PayoutTruth, read_movement, read_payout
from shop.money import to_minor

API_VERSION = "2026-10-28.endive"
TIMEOUT_SECONDS = 10
NETWORK_RETRIES = 2
SIGNATURE_TOLERANCE_SECONDS = 300

stripe.enable_telemetry = False


class _TurnTaking(stripe.RequestsClient):
    def __init__(self, *, url: str) -> None:
        """What the environment says of a proxy on the way to `url` is read once, not for each request."""
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._proxies = self.requests.utils.get_environ_proxies(url)

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **more: Any) -> Any:
        """A retry takes a new turn. Without one the SDK is told not to try again: the queue is long enough."""
        if getattr(self._thread_local, "session", None) is None:
            session = self._thread_local.session = self.requests.Session()
            session.proxies, session.trust_env = dict(self._proxies), False
        try:
            with take_turn():
                return super().request(method, url, headers, post_data, **more)
        except NoTurn as problem:
            raise stripe.APIConnectionError(str(problem), should_retry=False) from problem


class StripeGateway:
    def __init__(self, *, secret_key: str, api_base: str) -> None:
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": api_base},
            max_network_retries=NETWORK_RETRIES,
            http_client=_TurnTaking(url=api_base),
        )

    def open_session(self, wanted: PaymentWanted) -> SessionOpened:
        """A payment page, hosted or for our own, for exactly `amount`: one line, so that no rounding of parts can change the sum."""
        names = {"order": wanted.order_ref, "attempt": str(wanted.attempt_id)}
        product: dict[str, Any] = {"name": wanted.title}
        if wanted.description:
            product["description"] = wanted.description
        params: Any = {
            "mode": "payment",
            "payment_method_types": ["card"],
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": wanted.currency.lower(),
                        "unit_amount": to_minor(wanted.amount, wanted.currency),
                        "product_data": product,
                    },
                }
            ],
            "client_reference_id": wanted.order_ref,
            "customer_email": wanted.email,
            "metadata": names,
            "payment_intent_data": {
                "metadata": names,
                "capture_method": "manual" if wanted.capture_later else "automatic",
            },
            "expires_at": int(wanted.expires_at.timestamp()),
        }
        if wanted.is_embedded:
            params |= {"ui_mode": "elements", "return_url": wanted.success_url}
        else:
            params |= {"ui_mode": "hosted_page", "success_url": wanted.success_url, "cancel_url": wanted.cancel_url}
        if wanted.capture_later and wanted.capture_parts:
            params["payment_method_options"] = {"card": {"request_multicapture": "if_available"}}
        with _our_errors():
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": wanted.key})
        return SessionOpened(id=session.id, url=session.url or "")

    def secret_of(self, session_id: str) -> str:
        with _our_errors():
            return self._client.v1.checkout.sessions.retrieve(session_id).client_secret or ""

    def fetch_payment(self, session_id: str) -> PaymentTruth:
        with _our_errors():
            session = self._client.v1.checkout.sessions.retrieve(
                session_id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
            )
            return read_payment(session=_plain(session), intent=None)

    def close_session(self, session_id: str) -> PaymentTruth:
        """Make sure that nobody can pay any more, and say what is true afterwards: paid in the last moment, or closed.

        Raises ProviderUnavailable when neither could be learned; then the page may still be open.
        """
        truth = self.fetch_payment(session_id)
        if truth.is_open:
            try:
                with _our_errors():
                    self._client.v1.checkout.sessions.expire(session_id)
            except ProviderRefused:
                pass  # It was completed or had expired between the two requests; the truth below says which.
            truth = self.fetch_payment(session_id)
        return truth

    def capture(self, *, intent_id: str, amount: Decimal, currency: str, key: str, is_final: bool = True) -> None:
        """`is_final` false is only for a payment that `takes_parts`: Stripe refuses it otherwise."""
        params: Any = {"amount_to_capture": to_minor(amount, currency)}
        if not is_final:
            params["final_capture"] = False
        with _our_errors():
            self._client.v1.payment_intents.capture(intent_id, params, {"idempotency_key": key})

    def release(self, *, intent_id: str, key: str) -> None:
        """Let go of an authorised sum that will not be captured."""
        with _our_errors():
            self._client.v1.payment_intents.cancel(intent_id, {}, {"idempotency_key": key})

    def refund(self, *, intent_id: str, amount: Decimal, currency: str, key: str, refund_ref: str) -> RefundTruth:
        with _our_errors():
            refund = self._client.v1.refunds.create(
                {
                    "payment_intent": intent_id,
                    "amount": to_minor(amount, currency),
                    "metadata": {"refund": refund_ref},
                },
                {"idempotency_key": key},
            )
            return read_refund(_plain(refund))

    def fetch_refund(self, provider_id: str) -> RefundTruth:
        with _our_errors():
            return read_refund(_plain(self._client.v1.refunds.retrieve(provider_id)))

    def refunds_of(self, intent_id: str) -> list[RefundTruth]:
        with _our_errors():
            found = self._client.v1.refunds.list({"payment_intent": intent_id, "limit": 100})
            return [read_refund(_plain(refund)) for refund in found.auto_paging_iter()]

    def disputes_of(self, intent_id: str) -> list[DisputeTruth]:
        with _our_errors():
            found = self._client.v1.disputes.list({"payment_intent": intent_id, "limit": 100})
            return [read_dispute(_plain(dispute)) for dispute in found.auto_paging_iter()]

    def payments_since(self, instant: datetime) -> Iterator[PaymentTruth]:
        with _our_errors():
            found = self._client.v1.payment_intents.list(
                {
                    "created": {"gte": int(instant.timestamp())},
                    "limit": 100,
                    "expand": ["data.latest_charge.balance_transaction"],
                }
            )
            for intent in found.auto_paging_iter():
                yield read_payment(session=None, intent=_plain(intent))

    def refunds_since(self, instant: datetime) -> Iterator[RefundTruth]:
        with _our_errors():
            found = self._client.v1.refunds.list({"created": {"gte": int(instant.timestamp())}, "limit": 100})
            for refund in found.auto_paging_iter():
                yield read_refund(_plain(refund))

    def payouts_since(self, instant: datetime) -> Iterator[PayoutTruth]:
        with _our_errors():
            found = self._client.v1.payouts.list({"created": {"gte": int(instant.timestamp())}, "limit": 100})
            for payout in found.auto_paging_iter():
                yield read_payout(_plain(payout))

    def movements_of(self, payout_id: str) -> list[MovementTruth]:
        with _our_errors():
            params: Any = {"payout": payout_id, "limit": 100, "expand": ["data.source"]}
            found = self._client.v1.balance_transactions.list(params)
            rows = [_plain(row) for row in found.auto_paging_iter()]
        return [read_movement(row) for row in rows if (row.get("source") or {}).get("id") != payout_id]

    def read_event(self, body: bytes, *, signature: str) -> ReceivedEvent:
        """A signed event. Two secrets are accepted while one replaces the other. Raises ForgedEvent with a sentence."""
        problem = "It carries no Stripe-Signature header."
        for secret in settings.STRIPE_WEBHOOK_SECRETS if signature else ():
            try:
                stripe.WebhookSignature.verify_header(body, signature, secret, SIGNATURE_TOLERANCE_SECONDS)
                payload = json.loads(body)
                return ReceivedEvent(id=str(payload["id"]), kind=str(payload["type"]), payload=payload)
            except stripe.SignatureVerificationError as error:
                problem = error.user_message or "The signature does not match."
            except (ValueError, TypeError, KeyError):
                raise ForgedEvent("The body is not an event in JSON.") from None
        raise ForgedEvent(problem)


@lru_cache(maxsize=4)
def _connect(secret_key: str, api_base: str) -> StripeGateway:
    return StripeGateway(secret_key=secret_key, api_base=api_base)


def get_gateway() -> Gateway:
    """The gateway for the settings as they are; its connections are kept."""
    return _connect(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


def _plain(thing: Any) -> Mapping[str, Any]:
    return thing.to_dict()


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except stripe.CardError as error:
        detail = error.error
        raise PaymentDeclined(
            error.user_message or "The card was refused.",
            code=str(getattr(detail, "decline_code", None) or error.code or "card_declined"),
        ) from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProviderUnavailable(error.user_message or "The payment provider did not answer.") from error
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        raise ProviderRefused(
            error.user_message or "The payment provider refused the request.", code=error.code or ""
        ) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise ProviderRefused(f"The provider does not accept our key: {error.user_message}", code="key") from error
    except stripe.StripeError as error:
        # A 500 is remembered under its idempotency key; a 409 or a broken body is worth the same request again.
        if (error.http_status or 0) >= 500:
            raise ProviderFailed(error.user_message or "The payment provider failed.") from error
        raise ProviderUnavailable(error.user_message or "The payment provider answered strangely.") from error
