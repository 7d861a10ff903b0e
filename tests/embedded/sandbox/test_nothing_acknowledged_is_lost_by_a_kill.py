import threading

import stripe

from shop.embedded.sandbox.client import SandboxControl, pay, request_page


def test_a_killed_sandbox_comes_back_with_everything_it_said(tmp_path, start_sandbox, connect_to):
    state = str(tmp_path / "sandbox.sqlite3")
    process = start_sandbox("--state-file", state)
    port = process.url.rpartition(":")[2]
    made: list[str] = []

    def buy(buyer: int) -> None:
        api = connect_to(process.url)
        try:
            for n in range(10_000):
                params = {"amount": 1000 + n, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}
                made.append(api.v1.payment_intents.create(params, {"idempotency_key": f"{buyer}-{n}"}).id)
        except stripe.APIConnectionError:
            pass

    threads = [threading.Thread(target=buy, args=(buyer,)) for buyer in range(4)]
    for thread in threads:
        thread.start()
    while len(made) < 100:
        threads[0].join(0.01)
    process.kill()
    for thread in threads:
        thread.join()

    again = start_sandbox("--state-file", state, "--port", port)
    assert again.url == process.url
    intents = {intent["id"]: intent for intent in SandboxControl(again.url).state()["payment_intents"]}
    assert set(made) <= set(intents)
    assert {intent["status"] for intent in intents.values()} == {"succeeded"}
    repeated = connect_to(again.url).v1.payment_intents.create(
        {"amount": 1000, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True},
        {"idempotency_key": "0-0"},
    )
    assert repeated.id in made
    assert len(SandboxControl(again.url).state()["payment_intents"]) == len(intents)


def test_undelivered_webhooks_and_expiries_survive_a_restart(tmp_path, start_sandbox, connect_to, endless_inbox):
    endless_inbox.letters.clear()
    arguments = ("--state-file", str(tmp_path / "sandbox.sqlite3"), "--short-sessions", "--retry-base", "0.1")
    process = start_sandbox(*arguments, "--webhook-url", endless_inbox.url, "--webhook-secret", "whsec_inbox")
    SandboxControl(process.url).set_webhooks(delay=1)
    now = SandboxControl(process.url).call("GET", "health")["now"]
    session = connect_to(process.url).v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://shop.test/",
            "expires_at": now + 1,
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Tea"}},
                }
            ],
        }
    )
    intent = connect_to(process.url).v1.payment_intents.create({"amount": 1000, "currency": "eur"})
    process.kill()
    start_sandbox(*arguments, "--webhook-url", endless_inbox.url, "--webhook-secret", "whsec_inbox")
    endless_inbox.wait_for_count(2)
    assert {letter.open().data.object.id for letter in endless_inbox.letters} == {session.id, intent.id}


def test_a_page_paid_before_a_restart_is_still_paid_after_it(tmp_path, start_sandbox, connect_to):
    state = str(tmp_path / "sandbox.sqlite3")
    process = start_sandbox("--state-file", state)
    session = connect_to(process.url).v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://shop.test/thanks/",
            "customer_email": "lea@example.com",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Tea"}},
                }
            ],
        }
    )
    pay(session.url)
    process.kill()
    start_sandbox("--state-file", state, "--port", process.url.rpartition(":")[2])
    assert request_page("GET", session.url).location == "http://shop.test/thanks/"
