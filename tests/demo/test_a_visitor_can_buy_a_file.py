"""The demo shop sells a pattern as a file: drawn when the shop is set up, and on its page before anything else is bought."""

import io

import pytest
from django.test import Client
from pypdf import PdfReader

from catalog.digital.records import DigitalFile
from catalog.importing.apply import import_file
from catalog.importing.import_work import ImportOptions
from catalog.importing.native import COLUMNS
from shop.demo.catalogue import demo_orders, product_rows
from shop.demo.goods import SHEETS, draw_sheet, put_files_up
from tests.shopfloor import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    return next(row for row in product_rows() if row["files"])


def test_every_file_that_a_product_names_is_drawn(row, settings, tmp_path):
    settings.GOODS_ROOT = tmp_path
    for _ in range(2):
        put_files_up()
    names = {name for row in product_rows() for name in row["files"].split("|") if name}
    assert set(DigitalFile.objects.values_list("name", flat=True)) == names
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == len(names)


def test_the_pattern_has_the_pages_that_its_text_promises(row):
    (sheet,) = SHEETS.glob("*.typ")
    pages = PdfReader(io.BytesIO(draw_sheet(sheet))).pages
    assert len(pages) == int(row["attribute:pages"]) == 3
    assert "Every measure includes 1 cm for the seam" in pages[1].extract_text()


def test_its_page_offers_it_without_stock_or_parcel(row, settings, tmp_path):
    settings.GOODS_ROOT = tmp_path / "goods"
    open_shop()
    put_files_up()
    file = tmp_path / "products.csv"
    columns = [name for name in COLUMNS if name not in ("images", "image_alts")]
    file.write_text("\n".join([",".join(columns), ",".join(f'"{row[name]}"' for name in columns)]))
    assert (
        import_file(ImportOptions(path=file, format_name="native", actor_name="demo"), watch=lambda _: None).failed == 0
    )
    page = Client().get(f"/p/{row['handle']}/").content.decode()
    assert row["files"] in page
    assert "To download as soon as it is paid" in page
    assert "Ready to download" in page
    assert "In stock" not in page
    assert "delivery extra" not in page


def test_no_past_order_holds_what_is_not_sent(row):
    assert row["sku"] not in {line.sku for order in demo_orders() for line in order.lines}
