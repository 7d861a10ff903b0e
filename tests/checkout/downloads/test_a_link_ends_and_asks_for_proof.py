"""A download link dies after N downloads, T hours, a refund or by staff; opened elsewhere it asks for proof."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.db.utils import IntegrityError
from django.test import Client

from checkout.downloads.granting import renew_download, revoke_downloads
from checkout.downloads.links import download_path
from checkout.downloads.proof import accept_code
from checkout.downloads.records import Download, Entitlement, ProofCode
from checkout.models import Mail, PaymentAttempt
from checkout.orders.access import order_path, token_of
from checkout.wiring import end_downloads
from shop.audit.models import AuditEntry
from shop.doctor.checks import registered_checks, run_check
from tests.backoffice.desk import make_customer, sign_in, staff_client
from tests.checkout.downloads.conftest import CONTENT

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA04")]


@pytest.fixture
def buyer(right: Entitlement) -> Client:
    """Comes from the order's page, and may use its links from then on."""
    client = Client()
    page = client.get(order_path(token_of(right.order_id))).text
    button = re.search(r'action="(/order/[^"]+/download/\d+/)"', page)
    assert button
    answer = client.post(button[1])
    assert (answer.status_code, answer["Location"]) == (303, download_path(right))
    return client


def body_of(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_the_buyer_gets_the_bytes_a_number_of_times(buyer: Client, right: Entitlement) -> None:
    for number in range(1, 6):
        answer = buyer.get(download_path(right))
        assert (answer.status_code, body_of(answer)) == (200, CONTENT)
        assert Download.objects.filter(entitlement=right).count() == number
    assert answer["Content-Disposition"] == 'attachment; filename="throw-pattern.pdf"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store, private")
    assert (answer["X-Content-Type-Options"], answer["Accept-Ranges"]) == ("nosniff", "bytes")
    over = buyer.get(download_path(right))
    assert over.status_code == 410
    assert "downloaded as often as it may be" in over.text


def test_looking_at_the_head_counts_nothing(buyer: Client, right: Entitlement) -> None:
    answer = buyer.head(download_path(right))
    assert (answer.status_code, answer["Content-Length"]) == (200, str(len(CONTENT)))
    assert not Download.objects.exists()


def test_its_time_ends_by_the_clock_of_the_database(buyer: Client, right: Entitlement) -> None:
    Entitlement.objects.update(expires_at=Now() + timedelta(seconds=30))
    assert buyer.get(download_path(right)).status_code == 200
    Entitlement.objects.update(expires_at=Now() - timedelta(minutes=10))
    answer = buyer.get(download_path(right))
    assert (answer.status_code, "time for this download is over" in answer.text) == (410, True)


@pytest.mark.parametrize("status", ["refunded", "asked"])
def test_a_refund_ends_it_at_once(buyer: Client, right: Entitlement, status: str) -> None:
    """By the order's state, and from the moment the whole sum is on its way back, with no worker in between."""
    if status == "refunded":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE order_order SET status = 'refunded' WHERE id = %s", (right.order_id,))
    else:
        PaymentAttempt.objects.filter(order=right.order_id).update(captured=11.9, refunded=11.9, amount=11.9)
    answer = buyer.get(download_path(right))
    assert (answer.status_code, "This order was paid back" in answer.text) == (410, True)
    part = buyer.get(download_path(right), headers={"Range": "bytes=5-9"})
    assert part.status_code == 410


def test_a_cancelled_order_takes_its_rights_along(buyer: Client, right: Entitlement) -> None:
    end_downloads({"order_id": right.order_id})
    end_downloads({"order_id": right.order_id})
    right.refresh_from_db()
    assert (right.revoked_at is not None, right.revoked_reason) == (True, "The order was cancelled.")
    assert buyer.get(download_path(right)).status_code == 410


def test_a_leaked_link_asks_who_is_there(right: Entitlement) -> None:
    stranger = Client()
    answer = stranger.get(download_path(right))
    assert (answer.status_code, "Is this your download?" in answer.text) == (403, True)
    assert CONTENT not in answer.content
    assert not Download.objects.exists()
    prove = re.search(r'action="([^"]+prove/)"', answer.text)
    assert prove
    wrong = stranger.post(prove[1], {"email": "eve@example.com"})
    told = stranger.post(prove[1], {"email": "ADA@example.com"})
    assert wrong.text.count("is on its way to it") == told.text.count("is on its way to it") == 1
    letter = Mail.objects.get(kind="download_code")
    assert letter.to == "ada@example.com"
    found = re.search(r"\n(\d{3} \d{3})\n", letter.text)
    assert found
    assert stranger.post(prove[1], {"code": "000 000"}).status_code == 422
    opened = stranger.post(prove[1], {"code": found[1]})
    assert (opened.status_code, opened["Location"]) == (303, download_path(right))
    assert stranger.cookies["downloads"]["httponly"]
    assert stranger.cookies["downloads"]["path"] == "/download/"
    assert "<strong>downloads</strong>" in Client().get("/info/privacy/").text
    assert body_of(stranger.get(download_path(right))) == CONTENT
    assert Client().post(prove[1], {"code": found[1]}).status_code == 422, "a code opens one browser"


def test_a_code_is_guessed_five_times_and_asked_for_once_a_minute(right: Entitlement) -> None:
    stranger, address = Client(), f"{download_path(right)}prove/"
    for _ in range(3):
        stranger.post(address, {"email": "ada@example.com"})
    letter = Mail.objects.get(kind="download_code")
    code = re.sub(r"\D", "", letter.subject)
    assert letter.subject.startswith(code[:3])
    for _ in range(5):
        assert stranger.post(address, {"code": "999999" if code != "999999" else "1"}).status_code == 422
    assert stranger.post(address, {"code": code}).status_code == 422
    ProofCode.objects.update(tries_left=5, expires_at=Now() - timedelta(seconds=1))
    assert not accept_code(right.order, code=code)
    assert "Please give the address" in stranger.post(address, {"email": "ada"}).text


def test_the_account_that_bought_needs_no_proof(right: Entitlement) -> None:
    owner, other = make_customer("ada@example.com"), make_customer("eve@example.com")
    type(right.order).objects.filter(pk=right.order_id).update(user=owner)
    for user, status in ((owner, 200), (other, 403)):
        client = Client()
        sign_in(client, user, factor=False)
        assert client.get(download_path(right)).status_code == status


@pytest.mark.parametrize("token", ["1", "1-", "x-y", "999999-abc", "1-é", "-", "9" * 40 + "-a"])
def test_a_made_up_link_is_as_unknown_as_any(right: Entitlement, token: str) -> None:
    assert Client().get(f"/download/{token}/").status_code == 404
    assert Client().post(f"/download/{token}/prove/", {"code": "1"}).status_code == 404


def test_staff_renew_and_end_it_and_the_old_link_dies(buyer: Client, right: Entitlement) -> None:
    old = download_path(right)
    Entitlement.objects.update(used=0, allowed=1)
    assert buyer.get(old).status_code == 200
    desk = staff_client("support")
    page = f"/admin/checkout/entitlement/{right.pk}/"
    assert "1 of 1" in desk.get("/admin/checkout/entitlement/").text
    assert desk.post(f"{page}renew/", {"reason": "Her disk broke.", "key": "a"}).status_code == 303
    right.refresh_from_db()
    assert (right.used, right.allowed, right.serial) == (1, 6, 2)
    assert buyer.get(old).status_code == 404
    assert buyer.get(download_path(right)).status_code == 200
    assert desk.post(f"{page}revoke/", {"reason": "Shared in public.", "key": "b"}).status_code == 303
    assert "ended by the shop" in buyer.get(download_path(right)).text
    assert set(AuditEntry.objects.filter(subject_type="download").values_list("action", flat=True)) == {
        "renew download", "revoke download",
    }  # fmt: skip
    assert revoke_downloads(order_id=right.order_id, reason="again") == 0
    renew_download(right.pk, reason="a mistake", actor=None)
    right.refresh_from_db()
    assert buyer.get(download_path(right)).status_code == 200


def test_the_ledger_is_kept_and_the_doctor_counts_it(buyer: Client, right: Entitlement) -> None:
    buyer.get(download_path(right))
    check = next(one for one in registered_checks() if one.id == "I9.6")
    assert run_check(check).violations == 0
    Entitlement.objects.update(used=3)
    assert run_check(check).violations == 1
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM checkout_download")


def test_the_database_allows_no_download_too_many(right: Entitlement) -> None:
    with pytest.raises(IntegrityError):
        Entitlement.objects.update(used=6)
