"""The provider's card fields on a page of ours: only listed scripts, a policy for exactly that page, and the way around it."""

from io import StringIO
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from checkout.orders.access import order_path, token_of
from checkout.payments.element.scripts import (
    OWN,
    OWN_HASH,
    REAL_SCRIPT,
    compare_page,
    hash_script,
    list_scripts,
    page_policy,
)
from checkout.payments.element.watching import read_scripts
from checkout.payments.start import pay_order
from checkout.tasks import watch_page_task
from shop.audit.models import AuditEntry
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order
from tests.storefront.browsing import open_browser, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA02")]
DECLINED = "4000000000000002"


@pytest.fixture(autouse=True)
def on_our_page(settings: Any) -> None:
    settings.PAYMENT_ELEMENT = True
    settings.STRIPE_PUBLISHABLE_KEY = "pk_test_tests"


def card_page(order: Any) -> str:
    return f"{order_path(token_of(order.pk))}card/"


def test_the_page_has_the_listed_scripts_and_no_other(till: Till, client: Client) -> None:
    order = make_order()
    assert pay_order(order.pk) == f"{django_settings.SITE_URL}{card_page(order)}"
    page = client.get(card_page(order))
    scripts, policy = read_scripts(page.text), page["Content-Security-Policy"]
    assert compare_page(scripts=scripts, policy=policy) == []
    assert [address for address, _ in scripts] == [one.address for one in list_scripts()]
    assert f"script-src 'self' {till.control.base_url}/js/stripe.js;" in policy
    assert "unsafe" not in policy
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store, private", "same-origin")
    assert "sk_test" not in page.text
    assert all(one.purpose and one.owner for one in list_scripts())


def test_a_script_that_nobody_listed_or_that_changed_is_named(till: Till, client: Client) -> None:
    order = make_order()
    pay_order(order.pk)
    page = client.get(card_page(order))
    policy = page["Content-Security-Policy"]
    worse = page.text.replace("</head>", '<script src="https://evil.example/a.js"></script><script>1</script></head>')
    changed = worse.replace(OWN_HASH, "sha384-other")
    found = " ".join(compare_page(scripts=read_scripts(changed), policy=policy.replace("connect-src", "connect-srcs")))
    for words in (
        "https://evil.example/a.js is not",
        "(inline) is not",
        "has the integrity sha384-other",
        "connect-src (nothing)",
    ):
        assert words in found, words
    assert "is missing" in " ".join(compare_page(scripts=[], policy=policy))


def test_our_script_is_the_one_that_was_looked_at() -> None:
    path = finders.find(OWN)
    assert isinstance(path, str)
    with open(path, "rb") as file:
        assert hash_script(file.read()) == OWN_HASH, "Look at the change, then write its hash into the inventory."


def test_real_money_meets_the_official_script_alone(settings: Any) -> None:
    settings.STRIPE_API_BASE = settings.STRIPE_REAL_API
    assert list_scripts()[0].address == REAL_SCRIPT
    assert page_policy()["script-src"] == ["'self'", "https://js.stripe.com", "https://*.js.stripe.com"]
    assert page_policy()["connect-src"] == ["https://api.stripe.com"]


@pytest.mark.parametrize("missing", ["the setting", "the key"])
def test_without_the_setting_or_a_key_the_hosted_page_is_the_way(till: Till, settings: Any, missing: str) -> None:
    if missing == "the key":
        settings.STRIPE_PUBLISHABLE_KEY = ""
    else:
        settings.PAYMENT_ELEMENT = False
    order = make_order()
    assert pay_order(order.pk).startswith(f"{till.control.base_url}/c/pay/")
    answer = Client().get(card_page(order))
    assert (answer.status_code, answer["Location"]) == (302, order_path(token_of(order.pk)))


def test_other_pages_keep_the_strict_policy(till: Till, client: Client) -> None:
    order = make_order()
    pay_order(order.pk)
    policy = client.get(order_path(token_of(order.pk)))["Content-Security-Policy"]
    assert "script-src 'self'" in policy.split("; "), "nothing beside our own"
    assert "frame-src" not in policy


def test_without_javascript_a_button_leads_to_the_provider_and_one_page_is_open(till: Till, client: Client) -> None:
    order = make_order()
    pay_order(order.pk)
    assert 'name="hosted"' in client.get(card_page(order)).text
    answer = client.post(f"{order_path(token_of(order.pk))}pay/", {"hosted": "1"})
    assert (answer.status_code, answer["Location"].startswith(f"{till.control.base_url}/c/pay/")) == (303, True)
    assert [one["status"] for one in till.control.state()["sessions"]] == ["expired", "open"]
    till.pay(order)
    till.deliver()
    run_jobs()
    assert (state_of(order), payment_of(order).is_embedded) == ("paid", False)
    assert broken_invariants() == []


def test_when_the_provider_is_away_the_page_says_the_other_way(till: Till, client: Client) -> None:
    order = make_order()
    pay_order(order.pk)
    till.control.fail_next(9, kind="reset", seconds=0, executed=False, saved=False)
    page = client.get(card_page(order))
    assert page.status_code == 200
    assert read_scripts(page.text) == []
    assert "Pay at the provider" in page.text


@pytest.mark.django_db(transaction=True)
def test_a_shopper_pays_in_the_frame_after_a_refusal(till: Till, live_server: LiveServer, settings: Any) -> None:
    settings.SITE_URL = live_server.url
    order = make_order()
    url = pay_order(order.pk)
    with open_browser() as browser, open_page(browser, url) as page:
        fields = page.frame_locator("iframe[title='Secure card fields']")
        fields.get_by_label("Card number").fill(DECLINED)
        fields.get_by_label("Expiry").fill("12 / 34")
        fields.get_by_label("Security code").fill("123")
        page.locator("#card-form button").click()
        expect(page.get_by_role("alert")).to_contain_text("declined")
        assert page.locator("input[name=number]").count() == 0, "the number never stands in our page"
        fields.get_by_label("Card number").fill("4242424242424242")
        page.locator("#card-form button").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert state_of(order) == "paid"
    assert payment_of(order).is_embedded


@pytest.mark.django_db(transaction=True)
def test_the_page_is_watched_as_a_browser_gets_it(till: Till, live_server: LiveServer, settings: Any) -> None:
    settings.SITE_URL = live_server.url
    assert _watch() == "No order waits for its card just now; look again when one does."
    pay_order(make_order().pk)
    assert _watch() == "The payment page is as listed."
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr("checkout.payments.element.scripts.OWN_HASH", "sha384-other")
        assert (watch_page_task() > 0, watch_page_task()) == (True, 0), "each finding once a day"
        assert AuditEntry.objects.filter(action="payment page", reason__contains="not as listed").exists()
        _watch()
    assert watch_page_task() == 0
    settings.PAYMENT_ELEMENT = False
    assert "provider's own page" in _watch()
    assert watch_page_task() == 0


def _watch() -> str:
    words = StringIO()
    call_command("check_payment_page", stdout=words)
    return words.getvalue().strip()
