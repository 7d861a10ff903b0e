"""Nonsense and forgeries over HTTP: never a failure of ours, a sentence where a person sees it, nothing half-written."""

from collections.abc import Iterator

import httpx
import pytest

from tests.faults.buying import at_payment, at_review, order_page, orders_of
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper

pytestmark = pytest.mark.live
TABLES = (
    "basket_basket", "basket_line", "order_order", "order_line", "checkout_checkoutdraft", "checkout_placedorder",
    "checkout_paymentattempt", "inventory_reservation", "inventory_allocation", "promotions_voucheruse",
    "outbox_outboxevent", "checkout_providerevent", "django_session", "accounts_user",
)  # fmt: skip
LONG = "lamp " * 2048
ODD = "\x00\x01\x1b[31m\u202e\ufeff\ud83d\udca1'\";--%_\\<script>".encode("utf-16", "surrogatepass").decode("utf-16")


@pytest.fixture
def client(shop: RunningShop) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shop.url, timeout=30) as client:
        yield client


def rows(shop: RunningShop, *, without: tuple[str, ...] = ()) -> dict[str, int]:
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES if table not in without)
    return dict(shop.query(counts))  # type: ignore[arg-type]


def product_id(shop: RunningShop, sku: str = "CALM-MUG") -> int:
    return int(shop.query("SELECT product_id FROM partner_stockrecord WHERE partner_sku = %s", sku)[0][0])


@pytest.mark.parametrize(
    "params",
    [
        {"q": LONG},
        {"q": ODD},
        {"q": "(" * 500},
        {"q": "a & | ! <-> :* 'b' \"c"},
        {"q": "-" * 200 + " *"},
        *({"q": "mug", "page": page} for page in ("abc", "0", "-1", "99999", "9" * 400, "1.5", "１", "\x00")),
        {"q": "mug", "sort": "'; DROP TABLE order_order; --"},
        {"q": "mug", "colour": "no-such", "nonsense[]": "x", "a" * 300: "b" * 300},
        {"q": "mug", "min_price": "abc", "max_price": "-1e400"},
        {"q": "mug", "min_price": "NaN", "max_price": "Infinity"},
        {"q": "mug", "min_price": "1e9999", "in_stock": "perhaps"},
        {"q": ["a", "b"], "brand": ["x"] * 300},
    ],
    ids=lambda params: ",".join(f"{key[:8]}={str(value)[:12]!r}" for key, value in params.items()),
)
def test_a_list_answers_any_question(shop: RunningShop, client: httpx.Client, params: dict[str, str]) -> None:
    before = rows(shop)
    for path in ("/search/", "/search/suggest/", "/c/things/", "/p/calm-mug/", "/basket/", "/"):
        answer = client.get(path, params=params)
        assert answer.status_code in (200, 301, 302), (path, answer.status_code, answer.text[:300])
        assert not answer.cookies, path
    assert rows(shop) == before


@pytest.mark.parametrize(
    "target",
    [
        "/search/?q=%ff%fe", "/search/?q=%00&page=%", "/search/?%", "/c/%00/", "/c/things/%ff/", "/p/%ff/", "/p/../../etc/passwd",
        "/c/" + "a/" * 300, "/p/" + "a" * 3000 + "/", "/order/%00/", "/order/" + "a" * 43 + "/", "/order/a/pay/", "/media/../shop/settings.py",
        "/media/%2e%2e/%2e%2e/secrets", "/static/../manage.py", "/basket/add/0/", "/basket/add/99999999999999999999999/",
        "/info/no-such/", "/webhooks/stripe/", "/checkout/place/", "/basket/remove/1/", "/nothing/here", "//evil.example/",
        "/account/login/?next=//evil.example", "/admin/no/such/?q=%00",
    ],
    ids=lambda target: target[:28],
)  # fmt: skip
def test_an_address_that_is_wrong_is_not_a_failure(shop: RunningShop, client: httpx.Client, target: str) -> None:
    before = rows(shop)
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"):
        request = client.build_request(method, "/")
        request.url = httpx.URL(shop.url, raw_path=target.encode())
        answer = client.send(request)
        assert answer.status_code < 500, (method, target, answer.status_code, answer.text[:300])
    assert rows(shop) == before


