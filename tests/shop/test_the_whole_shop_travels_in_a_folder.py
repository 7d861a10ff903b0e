"""Export the shop, restore it into a blank install: the doctor finds nothing, and exported again it is the same to the byte."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import TransactionTestCase
from oscar.apps.catalogue.models import Product
from PIL import Image

from catalog.importing.apply import import_file
from catalog.importing.import_options import ImportOptions
from catalog.pricing.records import PriceChange
from inventory.models import StockMovement
from shop.archive import rules
from shop.archive.rules import ModelWithoutRule, list_tables
from shop.audit.record import record_action
from tests import shopfloor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("IE07")]

PRODUCTS = (
    "handle,sku,title,description,price,compare_at_price,categories,tags,stock,images,option1_name,option1_value,attribute:care\n"
    'mug,MUG,"Mug ""old""\\n; ünï <b>","Line one\nline two | with bar",5,8,Kitchen > Mugs,a|b,3,mug.png,,,Wash\n'
    "sock,SOCK-S,Sock,,7,,Clothes,,4,,Size,S,\nsock,SOCK-M,Sock,,7,,Clothes,,5,,Size,M,\n"
)


@pytest.fixture
def blank_install(settings, tmp_path: Path) -> Callable[[], None]:
    """A new database after `migrate`, and an empty folder for media."""
    number = iter(range(9))

    def empty() -> None:
        TransactionTestCase._fixture_teardown(None)  # type: ignore[arg-type]
        settings.MEDIA_ROOT = tmp_path / f"media-{next(number)}"

    empty()
    return empty


@pytest.fixture
def shop(blank_install, tmp_path: Path) -> None:
    """A little of everything: products with pictures, stock, an order, staff, an act that is audited."""
    Image.new("RGB", (40, 30), "teal").save(_folder(tmp_path / "images") / "mug.png")
    (tmp_path / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    report = import_file(ImportOptions(path=tmp_path / "products.csv"), watch=lambda change: None)
    assert (report.created, report.failed) == (3, 0)
    get_user_model().objects.create_superuser(email="staff@example.com", password="a long password 7")
    shopfloor.open_shop()
    shopfloor.make_order((Product.objects.get(slug="mug"), 2))
    record_action(actor_name="staff", action="opened", subject_type="shop", subject_id="1")


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("shop")
def test_a_restored_shop_is_the_shop(blank_install, tmp_path: Path) -> None:
    call_command("export_shop", str(tmp_path / "one"))
    highest = PriceChange.objects.latest("id").pk
    blank_install()
    assert not Product.objects.exists()
    call_command("restore_shop", str(tmp_path / "one"))
    call_command("doctor")
    call_command("export_shop", str(tmp_path / "two"))
    first, second = read_all(tmp_path / "one"), read_all(tmp_path / "two")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert any(name.startswith("media/") for name in first)
    assert get_user_model().objects.get().check_password("a long password 7")
    more = "handle,sku,title,price,stock\nhat,HAT,Hat,9,2\n"
    (tmp_path / "more.csv").write_text(more, encoding="utf-8")
    assert import_file(ImportOptions(path=tmp_path / "more.csv"), watch=lambda change: None).created == 1
    assert PriceChange.objects.latest("id").pk > highest
    with pytest.raises(DatabaseError, match="append-only"):
        StockMovement.objects.all().delete()


@pytest.mark.usefixtures("shop")
def test_every_row_is_a_json_object_and_the_manifest_explains_its_columns(tmp_path: Path) -> None:
    call_command("export_shop", str(tmp_path / "out"))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert "sessions.Session" not in manifest["tables"]
    product = manifest["tables"]["catalogue.Product"]
    rows = [
        json.loads(line) for line in (tmp_path / "out" / "tables" / "catalogue.Product.jsonl").open(encoding="utf-8")
    ]
    assert len(rows) == product["rows"] == Product.objects.count()
    assert list(rows[0]) == list(product["columns"])
    assert rows[0]["title"] == Product.objects.order_by("pk")[0].title
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("shop")
def test_what_cannot_be_restored_is_refused_in_words(blank_install, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call_command("export_shop", str(out))
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_shop", str(out))
    with pytest.raises(CommandError, match="not blank"):
        call_command("restore_shop", str(out))
    with pytest.raises(CommandError, match="no archive"):
        call_command("restore_shop", str(tmp_path / "nowhere"))
    blank_install()
    rows = out / "tables" / "partner.StockRecord.jsonl"
    whole = rows.read_bytes()
    rows.write_bytes(whole.replace(b'"price"', b'"prise"'))
    with pytest.raises(CommandError, match="digest differs"):
        call_command("restore_shop", str(out))
    rows.write_bytes(whole)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (out / "manifest.json").write_text(json.dumps(manifest | {"schema": manifest["schema"][1:]}), encoding="utf-8")
    with pytest.raises(CommandError, match="another release"):
        call_command("restore_shop", str(out))
    assert not Product.objects.exists()


def test_a_secret_or_a_table_without_a_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    list_tables()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE shoebox (id int)")
    with pytest.raises(ModelWithoutRule, match="shoebox belong to no model"):
        list_tables()
    monkeypatch.setattr(rules, "HELD_SECRETS", {})
    with pytest.raises(ModelWithoutRule, match="sounds like a secret"):
        list_tables()
