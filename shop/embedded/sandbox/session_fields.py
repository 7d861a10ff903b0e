"""What a Checkout Session may be asked for."""

from shop.embedded.sandbox.intents import CAPTURE_METHODS
from shop.embedded.sandbox.params import (
    Reader,
    anything,
    currency,
    email,
    integer,
    metadata,
    one_of,
    table,
    text,
    texts,
    url,
)

CREATE: dict[str, Reader] = {
    "cancel_url": url,
    "client_reference_id": text,
    "currency": currency,
    "customer": text,
    "customer_creation": one_of("always", "if_required"),
    "customer_email": email,
    "expires_at": integer,
    "integration_identifier": text,
    "line_items": anything,
    "locale": text,
    "metadata": metadata,
    "mode": one_of("payment", "setup", "subscription"),
    "payment_intent_data": table,
    "payment_method_options": table,
    "payment_method_types": texts,
    "redirect_on_completion": one_of("always", "if_required", "never"),
    "return_url": url,
    "submit_type": one_of("auto", "book", "donate", "pay", "subscribe"),
    "success_url": url,
    "ui_mode": anything,
}
INTENT_DATA: dict[str, Reader] = {
    "capture_method": one_of(*CAPTURE_METHODS),
    "description": text,
    "metadata": metadata,
    "receipt_email": email,
    "setup_future_usage": one_of("off_session", "on_session"),
    "shipping": table,
    "statement_descriptor": text,
    "statement_descriptor_suffix": text,
    "transfer_group": text,
}
# Known to Stripe, and able to change a sum or a flow: refused instead of ignored.
NOT_MODELLED = frozenset(
    [
        "after_expiration",
        "allow_promotion_codes",
        "automatic_tax",
        "billing_address_collection",
        "consent_collection",
        "custom_fields",
        "custom_text",
        "customer_update",
        "discounts",
        "invoice_creation",
        "name_collection",
        "optional_items",
        "payment_method_collection",
        "permissions",
        "phone_number_collection",
        "saved_payment_method_options",
        "setup_intent_data",
        "shipping_address_collection",
        "shipping_options",
        "subscription_data",
        "tax_id_collection",
        "wallet_options",
    ]
)
KEPT = (
    "cancel_url",
    "client_reference_id",
    "customer_creation",
    "customer_email",
    "integration_identifier",
    "locale",
    "redirect_on_completion",
    "return_url",
    "submit_type",
    "success_url",
)
