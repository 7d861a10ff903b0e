import pytest
import stripe


def test_a_customer_is_made_found_changed_and_deleted(shop):
    customers = shop.api.v1.customers
    lea = customers.create(
        {"email": "lea@example.com", "name": "Lea", "metadata": {"id": "7"}, "address": {"city": "Bonn"}}
    )
    customers.create({"email": "tom@example.com"})
    assert [one.id for one in customers.list({"email": "lea@example.com"}).data] == [lea.id]
    changed = customers.update(lea.id, {"name": "Lea B.", "metadata": {"id": ""}})
    assert (changed.name, changed.address.city, "id" in changed.metadata) == ("Lea B.", "Bonn", False)
    assert customers.delete(lea.id).deleted
    assert customers.retrieve(lea.id).deleted
    with pytest.raises(stripe.InvalidRequestError):
        customers.update(lea.id, {"name": "?"})


def test_cards_are_attached_listed_used_and_detached(shop):
    customer = shop.api.v1.customers.create({"email": "lea@example.com"}).id
    kept = shop.api.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    assert [one.id for one in shop.api.v1.payment_methods.list({"customer": customer, "type": "card"}).data] == [
        kept.id
    ]
    assert [one.id for one in shop.api.v1.customers.payment_methods.list(customer).data] == [kept.id]
    for _ in range(2):
        assert shop.pay_intent(method=kept.id, customer=customer).status == "succeeded"
    gone = shop.api.v1.payment_methods.detach(kept.id)
    assert gone.customer is None
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.v1.payment_methods.detach(kept.id)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        shop.api.v1.payment_methods.attach(kept.id, {"customer": customer})


def test_another_customers_card_cannot_be_used(shop):
    lea, tom = (shop.api.v1.customers.create({"email": f"{name}@example.com"}).id for name in ("lea", "tom"))
    card = shop.api.v1.payment_methods.attach("pm_card_visa", {"customer": lea})
    with pytest.raises(stripe.InvalidRequestError, match="another Customer"):
        shop.pay_intent(method=card.id, customer=tom)
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        shop.api.v1.payment_methods.attach(card.id, {"customer": tom})


def test_a_card_can_be_kept_by_paying_with_it(shop):
    customer = shop.api.v1.customers.create({"email": "lea@example.com"}).id
    shop.pay_intent(customer=customer, setup_future_usage="off_session")
    assert len(shop.api.v1.payment_methods.list({"customer": customer}).data) == 1
    assert "payment_method.attached" in [event["type"] for event in shop.control.events()]


def test_a_setup_keeps_a_card_without_paying(shop):
    customer = shop.api.v1.customers.create({"email": "lea@example.com"}).id
    setup = shop.api.v1.setup_intents.create({"customer": customer, "usage": "off_session"})
    assert setup.status == "requires_payment_method"
    done = shop.api.v1.setup_intents.confirm(setup.id, {"payment_method": "pm_card_visa"})
    assert (done.status, shop.control.state()["charges"]) == ("succeeded", [])
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.v1.setup_intents.cancel(setup.id)
    other = shop.api.v1.setup_intents.create({})
    assert shop.api.v1.setup_intents.cancel(other.id).status == "canceled"
    assert len(shop.api.v1.setup_intents.list({"customer": customer}).data) == 1


def test_a_declining_card_cannot_be_set_up(shop):
    with pytest.raises(stripe.CardError) as refusal:
        shop.api.v1.setup_intents.create({"payment_method": "pm_card_chargeDeclined", "confirm": True})
    assert refusal.value.error.setup_intent.status == "requires_payment_method"