@pytest.mark.parametrize("quantity", ["0", "-1", "1e9", "1000000000", "abc", "", "1.5", "９", "\x00", "9" * 5000])
def test_a_quantity_that_cannot_be_gets_a_sentence(shop: RunningShop, quantity: str) -> None:
    shopper = Shopper(shop.url)
    shopper.get("/p/calm-mug/")
    form = shopper.form("/basket/add/")
    before = rows(shop, without=("basket_basket",))
    shopper.submit(form, quantity=quantity)
    assert shopper.page.status_code == 200
    assert "quantity" in shopper.page.text.lower()
    assert any(word in shopper.page.text for word in ("Please give the quantity", "Please choose a quantity"))
    assert rows(shop, without=("basket_basket",)) == before


@pytest.mark.parametrize(
    "forged",
    [
        {"variant": "999999"}, {"variant": "-1"}, {"variant": "abc"}, {"variant": "9" * 60}, {"variant": "\x00"},
        {"option_colour": "no such"}, {"option_" + "x" * 500: "y" * 5000},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_variant_adds_nothing_wrong(shop: RunningShop, forged: dict[str, str]) -> None:
    shopper = Shopper(shop.url)
    shopper.get("/p/calm-mug/")
    shopper.submit(shopper.form("/basket/add/"), **forged)
    assert shopper.page.status_code in (200, 404)
    lines = shop.query(
        "SELECT count(*) FROM basket_line l JOIN partner_stockrecord s ON s.id = l.stockrecord_id"
        " WHERE l.product_id <> s.product_id OR l.quantity < 1"
    )
    assert lines == [(0,)]


def test_price_and_state_are_never_taken_from_a_form(shop: RunningShop) -> None:
    shopper = Shopper(shop.url, email="forger@example.org")
    shopper.get("/p/calm-mug/")
    lies = {
        "price": "0.01",
        "unit_price": "0.01",
        "total": "0.01",
        "status": "paid",
        "discount": "100",
        "currency": "JPY",
    }
    shopper.submit(shopper.form("/basket/add/"), **lies)
    shopper.fill_checkout()
    form = shopper.review()
    shopper.submit(form, **form.checkboxes, **lies, amount="1", order_id="1", user="1")
    assert str(shopper.page.url).startswith(shop.sandbox_url), shopper.page.text[:2000]
    ((order_id, status, total, lines),) = shop.query(
        "SELECT o.id, o.status, o.total_incl_tax, sum(l.line_price_incl_tax) FROM order_order o"
        " JOIN order_line l ON l.order_id = o.id WHERE guest_email = 'forger@example.org' GROUP BY o.id"
        " ORDER BY o.id DESC LIMIT 1"
    )
    assert (status, lines) == ("pending payment", 20)
    assert total >= 20
    assert shop.query("SELECT amount FROM checkout_paymentattempt WHERE order_id = %s", order_id) == [(total,)]


@pytest.mark.parametrize(
    "quote", ["", "null", "[]", "{}", "nonsense", "\x00", "x" * 20_000, '{"digest": "0"}', "a:b:c"]
)
def test_a_forged_quote_shows_the_order_again(shop: RunningShop, quote: str) -> None:
    shopper = at_review(shop)
    form = shopper.review()
    shopper.submit(form, **form.checkboxes, quote=quote)
    assert shopper.page.status_code in (200, 422)
    assert orders_of(shop, shopper) == []
    assert "Nothing was paid" in shopper.page.text or "Nothing was ordered" in shopper.page.text


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "no-address"}, {"email": "a" * 400 + "@example.org"}, {"email": "a\x00@example.org"},
        {"email": "a@example.org\nBcc: all@example.org"},
    ],
    ids=lambda changes: repr(changes)[:40],
)  # fmt: skip
def test_a_contact_that_cannot_be_written_to_is_refused(shop: RunningShop, changes: dict[str, str]) -> None:
    shopper = Shopper(shop.url)
    shopper.add("/p/calm-mug/")
    shopper.get("/checkout/")
    shopper.submit(shopper.form("/checkout/", needs="email"), **changes)
    assert shopper.page.status_code < 500
    stored = shop.query(
        "SELECT email FROM checkout_checkoutdraft WHERE email LIKE %s OR email LIKE '%%no-addr%%'", "%\n%"
    )
    assert stored == []


