"""Money that moved: refunds, disputes, the balance, payouts."""

from shop.embedded.sandbox.store import Json, make_id

EVIDENCE = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
]


def shape_refund(charge: Json, *, amount: int, created: int, reason: str | None, metadata: dict[str, str]) -> Json:
    return {
        "id": make_id("re_3"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": created,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {
            "card": {
                "reference": None,
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def shape_dispute(charge: Json, *, created: int, reason: str, network_reason_code: str, status: str) -> Json:
    brand = charge["payment_method_details"]["card"]["brand"]
    return {
        "id": make_id("du_1"),
        "object": "dispute",
        "amount": charge["amount_captured"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": created,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": created + 9 * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": brand,
                "case_type": "inquiry" if status.startswith("warning") else "chargeback",
                "network": brand,
                "network_reason_code": network_reason_code,
            },
            "type": "card",
        },
        "reason": reason,
        "status": status,
    }


def shape_balance_transaction(
    *,
    amount: int,
    fee: int,
    fee_text: str,
    kind: str,
    category: str,
    source: str,
    currency: str,
    created: int,
    description: str | None,
) -> Json:
    details = [
        {"amount": fee, "application": None, "currency": currency, "description": fee_text, "type": "stripe_fee"}
    ]
    return {
        "id": make_id("txn_3"),
        "object": "balance_transaction",
        "amount": amount,
        # Money coming in waits two days; money going out, or coming back, counts at once.
        "available_on": created + (2 * 86_400 if kind == "charge" else 0),
        "balance_type": "payments",
        "created": created,
        "currency": currency,
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": details if fee else [],
        "net": amount - fee,
        "reporting_category": category,
        "source": source,
        "status": "pending",
        "type": kind,
    }


def shape_payout(*, amount: int, currency: str, created: int, automatic: bool, transaction: str) -> Json:
    return {
        "id": make_id("po_1"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": created + 86_400,
        "automatic": automatic,
        "balance_transaction": transaction,
        "created": created,
        "currency": currency,
        "description": None,
        "destination": "ba_1SandboxBankAccount000000",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "trace_id": None,
        "type": "bank_account",
    }
