"""The catalogue on disk: products.csv, stock.csv and the drawn pictures, as any merchant would hand them over."""

from __future__ import annotations

import csv
import multiprocessing
import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shop.demo.catalogue.home import home_blocks
from shop.demo.catalogue.pictures import ALL_VIEWS, PictureOrder, main_pictures, picture_orders
from shop.demo.catalogue.rows import PRODUCT_COLUMNS, STOCK_COLUMNS, product_rows, stock_rows
from shop.demo.illustrations import render_product
from shop.demo.illustrations.kinds import KINDS
from shop.demo.illustrations.mark import favicon_svg, logo_svg
from shop.demo.illustrations.render import encode
from shop.demo.illustrations.scenery import SCENERY, render_scenery

WIDTH = 800
"""Pixels; the pictures are 4:5. At 1000 all of them take half as long again."""

BATCH = 12

Task = tuple[Callable[..., None], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class NativeFiles:
    """Paths of what was written. `pictures` counts the files in `images`; `scenery` holds the shop's own pictures
    (`hero.webp`, `story.webp`, `tile-<category>.webp`, `sharing.jpg`) and its mark (`logo.svg`, `favicon.svg`)."""

    products: Path
    stock: Path
    images: Path
    scenery: Path
    pictures: int


def write_native_files(
    folder: Path,
    *,
    views: Collection[int] = ALL_VIEWS,
    only: Collection[PictureOrder] | None = None,
    scenes: Collection[str] = tuple(SCENERY),
    workers: int | None = None,
    width: int = WIDTH,
) -> NativeFiles:
    """Write the files into `folder` (made if absent). Pictures that are already there are kept, so a second run is quick
    and an interrupted one goes on. Rows name only pictures of the given views, or only those given. `workers` defaults to the number of
    processors."""
    images, scenery = folder / "images", folder / "scenery"
    images.mkdir(parents=True, exist_ok=True)
    scenery.mkdir(exist_ok=True)
    products, stock = folder / "products.csv", folder / "stock.csv"
    orders = list(only) if only is not None else [order for order in picture_orders() if order.view in views]
    drawn = {order.file for order in orders}
    _write_csv(products, PRODUCT_COLUMNS, ({**row, **_keep(row, drawn)} for row in product_rows()))
    _write_csv(stock, STOCK_COLUMNS, stock_rows())
    (scenery / "logo.svg").write_text(logo_svg(), encoding="utf-8")
    (scenery / "favicon.svg").write_text(favicon_svg(), encoding="utf-8")
    tasks: list[Task] = [(draw_scene, (name, scenery)) for name in scenes if not _scene_file(name, scenery).exists()]
    missing = [order for order in orders if not (images / order.file).exists()]
    _run(tasks + [(draw_batch, (batch, images, width)) for batch in _batches(missing)], workers=workers)
    return NativeFiles(products=products, stock=stock, images=images, scenery=scenery, pictures=len(orders))


def write_first_files(folder: Path) -> NativeFiles:
    """What the shop opens with: one picture for each product, and the drawings of the home page."""
    return write_native_files(
        folder, only=main_pictures(), scenes=[Path(b.picture).stem for b in home_blocks() if b.picture]
    )


def write_picture_file(folder: Path) -> Path:
    """A product file that says nothing but the pictures, all of them: to be imported when the shop is open already."""
    write_native_files(folder, scenes=())
    target = folder / "pictures.csv"
    wanted = {"handle", "sku", "title", "price", "images", "image_alts"}
    columns = [column for column in PRODUCT_COLUMNS if column in wanted or column.startswith("option")]
    _write_csv(target, columns, ({column: row[column] for column in columns} for row in product_rows()))
    return target


def _keep(row: Mapping[str, str], drawn: Collection[str]) -> dict[str, str]:
    """The cells `own|own||gallery|gallery` and `words|words` with nothing but pictures that are drawn."""
    parts = [[name for name in part.split("|") if name in drawn] for part in row["images"].split("||")]
    named = [name for part in row["images"].split("||") for name in part.split("|") if name]
    words = [words for name, words in zip(named, row["image_alts"].split("|"), strict=False) if name in drawn]
    if not any(parts):
        return {"images": "", "image_alts": ""}
    return {"images": "||".join("|".join(part) for part in parts), "image_alts": "|".join(words)}


def _write_csv(file: Path, columns: list[str], rows: Iterable[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(rows)


def _batches(orders: list[PictureOrder]) -> list[list[PictureOrder]]:
    """Small piles of pictures that share their backgrounds."""
    orders = sorted(orders, key=lambda order: (-order.view, KINDS[order.kind].setting, order.params["field"]))
    return [orders[start : start + BATCH] for start in range(0, len(orders), BATCH)]


def _run(tasks: list[Task], *, workers: int | None) -> None:
    count = min(workers or os.cpu_count() or 1, len(tasks))
    if count <= 1:
        for draw, arguments in tasks:
            draw(*arguments)
        return
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in [pool.submit(draw, *arguments) for draw, arguments in tasks]:
            done.result()


def draw_batch(orders: list[PictureOrder], images: Path, width: int) -> None:
    """Draw some product pictures."""
    for order in orders:
        picture = render_product(order.kind, colour=order.colour, params=order.params, view=order.view, width=width)
        _write(images / order.file, encode(picture))


def draw_scene(name: str, folder: Path) -> None:
    """Draw one of the shop's own pictures: WebP, and JPEG for sharing, which other sites read."""
    _write(_scene_file(name, folder), encode(render_scenery(name), kind="JPEG" if name == "sharing" else "WEBP"))


def _scene_file(name: str, folder: Path) -> Path:
    return folder / f"{name}.{'jpg' if name == 'sharing' else 'webp'}"


def _write(target: Path, content: bytes) -> None:
    """The file appears whole or not at all."""
    half = target.with_suffix(".part")
    half.write_bytes(content)
    half.replace(target)


if __name__ == "__main__":
    write_first_files(Path(sys.argv[1]))