def test_addresses_full_of_nonsense_are_refused_or_kept_as_text(shop: RunningShop) -> None:
    shopper = Shopper(shop.url, email="nonsense@example.org")
    shopper.add("/p/calm-mug/")
    shopper.get("/checkout/")
    contact = shopper.form("/checkout/", needs="email")
    shopper.submit(contact, email="nonsense@example.org")
    page = shopper.page
    for value in ("\x00", "x" * 20_000, ODD, "<script>alert(1)</script>", "=HYPERLINK(1)", ""):
        shopper.page = page
        form = shopper.form("/checkout/", needs="line1")
        shopper.submit(form, **{name: value for name in form.fields if name != "csrfmiddlewaretoken"})
        assert shopper.page.status_code < 500, value[:20]
        assert "<script>alert(1)" not in shopper.page.text
    for country in ("XX", "DEU", "\x00", "de", "", "9" * 999):
        shopper.page = page
        form = shopper.form("/checkout/", needs="line1")
        shopper.submit(form, country=country)
        assert shopper.page.status_code < 500, country[:20]


@pytest.mark.parametrize(
    "code", ["", " ", "NO-SUCH", "x" * 10_000, ODD, "%", "'; --"], ids=lambda code: repr(code[:12])
)
def test_a_voucher_code_that_is_none_gets_a_sentence(shop: RunningShop, code: str) -> None:
    shopper = Shopper(shop.url)
    shopper.add("/p/calm-mug/")
    before = rows(shop)
    shopper.get("/basket/")
    shopper.submit(shopper.form("/basket/voucher/"), code=code)
    assert shopper.page.status_code == 200
    assert "code" in shopper.page.text.lower()
    assert rows(shop) == before


@pytest.mark.parametrize("value", ["x", "1:2:3", "9" * 4000, '"\\073', "1:1AAAAA:forged", "%00", "[]", "null"])
def test_cookies_of_rubbish_are_nobodys(shop: RunningShop, value: str) -> None:
    cookie = "; ".join(f"{name}={value}" for name in ("basket", "basket_count", "sessionid", "messages", "csrftoken"))
    before = rows(shop)
    for path in ("/", "/basket/", "/checkout/", "/search/?q=mug", "/p/calm-mug/", "/account/login/", "/admin/login/"):
        answer = httpx.get(shop.url + path, headers={"Cookie": cookie}, timeout=30)
        assert answer.status_code in (200, 302, 303), (path, answer.status_code)
    answer = httpx.post(shop.url + "/basket/voucher/", headers={"Cookie": cookie}, data={"code": "x"}, timeout=30)
    assert answer.status_code < 500
    assert rows(shop) == before


