import csv

from PIL import Image

from shop.demo.catalogue import files as module
from shop.demo.catalogue import product_rows, stock_rows, write_native_files
from shop.demo.catalogue.pictures import FRONT, picture_orders


def test_every_picture_named_in_a_row_is_one_that_is_drawn():
    drawn = {order.file for order in picture_orders()}
    named = {file for row in product_rows() for part in row["images"].split("||") for file in part.split("|") if file}
    assert named == drawn


def test_every_row_names_a_picture_and_variants_of_other_colours_their_own():
    own = {}
    for row in product_rows():
        first = row["images"].split("|")[0]
        assert first.startswith(row["handle"])
        own.setdefault(first, set()).add(row["handle"])
    assert all(len(handles) == 1 for handles in own.values())
    mugs = [row["images"].split("|")[0] for row in product_rows() if row["handle"] == "everyday-mug"]
    assert len(set(mugs)) == len(mugs) > 1


def test_every_picture_of_a_product_has_words_of_its_own():
    told: dict[str, dict[str, str]] = {}
    for row in product_rows():
        names = [name for part in row["images"].split("||") for name in part.split("|") if name]
        told.setdefault(row["handle"], {}).update(zip(names, row["image_alts"].split("|"), strict=True))
    assert all(len(set(words.values())) == len(words) and all(words.values()) for words in told.values())
    assert told["everyday-mug"]["everyday-mug-sage.webp"] == "Everyday mug in sage"


def test_the_folder_holds_rows_stock_and_pictures(tmp_path, monkeypatch):
    handles = {"everyday-mug", "teapot-round", "arches-wool-rug"}
    some = [order for order in picture_orders() if order.params["seed"] in handles]
    monkeypatch.setattr(module, "picture_orders", lambda: some)
    files = write_native_files(tmp_path / "demo", scenes=["tile-tea"], width=24, workers=2)
    with files.products.open(encoding="utf-8", newline="") as lines:
        written = list(csv.DictReader(lines))
    assert [row["sku"] for row in written] == [row["sku"] for row in product_rows()]
    complete = {row["sku"]: row for row in product_rows()}
    assert all(row == complete[row["sku"]] for row in written if row["handle"] in handles)
    assert not any(row["images"] for row in written if row["handle"] not in handles)
    with files.stock.open(encoding="utf-8", newline="") as lines:
        assert list(csv.DictReader(lines)) == list(stock_rows())
    pictures = sorted(path.name for path in files.images.iterdir())
    assert pictures == sorted(order.file for order in some)
    assert len(pictures) == files.pictures
    with Image.open(files.images / pictures[0]) as picture:
        assert (picture.format, picture.size) == ("WEBP", (24, 30))
    assert {path.name for path in files.scenery.iterdir()} == {"tile-tea.webp", "logo.svg", "favicon.svg"}
    assert (files.scenery / "favicon.svg").read_text(encoding="utf-8").startswith("<svg")


def test_what_is_drawn_already_is_not_drawn_again(tmp_path):
    images = tmp_path / "images"
    images.mkdir()
    for order in picture_orders():
        (images / order.file).write_bytes(b"there")
    write_native_files(tmp_path, scenes=(), width=24)
    assert {path.read_bytes() for path in images.iterdir()} == {b"there"}


def test_the_fronts_alone_can_come_first_and_rows_name_only_them(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "draw_batch", lambda *_: None)
    files = write_native_files(tmp_path, views=(FRONT,), scenes=(), workers=1)
    fronts = {order.file for order in picture_orders() if order.view == FRONT}
    with files.products.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {file for row in rows for file in row["images"].split("|") if file} == fronts
    assert not any("close up" in row["image_alts"] or "at home" in row["image_alts"] for row in rows)
    assert (
        next(row["image_alts"] for row in rows if row["sku"] == "MU01-CHAL")
        == "Everyday mug in chalk|Everyday mug in chalk"
    )
    assert files.pictures == len(fronts)
