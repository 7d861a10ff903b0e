import pytest
import stripe


def dispute_of(shop, method="pm_card_createDispute"):
    intent = shop.pay_intent(4000, method=method)
    return intent, shop.api.v1.disputes.list({"payment_intent": intent.id}).data[0]


def test_a_disputed_charge_takes_the_money_and_refuses_refunds(shop):
    intent, dispute = dispute_of(shop)
    assert (dispute.amount, dispute.reason, dispute.status) == (4000, "fraudulent", "needs_response")
    assert dispute.balance_transactions[0].net == -4000 - 2000
    assert shop.api.v1.charges.retrieve(intent.latest_charge).disputed
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_disputed"
    shop.inbox.wait_for_types("charge.dispute.created", "charge.dispute.funds_withdrawn")


@pytest.mark.parametrize(
    ("evidence", "status", "back"), [("winning_evidence", "won", 4000), ("losing_evidence", "lost", 0)]
)
def test_evidence_decides_a_dispute(shop, evidence, status, back):
    _, dispute = dispute_of(shop)
    decided = shop.api.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": evidence}, "submit": True})
    assert decided.status == status
    assert sum(row.amount for row in decided.balance_transactions) == back - 4000
    shop.inbox.wait_for_types("charge.dispute.closed")
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        shop.api.v1.disputes.close(dispute.id)


def test_other_evidence_can_be_staged_and_then_waits_for_the_bank(shop):
    _, dispute = dispute_of(shop, "pm_card_createDisputeProductNotReceived")
    staged = shop.api.v1.disputes.update(
        dispute.id, {"evidence": {"shipping_tracking_number": "1Z"}, "submit": False, "metadata": {"case": "7"}}
    )
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    sent = shop.api.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Lea"}})
    assert (sent.status, sent.evidence.shipping_tracking_number) == ("under_review", "1Z")


def test_a_dispute_can_be_accepted(shop):
    _, dispute = dispute_of(shop)
    assert shop.api.v1.disputes.close(dispute.id).status == "lost"
    assert shop.api.v1.disputes.retrieve(dispute.id).status == "lost"


def test_an_inquiry_takes_no_money_and_allows_a_refund(shop):
    intent, dispute = dispute_of(shop, "pm_card_createDisputeInquiry")
    assert (dispute.status, dispute.balance_transactions) == ("warning_needs_response", [])
    assert shop.api.v1.refunds.create({"payment_intent": intent.id}).status == "succeeded"


def test_a_dispute_comes_with_the_capture_of_a_held_payment(shop):
    intent = shop.pay_intent(4000, method="pm_card_createDispute", capture_method="manual")
    assert shop.api.v1.disputes.list().data == []
    shop.api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 2500})
    assert shop.api.v1.disputes.list({"charge": intent.latest_charge}).data[0].amount == 2500
