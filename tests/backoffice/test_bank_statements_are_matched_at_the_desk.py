"""Hand in a statement, see what it paid, decide the rest; and the shopper chooses to pay by transfer without a script."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from checkout.models import StatementEntry, TransferOut
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.checkout.till import state_of
from tests.checkout.transfer.bank import camt, reference, transfer_order

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA11")]


def press(client: Client, address: str, **data: Any) -> Any:
    asked = client.get(address)
    assert asked.status_code == 200
    return client.post(address, {"key": asked.context["form"]["key"].value(), **data})


def hand_in(client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("november.xml", content)
    return press(client, "/admin/checkout/statemententry/hand-in/", file=file)


def test_a_statement_is_handed_in_and_what_is_left_is_decided() -> None:
    client = staff_client("accountant")
    paid, other = transfer_order(), transfer_order()
    answer = hand_in(client, camt(("24.90", reference(paid)), ("24.90", "no words"), ("8.00", "?"), name="Grace"))
    assert answer.status_code == 303
    page = client.get("/admin/checkout/statemententry/?list=to-match").content.decode()
    assert "3 new entries, 0 known ones. 1 were matched by themselves, 2 wait for you." in page
    assert state_of(paid) == "paid"
    _, second, third = StatementEntry.objects.order_by("pk")
    address = f"/admin/checkout/statemententry/{second.pk}"
    assert "There is no order X" in press(client, f"{address}/match/", number="x").content.decode()
    assert press(client, f"{address}/match/", number=other.number.lower()).status_code == 303
    assert state_of(other) == "paid"
    assert "gone back" not in press(client, f"{address}/undo/").content.decode()
    assert press(client, f"{address}/match/", number=other.number).status_code == 303
    assert press(client, f"/admin/checkout/statemententry/{third.pk}/send-back/").status_code == 303
    out = TransferOut.objects.get()
    assert "Transfers to send 1" in client.get("/admin/").content.decode()
    assert press(client, f"/admin/checkout/transferout/{out.pk}/sent/").status_code == 303
    assert TransferOut.objects.get().state == "sent"
    acts = AuditEntry.objects.filter(actor_name="accountant@shop.example").values_list("action", flat=True)
    assert {"import statement", "match transfer", "send back transfer", "send transfer"} <= set(acts)


def test_a_file_that_is_no_statement_is_refused_in_words() -> None:
    client = staff_client("accountant")
    assert "no column for date" in hand_in(client, b"hello").content.decode()
    assert "Choose the file" in press(client, "/admin/checkout/statemententry/hand-in/").content.decode()
    assert not StatementEntry.objects.exists()
