"""What other shops say of a picture is said of it here; files change it, exports keep it, an undo puts it back."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from catalog.importing.export import export_products, list_rows
from catalog.importing.records import ImportChange
from catalog.importing.shown_values import show_change
from catalog.importing.undo import undo_import
from catalog.media.records import ProductMedia

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE05")]

ALONE_AND_VARIANTS = (
    "handle,sku,title,price,images,image_alts,option1_name,option1_value\n"
    "mug,MUG,Mug,5,a.png|b.png,From the front|Its handle \\| close,,\n"
    "tee,TEE-S,Tee,9,a.png||b.png|c.png,Worn|=Folded|,Size,S\n"
    "tee,TEE-M,Tee,9,b.png,Seam,Size,M\n"
    "cup,CUP,Cup,4,c.png,,,\n"
)
WORDS = {
    ("mug", 0): "From the front", ("mug", 1): "Its handle | close", ("tee-tee-s", 0): "Worn", ("tee", 0): "=Folded",
    ("tee", 1): "Tee", ("tee-tee-m", 0): "Seam", ("cup", 0): "Cup",
}  # fmt: skip


@pytest.fixture(autouse=True)
def pictures(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    for number, name in enumerate("abc"):
        Image.new("RGB", (32, 32), (number * 90, 20, 20)).save(tmp_path / "images" / f"{name}.png")


def words() -> dict[tuple[str, int], str]:
    placed = ProductMedia.objects.values_list("product__slug", "position", "alt")
    return {(slug, position): alt for slug, position, alt in placed}


def take_back(import_id: int) -> int:
    report = undo_import(import_id, actor_name="test", progress=lambda count: None)
    assert not report.left_alone
    return report.import_id


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
def test_an_export_keeps_them(run_import: Any, tmp_path: Path, suffix: str) -> None:
    assert run_import(ALONE_AND_VARIANTS).created == 4
    assert words() == WORDS
    ProductMedia.objects.filter(product__slug="cup").update(alt="Staff  wrote this, with blanks ")
    before, file = list(list_rows()), tmp_path / f"export.{suffix}"
    export_products(file)
    for _ in range(2):
        report = run_import(file)
        assert (report.unchanged, report.failed, report.errors) == (4, 0, [])
    assert list(list_rows()) == before
    first = run_import(file.read_text("utf-8").replace("Seam", "Hem"), dry_run=True) if suffix == "csv" else None
    assert first is None or (first.updated, first.unchanged) == (1, 3)


def test_words_alone_are_a_change_that_is_shown_made_taken_back_and_made_again(run_import: Any) -> None:
    run_import(ALONE_AND_VARIANTS)
    changed = "handle,sku,title,price,image_alts\nmug,MUG,,,|Its grip\ntee,TEE-S,,,Hung|Spread out|Label\ncup,CUP,,,\n"
    seen: list[Any] = []
    report = run_import(changed, dry_run=True, watch=seen.append)
    assert (report.updated, report.unchanged) == (2, 1)
    old, new = seen[0].fields["alts"]
    assert (list(seen[0].fields), list(old.values()), list(new.values())) == (
        ["alts"], ["From the front", "Its handle | close"], ["From the front", "Its grip"],
    )  # fmt: skip
    assert words() == WORDS
    report = run_import(changed)
    now = WORDS | {
        ("mug", 1): "Its grip", ("tee-tee-s", 0): "Hung", ("tee", 0): "Spread out", ("tee", 1): "Label",
    }  # fmt: skip
    assert words() == now
    assert run_import(changed).unchanged == 3
    undo = take_back(report.import_id)
    assert words() == WORDS
    take_back(undo)
    assert words() == now


def test_a_row_that_says_nothing_of_them_leaves_them_and_a_dash_gives_them_back_to_the_title(run_import: Any) -> None:
    run_import(ALONE_AND_VARIANTS)
    swapped = "handle,sku,title,price,images\nmug,MUG,Big mug,6,b.png|c.png|a.png\n"
    assert run_import(swapped).updated == 1
    assert [words()["mug", place] for place in range(3)] == ["Its handle | close", "Big mug", "From the front"]
    run_import("handle,sku,title,price\nmug,MUG,Mug again,7\n")
    assert [words()["mug", place] for place in range(3)] == ["Its handle | close", "Big mug", "From the front"]
    run_import("handle,sku,title,price,image_alts\nmug,MUG,,,-\n")
    assert [words()["mug", place] for place in range(3)] == ["Mug again"] * 3


def test_what_staff_wrote_since_is_not_overwritten_by_an_undo(run_import: Any) -> None:
    run_import(ALONE_AND_VARIANTS)
    report = run_import("handle,sku,title,price,image_alts\nmug,MUG,,,Grip\ncup,CUP,,,Rim\n")
    ProductMedia.objects.filter(product__slug="mug", position=0).update(alt="By hand")
    undone = undo_import(report.import_id, actor_name="test", progress=lambda count: None)
    assert [(left.identifier, left.fields) for left in undone.left_alone] == [("mug", ("alts",))]
    assert (words()["mug", 0], words()["cup", 0]) == ("By hand", "Cup")


def test_an_import_of_before_they_were_kept_is_taken_back(run_import: Any) -> None:
    run_import(ALONE_AND_VARIANTS)
    report = run_import("handle,sku,title,price,images\nmug,MUG,,,c.png\ntee,TEE-M,,,a.png\n")
    for change in ImportChange.objects.filter(run_id=report.import_id):
        del change.before["alts"], change.after["alts"], change.before["facts"]
        change.save()
    take_back(report.import_id)
    assert [slug for slug, _ in words()].count("mug") == 2
    assert {words()["mug", 0], words()["mug", 1], words()["tee-tee-m", 0]} == {"Mug", "Tee"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("mug,MUG,,,a.png,Front|Back", "2 texts for 1 picture."),
        ("mug,MUG,,,,Front|Back|Side", "3 texts for 2 pictures."),
        ("mug,MUG,,,a.png," + "x" * 251, "This text has 251 characters, 250 are the most."),
    ],
)
def test_texts_that_belong_to_no_picture_are_refused(run_import: Any, row: str, reason: str) -> None:
    run_import(ALONE_AND_VARIANTS)
    report = run_import(f"handle,sku,title,price,images,image_alts\n{row}\n")
    assert (report.failed, report.errors[0].column) == (1, "image_alts")
    assert reason in report.errors[0].reason
    assert words() == WORDS


SHOPIFY = (
    "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Image Position,Image Alt Text,Variant Image\n"
    "tee,Tee,Size,S,TEE-S,9,https://cdn.example/a.png?v=1,1,The front,https://cdn.example/b.png?v=1\n"
    "tee,,,M,TEE-M,9,https://cdn.example/b.png?v=1,2,The back,\n"
    "tee,,,,,,https://cdn.example/c.png?v=1,3,,\n"
)
MAGENTO = (
    "sku,product_type,attribute_set_code,name,price,base_image,base_image_label,small_image,small_image_label,"
    "additional_images,additional_image_labels\n"
    'MUG,simple,Top,Mug,5,/a/a.png,The front,/b/b.png,Its handle,"/a/a.png,/b/b.png,/c/c.png","One,Two,Inside"\n'
    'CUP,simple,Top,Cup,5,/a/a.png,,,,"/a/a.png,/b/b.png","Red, white,Rim"\n'
)


@pytest.mark.feature("IE08")
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (SHOPIFY, {("tee", 0): "The front", ("tee", 1): "The back", ("tee", 2): "Tee", ("tee-tee-s", 0): "The back"}),
        (
            MAGENTO,
            {
                ("mug", 0): "The front", ("mug", 1): "Its handle", ("mug", 2): "Inside", ("cup", 0): "Cup",
                ("cup", 1): "Cup",
            },
        ),
    ],
)  # fmt: skip
def test_other_shops_bring_theirs(run_import: Any, file: str, expected: dict[tuple[str, int], str]) -> None:
    report = run_import(file)
    assert (report.failed, words()) == (0, expected)
    assert run_import(file).unchanged == report.rows
    undo = take_back(report.import_id)
    assert words() == {}
    take_back(undo)
    assert words() == expected


def test_the_screen_and_the_terminal_show_which_words_change() -> None:
    digests = ["a" * 64, "b" * 64]
    old, new = show_change(
        dict(zip(digests, ["One", "Two"], strict=True)), dict(zip(digests, ["One", "Three"], strict=True))
    )
    assert (old, new) == ("bbbbbbbb: Two", "bbbbbbbb: Three")
    assert show_change({"main": 3, "second": 1}, {"main": 4, "second": 1}) == ("main: 3", "main: 4")
