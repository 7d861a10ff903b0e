"""Disputes: the bank takes the money back and the merchant answers with evidence."""

from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.events import emit
from shop.embedded.sandbox.ledger import DISPUTE_FEE, post_transaction
from shop.embedded.sandbox.paging import filter_created, filter_equal, list_page, read_page
from shop.embedded.sandbox.params import Params, anything, boolean, merge_metadata, metadata, read, table, text
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.shapes.money import EVIDENCE, shape_dispute
from shop.embedded.sandbox.store import Json

NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1"}


def open_dispute(sandbox: Sandbox, *, charge: Json, reason: str, inquiry: bool) -> Json:
    """An inquiry asks only; a real dispute takes amount and fee from the balance at once."""
    dispute = shape_dispute(
        charge,
        created=sandbox.clock.now(),
        reason=reason,
        network_reason_code=NETWORK_CODES.get(reason, "13.1"),
        status="warning_needs_response" if inquiry else "needs_response",
    )
    dispute["is_charge_refundable"] = inquiry
    charge["disputed"] = True
    sandbox.store.put("charge", charge)
    sandbox.store.put("dispute", dispute)
    emit(sandbox, "charge.dispute.created", dispute)
    if not inquiry:
        _move_money(sandbox, dispute=dispute, amount=-dispute["amount"], fee=DISPUTE_FEE)
        emit(sandbox, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def _move_money(sandbox: Sandbox, *, dispute: Json, amount: int, fee: int) -> None:
    id = post_transaction(
        sandbox,
        source=dispute,
        amount=amount,
        kind="adjustment",
        category="dispute" if amount < 0 else "dispute_reversal",
        fee=fee,
        fee_text="Dispute fee",
    )
    dispute["balance_transactions"] = [*dispute["balance_transactions"], sandbox.store.get("balance_transaction", id)]
    sandbox.store.put("dispute", dispute)


def update_dispute(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    """Evidence `winning_evidence` or `losing_evidence` as `uncategorized_text` decides a submitted dispute, as in
    Stripe's test mode; other evidence leaves it under review."""
    dispute = sandbox.find("dispute", id, noun="dispute")
    values = read(params, {"evidence": table, "metadata": metadata, "submit": boolean})
    if "metadata" in values:
        dispute["metadata"] = merge_metadata(dispute["metadata"], values["metadata"])
    evidence = read(values.get("evidence", {}), dict.fromkeys(EVIDENCE, text))
    if evidence:
        _refuse_closed(dispute)
        dispute["evidence"].update(evidence)
        dispute["evidence_details"]["has_evidence"] = any(dispute["evidence"][name] for name in EVIDENCE)
    submitted = values.get("submit", True) and bool(evidence)
    if submitted:
        dispute["evidence_details"]["submission_count"] += 1
        prefix = "warning_" if dispute["status"].startswith("warning") else ""
        dispute["status"] = f"{prefix}under_review"
    sandbox.store.put("dispute", dispute)
    emit(sandbox, "charge.dispute.updated", dispute)
    words = dispute["evidence"]["uncategorized_text"]
    if submitted and words in ("winning_evidence", "losing_evidence"):
        _decide(sandbox, dispute=dispute, won=words == "winning_evidence")
    return dispute


def close_dispute(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    """Accept that the dispute is lost."""
    read(params, {})
    dispute = sandbox.find("dispute", id, noun="dispute")
    _refuse_closed(dispute)
    _decide(sandbox, dispute=dispute, won=False)
    return dispute


def _refuse_closed(dispute: Json) -> None:
    if dispute["status"] in ("won", "lost", "warning_closed"):
        raise ApiError("This dispute is already closed.")


def _decide(sandbox: Sandbox, *, dispute: Json, won: bool) -> None:
    inquiry = dispute["status"].startswith("warning")
    dispute["status"] = "warning_closed" if inquiry else "won" if won else "lost"
    dispute["is_charge_refundable"] = inquiry
    if won and not inquiry:
        _move_money(sandbox, dispute=dispute, amount=dispute["amount"], fee=-DISPUTE_FEE)
        emit(sandbox, "charge.dispute.funds_reinstated", dispute)
    sandbox.store.put("dispute", dispute)
    emit(sandbox, "charge.dispute.closed", dispute)


def is_refundable(sandbox: Sandbox, charge: Json) -> bool:
    """Whether no dispute stands in the way of a refund."""
    return not charge["disputed"] or all(
        dispute["is_charge_refundable"] or dispute["status"] == "won"
        for dispute in sandbox.store.newest("dispute")
        if dispute["charge"] == charge["id"]
    )


def retrieve_dispute(sandbox: Sandbox, params: Params, *, id: str) -> Json:
    read(params, {})
    return sandbox.find("dispute", id, noun="dispute")


def list_disputes(sandbox: Sandbox, params: Params) -> Json:
    page, wanted = read_page(params, {"charge": text, "created": anything, "payment_intent": text})
    found = filter_created(sandbox.store.newest("dispute"), wanted.get("created"))
    return list_page(filter_equal(found, wanted, "charge", "payment_intent"), page=page, url="/v1/disputes")
