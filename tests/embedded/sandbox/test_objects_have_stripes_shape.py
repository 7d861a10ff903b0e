"""Each object is held against Stripe's own example of it, and against the SDK's types."""

import json
import typing

import pytest
import stripe

from shop.embedded.sandbox.client import pay
from shop.embedded.sandbox.shapes.account import API_VERSION

# The SDK knows these keys only in some situations, or under a class of its own.
FREE_FORM = {"metadata", "payment_method_options", "evidence", "previous_attributes"}


def make_everything(shop):
    api = shop.api.v1
    customer = api.customers.create({"email": "lea@example.com"})
    method = api.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    session = shop.open_session(customer=customer.id, customer_email=None)
    pay(session.url)
    intent = shop.pay_intent(
        40_000, method="pm_card_visa", capture_method="automatic", shipping={"name": "Lea", "address": {"city": "Bonn"}}
    )
    refund = api.refunds.create({"payment_intent": intent.id, "amount": 500})
    disputed = shop.pay_intent(4000, method="pm_card_createDispute")
    shop.control.turn_clock(advance=3 * 86_400)
    line_items = api.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]}).line_items
    return {
        "payment_intent": api.payment_intents.retrieve(intent.id),
        "charge": api.charges.retrieve(intent.latest_charge),
        "checkout.session": api.checkout.sessions.retrieve(session.id),
        "item": line_items.data[0],
        "price": line_items.data[0].price,
        "refund": refund,
        "dispute": api.disputes.list({"payment_intent": disputed.id}).data[0],
        "payment_method": method,
        "customer": customer,
        "setup_intent": api.setup_intents.create({"payment_method": "pm_card_visa", "confirm": True}),
        "event": api.events.list({"type": "payment_intent.succeeded"}).data[0],
        "webhook_endpoint": api.webhook_endpoints.list().data[0],
        "balance": api.balance.retrieve(),
        "balance_transaction": api.balance_transactions.retrieve(refund.balance_transaction),
        "payout": api.payouts.retrieve(shop.control.pay_out()[0]["id"]),
    }


KINDS = [
    "payment_intent",
    "charge",
    "checkout.session",
    "item",
    "price",
    "refund",
    "dispute",
    "payment_method",
    "customer",
    "setup_intent",
    "event",
    "webhook_endpoint",
    "balance",
    "balance_transaction",
    "payout",
]


@pytest.fixture(scope="module")
def fixtures(shared_data_file) -> dict:
    return json.loads(shared_data_file.read_text())["resources"]


@pytest.fixture(scope="module")
def shared_data_file(shared_data):
    return shared_data / "stripe" / "fixtures3.json"


@pytest.fixture
def made(shop):
    return make_everything(shop)


def test_every_object_has_the_keys_and_types_of_stripes_example(made, fixtures):
    problems = []
    for kind, thing in made.items():
        example = fixtures[kind]
        problems += compare(json.loads(str(thing)), example, name=kind)
    assert problems == []


def compare(ours, example, *, name: str) -> list[str]:
    """What is missing or of another type. Null on either side says nothing about a type."""
    if ours is None or example is None or name.split(".")[-1] in FREE_FORM:
        return []
    if isinstance(example, bool) or isinstance(ours, bool):
        return [] if type(ours) is type(example) else [f"{name}: {ours!r} is not like {example!r}"]
    if type(ours) is not type(example):
        return [f"{name}: {ours!r} is not like {example!r}"]
    if isinstance(example, dict):
        if name.endswith((".data.object", ".wallet")):
            return []
        missing = [f"{name}.{key} is missing" for key in example if key not in ours]
        return missing + [
            row for key in example if key in ours for row in compare(ours[key], example[key], name=f"{name}.{key}")
        ]
    if isinstance(example, list) and example and ours:
        return compare(ours[0], example[0], name=f"{name}[]") if isinstance(example[0], dict) else []
    return []


def test_no_object_has_a_key_that_the_sdk_does_not_know(made, fixtures):
    strange = []
    for kind, thing in made.items():
        known = set(fixtures[kind]) | set(annotations_of(type(thing)))
        strange += [f"{kind}.{key}" for key in thing.to_dict() if key not in known]
    assert strange == []


def test_nothing_is_null_that_the_sdk_says_is_always_there(made):
    wrong = []
    for kind, thing in made.items():
        for key, annotation in annotations_of(type(thing)).items():
            optional = "Optional" in str(annotation) or "NoneType" in str(annotation)
            if key in thing and thing[key] is None and not optional:
                wrong.append(f"{kind}.{key}")
    assert wrong == []


def annotations_of(cls: type) -> dict[str, typing.Any]:
    found: dict[str, typing.Any] = {}
    for base in reversed(cls.__mro__):
        if issubclass(base, stripe.StripeObject):
            found.update(getattr(base, "__annotations__", {}))
    return {name: annotation for name, annotation in found.items() if not name.startswith("_")}


def test_every_kind_is_compared(made):
    assert sorted(made) == sorted(KINDS)


def test_the_api_version_is_the_sdks():
    assert stripe.api_version == API_VERSION
