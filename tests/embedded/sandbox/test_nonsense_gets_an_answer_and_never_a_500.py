import random
import socket
import string
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest

from shop.embedded.sandbox.routes import ROUTES

KEY = {"Authorization": "Bearer sk_test_1"}


@pytest.mark.parametrize("key", [None, "", "Bearer", "Bearer sk_live_1", "Bearer pk_test_1", "Basic !!!", "Digest x"])
def test_a_wrong_key_is_a_401_that_does_not_repeat_it(shop, key):
    answer = httpx.get(f"{shop.url}/v1/balance", headers={"Authorization": key} if key is not None else {})
    assert answer.status_code == 401
    assert "sk_live_1" not in answer.text
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe=1",
        b"amount[x]=1&amount=2",
        b"amount=1&amount[x]=2",
        b"a" + b"[x]" * 50 + b"=1",
        b"=1",
        b"[]=1",
        b"%00=1",
        b"metadata=1",
        b"metadata[a][b]=1",
        b"expand=1",
        b"expand[0][x]=1",
        b"expand[0]=a.b.c.d.e.f",
        b"amount=1e3&currency=eur",
        b"amount=" + b"9" * 5000 + b"&currency=eur",
        b"amount[]=1&currency=eur",
        b"amount=1000&currency[]=eur",
        b"amount=1000&currency=eur&shipping=x",
        b"&".join(b"k%d=1" % n for n in range(6000)),
    ],
)
def test_a_broken_form_is_a_400(shop, body):
    answer = httpx.post(f"{shop.url}/v1/payment_intents", content=body, headers=KEY)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["message"]


def test_an_unknown_address_or_verb_is_a_404(shop):
    assert httpx.get(f"{shop.url}/v1/subscriptions", headers=KEY).status_code == 404
    assert httpx.delete(f"{shop.url}/v1/refunds/re_1", headers=KEY).status_code == 404


def test_a_body_of_two_megabytes_is_refused(shop):
    assert httpx.post(f"{shop.url}/v1/payment_intents", content=b"a" * 2_000_000, headers=KEY).status_code == 413


def test_bytes_that_are_not_http_do_not_disturb_it(shop):
    address = urlsplit(shop.url)
    with socket.create_connection((address.hostname, address.port)) as line:
        line.sendall(b"\x16\x03\x01\x02\x00\x01\r\n\r\n")
        line.recv(200)
    assert shop.control.is_healthy()


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b'{"order": 7}'])
def test_a_broken_control_is_a_400(shop, body):
    assert httpx.post(f"{shop.url}/_control/webhooks/release", content=body).status_code == 400


def test_every_address_survives_random_parameters(shop):
    dice = random.Random(7)
    names = ["amount", "currency", "expand[0]", "metadata[a]", "limit", "created[gte]", "payment_intent", "customer"]
    names += ["line_items[0][price_data][currency]", "payment_method", "card[number]", "type", "query", "evidence[x]"]
    values = ["", "0", "-1", "eur", "pi_1", "true", "\x00", "ä" * 300, "[]", "{}", "null", "1" * 30, "a.b"]
    ids = [intent.id for intent in (shop.pay_intent(), shop.pay_intent(method="pm_card_createDispute"))]
    ids += [shop.open_session().id, "x", "%00", "a" * 300, string.punctuation]
    with httpx.Client(base_url=shop.url, headers=KEY) as client:
        for method, template, _ in ROUTES:
            for _ in range(6):
                path = template.replace("{id}", quote(dice.choice(ids)))
                form = urlencode([(dice.choice(names), dice.choice(values)) for _ in range(dice.randint(0, 3))])
                if method == "POST":
                    headers = {"Content-Type": "application/x-www-form-urlencoded"}
                    answer = client.post(path, content=form, headers=headers)
                else:
                    answer = client.request(method, f"{path}?{form}")
                assert answer.status_code < 500, (method, path, form, answer.text)
                assert answer.json()
