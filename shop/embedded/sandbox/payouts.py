"""Payouts to the merchant's bank: by hand through the API, or automatically, with the transactions that they pay out."""

from shop.embedded.sandbox.currencies import format_amount
from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.ledger import post_transaction, present_transaction, retrieve_balance
from shop.embedded.sandbox.paging import filter_created, filter_equal, list_page, read_page
from shop.embedded.sandbox.params import (
    Params,
    amount,
    anything,
    currency,
    merge_metadata,
    metadata,
    one_of,
    read,
    text,
)
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.money import shape_payout
from shop.embedded.sandbox.store import Json


def create_payout(sandbox: Sandbox, params: Params) -> Json:
    fields = {
        "amount": amount,
        "currency": currency,
        "description": text,
        "destination": text,
        "metadata": metadata,
        "method": one_of("standard", "instant"),
        "source_type": one_of("card", "bank_account", "fpx"),
        "statement_descriptor": text,
    }
    values = read(params, fields, required=("amount", "currency"))
    balance = {row["currency"]: row["amount"] for row in retrieve_balance(sandbox, {})["available"]}
    available = balance.get(values["currency"], 0)
    if values["amount"] > available:
        free = format_amount(available, currency=values["currency"])
        raise ApiError(
            f"You have insufficient funds in your Stripe account for this transfer: {free} can be paid out.",
            code="balance_insufficient",
        )
    payout = shape_payout(
        amount=values["amount"],
        currency=values["currency"],
        created=sandbox.clock.now(),
        automatic=False,
        transaction="",
    )
    payout |= {name: values[name] for name in ("description", "statement_descriptor", "method") if name in values}
    payout["metadata"] = merge_metadata({}, values.get("metadata", {}))
    payout["balance_transaction"] = post_transaction(sandbox, source=payout, amount=-values["amount"], kind="payout")
    sandbox.store.put("payout", payout)
    emit(sandbox, "payout.created", payout)
    sandbox.timers.set(due=sandbox.clock.read() + 86_400, action="arrive_payout", target=payout["id"])
    return payout


def pay_out(sandbox: Sandbox) -> list[Json]:
    """An automatic payout for each currency whose available money was not paid out yet and comes to more than nothing.

    Its transactions can be listed by it, its own among them, once it is reconciled: when it arrives, a day later.
    """
    waiting: dict[str, list[Json]] = {}
    for row in sandbox.store.every("balance_transaction"):
        if "_payout" not in row and present_transaction(sandbox, row)["status"] == "available":
            waiting.setdefault(row["currency"], []).append(row)
    made = []
    for code, rows in sorted(waiting.items()):
        total = sum(row["net"] for row in rows)
        if total <= 0:
            continue
        payout = shape_payout(amount=total, currency=code, created=sandbox.clock.now(), automatic=True, transaction="")
        payout["description"] = "STRIPE PAYOUT"
        own = post_transaction(sandbox, source=payout, amount=-total, kind="payout")
        payout["balance_transaction"] = own
        for row in (*rows, sandbox.find("balance_transaction", own, noun="balance transaction")):
            row["_payout"] = payout["id"]
            sandbox.store.put("balance_transaction", row)
        sandbox.store.put("payout", payout)
        emit(sandbox, "payout.created", payout)
        sandbox.timers.set(due=sandbox.clock.read() + 86_400, action="arrive_payout", target=payout["id"])
        made.append(payout)
    return made


def arrive_payout(sandbox: Sandbox, payout: Json) -> None:
    if payout["status"] not in ("pending", "in_transit"):
        return
    payout["status"] = "paid"
    if payout["automatic"]:
        payout["reconciliation_status"] = "completed"
    sandbox.store.put("payout", payout)
    emit(sandbox, "payout.paid", payout)
    if payout["automatic"]:
        emit(sandbox, "payout.reconciliation_completed", payout)


def cancel_payout(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {"metadata": metadata})
    payout = sandbox.find("payout", id, noun="payout")
    if payout["status"] != "pending":
        raise ApiError(f"Payouts can only be canceled while they are pending; this one is {payout['status']}.")
    payout["status"] = "canceled"
    post_transaction(sandbox, source=payout, amount=payout["amount"], kind="payout_cancel", category="payout_reversal")
    emit(sandbox, "payout.canceled", payout)
    return sandbox.store.put("payout", payout)


def retrieve_payout(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    return sandbox.find("payout", id, noun="payout")


def list_payouts(sandbox: Sandbox, params: Params) -> Json:
    page, wanted = read_page(
        params, {"arrival_date": anything, "created": anything, "destination": text, "status": text}
    )
    found = filter_created(sandbox.store.newest("payout"), wanted.get("created"))
    return list_page(filter_equal(found, wanted, "destination", "status"), page=page, url="/v1/payouts")
