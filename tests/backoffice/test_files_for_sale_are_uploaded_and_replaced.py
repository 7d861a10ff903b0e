"""Staff upload what is sold: kept by content where no address leads, checked by its bytes, placed on products."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from oscar.apps.catalogue.models import Product, ProductClass

from catalog.digital import store
from catalog.digital.kinds import FileRefused, check_kind, check_name
from catalog.digital.records import DigitalFile, ProductFile
from catalog.digital.store import store_file
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_product, open_shop, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA04")]
ADD = "/admin/catalog/digitalfile/add/"
PDF = b"%PDF-1.7 a pattern"


@pytest.fixture
def goods(settings: Any, tmp_path: Path) -> Path:
    settings.GOODS_ROOT = tmp_path / "goods"
    return tmp_path / "goods"


@pytest.fixture
def pattern(goods: Path) -> Product:
    open_shop()
    kind = ProductClass.objects.create(name="Download", requires_shipping=False, track_stock=False)
    return make_product("Pattern", stock=0, product_class=kind)


def fields(**more: Any) -> dict[str, Any]:
    return {"name": "", "downloads": "3", "hours": "48", "skus": "", **more}


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_an_upload_is_kept_once_and_shown_to_nobody(pattern: Product, goods: Path, settings: Any) -> None:
    desk = staff_client("catalogue editor")
    upload = SimpleUploadedFile("throw pattern.pdf", PDF)
    answer = desk.post(ADD, fields(upload=upload, skus=record_of(pattern).partner_sku))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    file = DigitalFile.objects.get()
    assert (file.name, file.size, file.downloads, file.hours) == ("throw pattern.pdf", len(PDF), 3, 48)
    assert ProductFile.objects.get().product == pattern
    store_file(name="again.pdf", chunks=[PDF], actor=None)
    assert [path.read_bytes() for path in files_in(goods)] == [PDF]
    assert goods not in Path(settings.MEDIA_ROOT).parents
    assert Path(settings.MEDIA_ROOT) not in goods.parents
    assert Client().get(f"/media/{file.digest[:2]}/{file.digest}").status_code == 404
    assert AuditEntry.objects.filter(action="add file for sale").count() == 2
    page = desk.get(f"/admin/catalog/digitalfile/{file.pk}/change/").text
    assert record_of(pattern).partner_sku in page


def test_a_new_edition_replaces_it_for_everybody(pattern: Product, goods: Path) -> None:
    desk = staff_client()
    file = store_file(name="throw.pdf", chunks=[PDF], actor=None)
    page = f"/admin/catalog/digitalfile/{file.pk}/change/"
    other = fields(
        name="throw.pdf", upload=SimpleUploadedFile("v2.pdf", PDF + b" 2"), skus=record_of(pattern).partner_sku
    )
    assert desk.post(page, other).status_code == 302
    after = DigitalFile.objects.get()
    assert (after.pk, after.digest != file.digest) == (file.pk, True)
    renamed = desk.post(page, fields(name="throw-2026.pdf", skus=""))
    assert renamed.status_code == 302
    assert DigitalFile.objects.get().name == "throw-2026.pdf"
    assert not ProductFile.objects.exists()
    assert "the ending" in desk.post(page, fields(name="throw.exe")).text.lower()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("tool.exe", b"MZ", "the name ends in one of"),
        ("page.html", b"<html>", "the name ends in one of"),
        ("guide.pdf", b"<script>alert(1)</script>", "says pdf but its content is something else"),
        ("guide.txt", b"\x00\x01", "says txt but its content is something else"),
        ("guide.pdf", b"", "empty"),
    ],
)
def test_what_is_not_what_it_says_is_refused(
    pattern: Product, goods: Path, name: str, content: bytes, words: str
) -> None:
    answer = staff_client().post(ADD, fields(upload=SimpleUploadedFile(name, content)))
    assert (answer.status_code, DigitalFile.objects.count(), files_in(goods)) == (200, 0, [])
    assert words in answer.text


def test_too_large_and_half_read_leaves_nothing(goods: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_BYTES", 1000)
    with pytest.raises(FileRefused, match="larger than"):
        store_file(name="a.pdf", chunks=[PDF, b"x" * 2000], actor=None)
    assert files_in(goods) == []


def test_files_belong_to_products_that_neither_travel_nor_are_counted(pattern: Product) -> None:
    vase = make_product("Vase")
    desk = staff_client()
    answer = desk.post(ADD, fields(upload=SimpleUploadedFile("a.pdf", PDF), skus=record_of(vase).partner_sku))
    assert "which travels in parcels" in answer.text
    answer = desk.post(ADD, fields(upload=SimpleUploadedFile("a.pdf", PDF), skus="NO-SUCH"))
    assert "There is no SKU NO-SUCH" in answer.text
    assert not DigitalFile.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "C:\\x\\a.pdf", " a  b.pdf "])
def test_a_name_is_kept_without_its_path(name: str) -> None:
    assert "/" not in check_name(name)
    assert "\\" not in check_name(name)


@pytest.mark.parametrize("name", ["", ".pdf", "a|b.pdf", "x" * 151, "a\x00.pdf"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(FileRefused):
        check_name(name)


@pytest.mark.parametrize(
    ("name", "head"),
    [("a.svg", b'<?xml version="1.0"?><svg>'), ("a.mp4", b"\x00\x00\x00\x18ftypmp42"), ("a.epub", b"PK\x03\x04"),
     ("a.txt", "Grüße".encode()[:-1]), ("a.MP3", b"ID3\x04")],
)  # fmt: skip
def test_what_is_sold_is_told_by_its_bytes(name: str, head: bytes) -> None:
    assert "/" in check_kind(name, head)
