"""Hand in a file, read what it would do, import it in the background, fetch the refused rows, take it back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from oscar.apps.catalogue.models import Product

from catalog.importing.records import ImportRun
from catalog.importing.upload_records import ImportUpload
from catalog.importing.uploads import CHECK, check_upload, path_of
from shop.audit.models import AuditEntry
from shop.outbox.models import OutboxEvent
from shop.outbox.relay import due_event_ids, handle_event
from tests.backoffice.desk import staff_client
from tests.catalog.importing.conftest import digest_database
from tests.shopfloor import open_shop

__all__ = ["digest_database"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("IE02", "IE04")]
FILE = "handle,sku,title,price\nmug,MUG,Mug,5.00\nhat,HAT,Hat,?\n"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path) -> None:
    settings.IMPORT_DIR, settings.MEDIA_ROOT = str(tmp_path / "imports"), str(tmp_path / "media")
    open_shop()


def work() -> None:
    """What the worker does: every event that is due."""
    for event_id in due_event_ids():
        handle_event(event_id)


def hand_in(client: Client, text: str, *, name: str = "mugs.csv", kind: str = "products", **more: str):
    file = SimpleUploadedFile(name, text.encode())
    return client.post("/admin/imports/new/", {"file": file, "kind": kind, "format_name": "auto", **more}, follow=True)


def test_from_the_first_look_to_taking_it_back() -> None:
    client = staff_client()
    page = hand_in(client, FILE)
    assert "is being looked at" in page.text
    assert 'http-equiv="refresh"' in page.text
    address = page.redirect_chain[-1][0]
    work()
    page = client.get(address)
    assert "1 of 2 rows would change the shop" in page.text
    assert "cannot be read as a number" in page.text
    assert 'http-equiv="refresh"' not in page.text
    assert Product.objects.count() == 0
    page = client.post(address, follow=True)
    assert "Being imported" in page.text
    work()
    page = client.get(address)
    upload = ImportUpload.objects.get()
    assert f"Imported as number {upload.run_id}" in page.text
    assert Product.objects.get().title == "Mug"
    refused = client.get(f"{address}refused/")
    assert 'filename="mugs-refused.csv"' in refused["Content-Disposition"]
    assert io.BytesIO(b"".join(refused.streaming_content)).read().decode("utf-8-sig").count("\n") == 2
    back = f"/admin/catalog/importrun/{upload.run_id}/take-back"
    asked = client.get(back, follow=True)
    assert "0 changed things return to what they were, 2 new ones are removed" in asked.text
    key = asked.context["form"]["key"].value()
    assert "being taken back" in client.post(asked.request["PATH_INFO"], {"key": key}, follow=True).text
    work()
    assert Product.objects.count() == 0
    assert ImportRun.objects.get(pk=upload.run_id).state == "undone"
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "hand in import",
        "import file",
        "take back import",
    ]


def test_old_and_new_values_are_shown_before_anything_is_written(digest_database) -> None:
    client = staff_client()
    for price in ("5.00", "6.50"):
        address = hand_in(client, f"handle,sku,title,price\nmug,MUG,Mug,{price}\n").redirect_chain[-1][0]
        work()
        if price == "5.00":
            client.post(address)
            work()
    before = digest_database(but=("django_session",))
    assert "<strong>price</strong> 5.00 → 6.50" in client.get(address).text
    assert digest_database(but=("django_session",)) == before


def test_a_second_confirmation_and_a_second_hand_over_do_nothing() -> None:
    client = staff_client()
    address = hand_in(client, FILE).redirect_chain[-1][0]
    work()
    client.post(address)
    assert "not waiting for a decision" in client.post(address, follow=True).text
    work()
    upload = ImportUpload.objects.get()
    check_upload({"upload_id": upload.pk})
    assert ImportUpload.objects.get().state == "done"
    assert OutboxEvent.objects.filter(name=CHECK).count() == 1
    assert ImportRun.objects.count() == 1


def test_a_file_that_cannot_be_read_says_why_and_a_form_without_file_too() -> None:
    client = staff_client()
    address = hand_in(client, "colour,size\nred,L\n").redirect_chain[-1][0]
    work()
    assert "not those of a product file" in client.get(address).text
    assert "Choose a file." in client.post("/admin/imports/new/", {"kind": "products", "format_name": "auto"}).text
    assert "This file is empty." in hand_in(client, "").text


def test_lists_are_imported_here_too_and_all_or_none_is_kept() -> None:
    client = staff_client()
    address = hand_in(client, "from_path,to_path\n/a,/p/x/\n/b,\n", kind="redirects", aborts="on").redirect_chain[-1][0]
    work()
    client.post(address)
    work()
    page = client.get(address)
    assert "Nothing was imported" in page.text
    address = hand_in(client, "email\nann@example.com\n", kind="customers").redirect_chain[-1][0]
    work()
    client.post(address)
    work()
    assert "1 of 1 rows changed the shop" in client.get(address).text


def test_each_kind_of_file_needs_its_right_and_files_lie_where_no_page_serves_them() -> None:
    owner, editor = staff_client(), staff_client("catalogue editor")
    page = editor.get("/admin/imports/new/")
    assert "Prices" in page.text
    assert "Customers" not in page.context["form"].as_p()
    refused = hand_in(editor, "email\nann@example.com\n", kind="customers")
    assert ImportUpload.objects.count() == 0
    assert "Select a valid choice" in refused.text
    address = hand_in(owner, "email\nann@example.com\n", kind="customers").redirect_chain[-1][0]
    assert editor.get(address).status_code == 403
    assert editor.get(f"{address}refused/").status_code == 403
    upload = ImportUpload.objects.get()
    assert path_of(upload).stat().st_mode & 0o077 == 0 or path_of(upload).parent.stat().st_mode & 0o077 == 0
    assert owner.get(f"/media/imports/{upload.stored_as}").status_code == 404
