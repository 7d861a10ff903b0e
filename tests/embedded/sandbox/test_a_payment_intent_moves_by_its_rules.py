import pytest
import stripe


def create(shop, **params):
    return shop.api.v1.payment_intents.create({"amount": 8430, "currency": "eur", **params})


def test_made_changed_confirmed_and_paid(shop):
    intent = create(shop, metadata={"order": "7", "note": "x"}, description="Order 7", receipt_email="lea@example.com")
    assert (intent.status, intent.latest_charge, intent.amount_received) == ("requires_payment_method", None, 0)
    assert intent.capture_method == "automatic_async"
    changed = shop.api.v1.payment_intents.update(intent.id, {"amount": 9000, "metadata": {"note": ""}})
    assert (changed.amount, type(changed.amount)) == (9000, int)
    assert "note" not in changed.metadata
    assert changed.metadata["order"] == "7"
    ready = shop.api.v1.payment_intents.update(intent.id, {"payment_method": "pm_card_visa"})
    assert ready.status == "requires_confirmation"
    paid = shop.api.v1.payment_intents.confirm(intent.id)
    assert (paid.status, paid.amount_received) == ("succeeded", 9000)
    assert paid.latest_charge.startswith("ch_")
    charge = shop.api.v1.charges.retrieve(paid.latest_charge)
    assert (charge.description, charge.receipt_email, charge.metadata["order"]) == ("Order 7", "lea@example.com", "7")


def test_confirm_without_a_payment_method_is_refused(shop):
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method") as refusal:
        shop.api.v1.payment_intents.confirm(create(shop).id)
    assert refusal.value.code == "payment_intent_unexpected_state"


def test_a_paid_intent_can_be_neither_confirmed_changed_nor_canceled(shop):
    intent = shop.pay_intent()
    for act in (
        lambda: shop.api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}),
        lambda: shop.api.v1.payment_intents.update(intent.id, {"amount": 5000}),
        lambda: shop.api.v1.payment_intents.cancel(intent.id),
        lambda: shop.api.v1.payment_intents.capture(intent.id),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            act()
        assert refusal.value.code == "payment_intent_unexpected_state"
    assert shop.api.v1.payment_intents.update(intent.id, {"metadata": {"a": "b"}}).metadata["a"] == "b"


def test_a_canceled_intent_takes_no_payment(shop):
    intent = create(shop)
    gone = shop.api.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (gone.status, gone.cancellation_reason) == ("canceled", "abandoned")
    assert gone.canceled_at is not None
    with pytest.raises(stripe.InvalidRequestError, match="has been canceled"):
        shop.api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert shop.control.state()["charges"] == []
    shop.inbox.wait_for_types("payment_intent.created", "payment_intent.canceled")


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": -5}, "parameter_invalid_integer", "amount"),
        ({"amount": "10.50"}, "parameter_invalid_integer", "amount"),
        ({"amount": "lots"}, "parameter_invalid_integer", "amount"),
        ({"amount": 49}, "amount_too_small", "amount"),
        ({"amount": 100_000_000}, "amount_too_large", "amount"),
        ({"amount": None}, "parameter_missing", "amount"),
        ({"currency": "xyz"}, None, "currency"),
        ({"payment_method": "pm_nobody"}, "resource_missing", "payment_method"),
        ({"customer": "cus_nobody"}, "resource_missing", "customer"),
        ({"colour": "blue"}, "parameter_unknown", "colour"),
        ({"off_session": True}, None, "off_session"),
        ({"payment_method_types": ["paypal"]}, None, "payment_method_types"),
    ],
)
def test_a_wrong_parameter_is_refused_by_its_name(shop, params, code, param):
    given = {"amount": 1000, "currency": "eur", **params}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.v1.payment_intents.create({name: value for name, value in given.items() if value is not None})
    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert shop.control.state()["payment_intents"] == []


def test_an_unknown_intent_is_a_404(shop):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.v1.payment_intents.retrieve("pi_nobody")
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")
    assert refusal.value.user_message == "No such payment_intent: 'pi_nobody'"


def test_lists_go_newest_first_page_by_page(shop):
    made = [create(shop).id for _ in range(5)]
    first = shop.api.v1.payment_intents.list({"limit": 2})
    assert ([one.id for one in first.data], first.has_more) == ([made[4], made[3]], True)
    second = shop.api.v1.payment_intents.list({"limit": 2, "starting_after": made[3]})
    assert [one.id for one in second.data] == [made[2], made[1]]
    back = shop.api.v1.payment_intents.list({"limit": 2, "ending_before": made[1]})
    assert [one.id for one in back.data] == [made[3], made[2]]
    assert [one.id for one in shop.api.v1.payment_intents.list({"limit": 2}).auto_paging_iter()] == made[::-1]
    with pytest.raises(stripe.InvalidRequestError, match="between 1 and 100"):
        shop.api.v1.payment_intents.list({"limit": 101})
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        shop.api.v1.payment_intents.list({"starting_after": "pi_nobody"})


def test_lists_can_be_bounded_by_date(shop):
    early = create(shop)
    shop.control.turn_clock(advance=3600)
    late = create(shop)
    since = shop.api.v1.payment_intents.list({"created": {"gte": early.created + 1}})
    assert [one.id for one in since.data] == [late.id]
    until = shop.api.v1.payment_intents.list({"created": {"lt": late.created}})
    assert [one.id for one in until.data] == [early.id]
    assert [one.id for one in shop.api.v1.payment_intents.list({"created": late.created}).data] == [late.id]


def test_search_finds_by_metadata_and_status(shop):
    create(shop, metadata={"order": "7"})
    paid = shop.pay_intent(metadata={"order": "7"})
    shop.pay_intent(metadata={"order": "8"})
    query = "metadata['order']:'7' AND status:'succeeded'"
    assert [one.id for one in shop.api.v1.payment_intents.search({"query": query}).data] == [paid.id]
    with pytest.raises(stripe.InvalidRequestError, match="not understood"):
        shop.api.v1.payment_intents.search({"query": "cheap ones please"})


def test_expanding_what_is_no_reference_is_refused(shop):
    intent = shop.pay_intent()
    full = shop.api.v1.payment_intents.retrieve(
        intent.id, {"expand": ["payment_method", "latest_charge.balance_transaction", "latest_charge.refunds"]}
    )
    assert full.payment_method.card.last4 == "4242"
    assert full.latest_charge.refunds.data == []
    rows = shop.api.v1.payment_intents.list({"expand": ["data.latest_charge"]}).data
    assert rows[0].latest_charge.id == intent.latest_charge
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        shop.api.v1.payment_intents.retrieve(intent.id, {"expand": ["colour"]})
