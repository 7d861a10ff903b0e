"""The merchant's balance: one transaction for every movement of money, with its fee.

Fees are 1.5 % of a payment, rounded half up, plus 25 minor units; a refund gives no fee back; a dispute costs 2,000
minor units, given back when it is won.
"""

from collections import defaultdict

from shop.embedded.sandbox.cards import find_card
from shop.embedded.sandbox.paging import filter_created, filter_equal, list_page, read_page
from shop.embedded.sandbox.params import Params, anything, currency, read, text
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.money import shape_balance_transaction
from shop.embedded.sandbox.store import Json

FEE_PER_MILLE = 15
FEE_FIXED = 25
DISPUTE_FEE = 2_000


def calculate_fee(amount: int) -> int:
    """In minor units."""
    return (amount * FEE_PER_MILLE + 500) // 1000 + FEE_FIXED


def post_transaction(
    sandbox: Sandbox, *, source: Json, amount: int, kind: str, category: str = "", fee: int = 0, fee_text: str = ""
) -> str:
    """Write a balance transaction in the currency of `source`; its id."""
    transaction = shape_balance_transaction(
        amount=amount,
        fee=fee,
        fee_text=fee_text,
        kind=kind,
        category=category or kind,
        source=source["id"],
        currency=source["currency"],
        created=sandbox.clock.now(),
        description=source.get("description"),
    )
    sandbox.store.put("balance_transaction", transaction)
    return str(transaction["id"])


def post_charge(sandbox: Sandbox, charge: Json, *, amount: int | None = None) -> str:
    """One capture of a charge: of `amount`, or of all of it."""
    captured = charge["amount_captured"] if amount is None else amount
    fee = calculate_fee(captured)
    id = post_transaction(
        sandbox, source=charge, amount=captured, kind="charge", fee=fee, fee_text="Stripe processing fees"
    )
    method = sandbox.store.get("payment_method", charge["payment_method"] or "")
    if method is not None and method["type"] == "card" and find_card(method["_number"]).available:
        row = sandbox.find("balance_transaction", id, noun="balance transaction")
        sandbox.store.put("balance_transaction", {**row, "available_on": row["created"]})
    return id


def present_transaction(sandbox: Sandbox, transaction: Json) -> Json:
    """The transaction as it is now: pending money becomes available by the clock."""
    due = transaction["available_on"] <= sandbox.clock.now()
    return {**transaction, "status": "available" if due else "pending"}


def retrieve_transaction(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    return present_transaction(sandbox, sandbox.find("balance_transaction", id, noun="balance transaction"))


def list_transactions(sandbox: Sandbox, params: Params) -> Json:
    page, wanted = read_page(
        params, {"created": anything, "currency": currency, "payout": text, "source": text, "type": text}
    )
    found = filter_created(sandbox.store.newest("balance_transaction"), wanted.get("created"))
    if "payout" in wanted:
        found = (row for row in found if row.get("_payout") == wanted["payout"])
    result = list_page(
        filter_equal(found, wanted, "currency", "source", "type"), page=page, url="/v1/balance_transactions"
    )
    result["data"] = [present_transaction(sandbox, row) for row in result["data"]]
    return result


def retrieve_balance(sandbox: Sandbox, params: Params) -> Json:
    read(params, {})
    sums: dict[str, dict[str, int]] = {"available": defaultdict(int), "pending": defaultdict(int)}
    for row in sandbox.store.every("balance_transaction"):
        sums[present_transaction(sandbox, row)["status"]][row["currency"]] += row["net"]
    currencies = sorted({*sums["available"], *sums["pending"]}) or ["eur"]

    def amounts(part: str) -> list[Json]:
        return [
            {"amount": sums[part][code], "currency": code, "source_types": {"card": sums[part][code]}}
            for code in currencies
        ]

    return {
        "object": "balance",
        "available": amounts("available"),
        "connect_reserved": [{"amount": 0, "currency": code} for code in currencies],
        "livemode": False,
        "pending": amounts("pending"),
        "refund_and_dispute_prefunding": None,
    }