def test_somebody_elses_line_cannot_be_changed(shop: RunningShop) -> None:
    owner, thief = Shopper(shop.url), Shopper(shop.url)
    owner.add("/p/calm-mug/", quantity=2)
    thief.add("/p/quiet-vase/")
    ((line_id,),) = shop.query("SELECT max(id) FROM basket_line l WHERE quantity = 2")
    thief.get("/basket/")
    token = thief.form("/basket/", needs="csrfmiddlewaretoken").fields["csrfmiddlewaretoken"]
    for path in (f"/basket/update/{line_id}/", f"/basket/remove/{line_id}/", "/basket/update/99999999999999999999/"):
        thief.post(path, csrfmiddlewaretoken=token, quantity="9")
        assert thief.page.status_code < 500
    assert shop.query("SELECT quantity FROM basket_line WHERE id = %s", line_id) == [(2,)]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "multipart/form-data"}, b"no boundary"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b'--x\r\nContent-Disposition: form-data; name="quan'),
        ({"Content-Type": "multipart/form-data; boundary=" + "y" * 5000}, b"--y"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"&".join(b"a%d=1" % n for n in range(5000))),
        ({"Content-Type": "application/x-www-form-urlencoded; charset=no-such"}, b"quantity=1"),
        ({"Content-Type": "application/json"}, b"{"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"quantity=" + b"9" * 6_000_000),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"\xff\xfe%zz=&&&==="),
        ({"Origin": "http://[", "Content-Type": "application/x-www-form-urlencoded"}, b"quantity=1"),
        ({"Referer": "http://[", "Content-Type": "application/x-www-form-urlencoded"}, b"quantity=0"),
    ],
    ids=["no boundary", "cut", "boundary", "fields", "charset", "json", "6 MB", "bytes", "origin", "referer"],
)
def test_a_broken_body_is_refused(shop: RunningShop, headers: dict[str, str], body: bytes) -> None:
    before = rows(shop, without=("basket_basket", "basket_line"))
    for path in (f"/basket/add/{product_id(shop)}/", "/basket/voucher/", "/checkout/place/", "/webhooks/stripe/"):
        try:
            answer = httpx.post(shop.url + path, headers=headers, content=body, timeout=30)
        except httpx.WriteError:
            continue
        assert answer.status_code < 500, (path, answer.status_code, answer.text[:300])
    assert rows(shop, without=("basket_basket", "basket_line")) == before


def test_a_refused_form_says_what_to_do(shop: RunningShop) -> None:
    for path, headers, status in (
        ("/basket/voucher/", {}, 403),
        ("/checkout/place/", {"Cookie": "csrftoken=rubbish"}, 403),
        ("/basket/add/1/", {"Content-Type": "multipart/form-data"}, 400),
    ):
        answer = httpx.post(shop.url + path, headers=headers, content=b"code=x", timeout=30)
        assert answer.status_code == status, answer.text[:300]
        assert "Nothing was changed" in answer.text or "nothing was changed" in answer.text, answer.text[:1500]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Huge": "x" * 60_000}, {"Accept-Language": "x," * 5000}, {"Host": "evil.example"}, {"Host": "["},
        {"X-Forwarded-For": "not an address"}, {"X-Request-ID": "x" * 5000}, {"Range": "bytes=9-1"},
        {"If-Modified-Since": "yesterday"}, {"If-None-Match": '"' * 500}, {"Accept-Encoding": "gzip;q=banana"},
        {"Accept": "\xff"}, {"HX-Request": "true", "HX-Current-URL": "\xff" * 50},
    ],
    ids=lambda headers: next(iter(headers)),
)  # fmt: skip
def test_odd_headers_are_borne(shop: RunningShop, headers: dict[str, str]) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    for path in ("/", "/search/?q=mug", "/p/calm-mug/", "/basket/", "/media/none.webp"):
        answer = httpx.get(shop.url + path, headers=encoded, timeout=30)
        assert answer.status_code < 500, (path, answer.status_code)
        assert "evil.example" not in answer.text


def test_a_wrong_order_link_tells_nothing(shop: RunningShop) -> None:
    shopper = at_payment(shop)
    path = order_page(shop, shopper)
    wrong = path[:-3] + ("A" if path[-3] != "A" else "B") + path[-2:]
    for link in (wrong, "/order/" + "A" * 43 + "/", path.replace("/order/", "/order/x")):
        for answer in (httpx.get(shop.url + link), httpx.post(shop.url + link + "cancel/")):
            assert answer.status_code in (403, 404)
            assert shopper.person["email"] not in answer.text
    assert [status for _, status in orders_of(shop, shopper)] == ["pending payment"]
