import pytest

from shop.embedded.sandbox.ledger import calculate_fee


@pytest.mark.parametrize(
    ("amount", "fee"), [(50, 26), (100, 27), (1000, 40), (8430, 151), (33, 25), (34, 26), (99_999_999, 1_500_025)]
)
def test_the_fee_is_one_and_a_half_percent_rounded_half_up_plus_25(amount, fee):
    assert calculate_fee(amount) == fee


def test_a_charge_shows_its_fee_a_moment_later(shop):
    intent = shop.pay_intent(8430)
    assert shop.api.v1.charges.retrieve(intent.latest_charge).balance_transaction is None
    shop.inbox.wait_for_types("charge.updated")
    row = shop.api.v1.charges.retrieve(intent.latest_charge, {"expand": ["balance_transaction"]}).balance_transaction
    assert (row.amount, row.fee, row.net, row.type, row.status) == (8430, 151, 8279, "charge", "pending")
    assert row.fee_details[0].amount == 151


def test_with_plain_automatic_capture_the_fee_is_there_at_once(shop):
    intent = shop.pay_intent(8430, capture_method="automatic")
    assert shop.api.v1.charges.retrieve(intent.latest_charge).balance_transaction.startswith("txn_")


def test_a_refund_gives_no_fee_back(shop):
    intent = shop.pay_intent(8430, capture_method="automatic")
    refund = shop.api.v1.refunds.create({"payment_intent": intent.id}, {"idempotency_key": "r"})
    row = shop.api.v1.balance_transactions.retrieve(refund.balance_transaction)
    assert (row.amount, row.fee, row.net, row.type) == (-8430, 0, -8430, "refund")
    balance = shop.api.v1.balance.retrieve()
    assert balance.available[0].amount + balance.pending[0].amount == -151


def test_rows_are_listed_by_type_and_source(shop):
    first = shop.pay_intent(1000, capture_method="automatic")
    shop.pay_intent(2000, capture_method="automatic")
    refund = shop.api.v1.refunds.create({"payment_intent": first.id})
    assert [row.amount for row in shop.api.v1.balance_transactions.list({"type": "charge"}).data] == [2000, 1000]
    assert [row.amount for row in shop.api.v1.balance_transactions.list({"source": refund.id}).data] == [-1000]
    rows = shop.api.v1.balance_transactions.list().data
    balance = shop.api.v1.balance.retrieve()
    assert sum(row.net for row in rows) == balance.available[0].amount + balance.pending[0].amount


def test_an_automatic_payout_lists_what_it_consists_of_and_sums_to_the_cent(shop):
    first = shop.pay_intent(8430, capture_method="automatic")
    shop.api.v1.refunds.create({"payment_intent": first.id, "amount": 500})
    shop.pay_intent(4000, method="pm_card_createDispute", capture_method="automatic")
    assert shop.control.pay_out() == [], "more went out than is available"
    shop.control.turn_clock(advance=3 * 86_400)
    (payout,) = shop.control.pay_out()
    assert (payout["status"], payout["automatic"], payout["reconciliation_status"]) == ("pending", True, "in_progress")
    rows = shop.api.v1.balance_transactions.list({"payout": payout["id"], "expand": ["data.source"]}).data
    own = [row for row in rows if row.type == "payout"]
    assert [row.source.id for row in own] == [payout["id"]]
    assert sum(row.net for row in rows) == 0
    assert sum(row.net for row in rows if row.type != "payout") == payout["amount"]
    assert sorted(row.reporting_category for row in rows) == ["charge", "charge", "dispute", "payout", "refund"]
    assert {row.source.payment_intent for row in rows if row.reporting_category == "refund"} == {first.id}
    shop.control.turn_clock(advance=90_000)
    arrived = shop.api.v1.payouts.retrieve(payout["id"])
    assert (arrived.status, arrived.reconciliation_status) == ("paid", "completed")
    assert shop.control.pay_out() == []
    assert shop.api.v1.balance.retrieve().available[0].amount == 0
