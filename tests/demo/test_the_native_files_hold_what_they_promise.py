import csv

from PIL import Image

from shop.demo.catalogue import files as module
from shop.demo.catalogue import product_rows, stock_rows, write_native_files
from shop.demo.catalogue.pictures import picture_orders


def test_every_picture_named_in_a_row_is_one_that_is_drawn():
    drawn = {order.file for order in picture_orders()}
    named = {file for row in product_rows() for part in row["images"].split("||") for file in part.split("|") if file}
    assert named == drawn


def test_every_row_names_a_picture_and_variants_of_other_colours_their_own():
    own = {}
    for row in product_rows():
        first = row["images"].split("|")[0]
        assert first.startswith(row["handle"])
        own.setdefault((row["handle"], first), set()).add(row["attribute:colour"] + row["attribute:wood"])
    assert all(len(colours) == 1 for colours in own.values())


def test_the_folder_holds_rows_stock_and_pictures(tmp_path, monkeypatch):
    some = picture_orders()[::14]
    monkeypatch.setattr(module, "picture_orders", lambda: some)
    monkeypatch.setattr(module, "SCENERY", {"tile-tea": module.SCENERY["tile-tea"]})
    files = write_native_files(tmp_path / "demo", width=24, workers=2)
    with files.products.open(encoding="utf-8", newline="") as lines:
        assert list(csv.DictReader(lines)) == list(product_rows())
    with files.stock.open(encoding="utf-8", newline="") as lines:
        assert list(csv.DictReader(lines)) == list(stock_rows())
    pictures = sorted(path.name for path in files.images.iterdir())
    assert pictures == sorted(order.file for order in some)
    assert len(pictures) == files.pictures
    with Image.open(files.images / pictures[0]) as picture:
        assert (picture.format, picture.size) == ("WEBP", (24, 30))
    assert {path.name for path in files.scenery.iterdir()} == {"tile-tea.webp", "logo.svg", "favicon.svg"}
    assert (files.scenery / "favicon.svg").read_text(encoding="utf-8").startswith("<svg")


def test_what_is_drawn_already_is_not_drawn_again(tmp_path, monkeypatch):
    images = tmp_path / "images"
    images.mkdir()
    for order in picture_orders():
        (images / order.file).write_bytes(b"there")
    monkeypatch.setattr(module, "SCENERY", {})
    write_native_files(tmp_path, width=24)
    assert {path.read_bytes() for path in images.iterdir()} == {b"there"}
