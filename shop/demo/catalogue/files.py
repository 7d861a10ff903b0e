"""The catalogue on disk: products.csv, stock.csv and the drawn pictures, as any merchant would hand them over."""

from __future__ import annotations

import csv
import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from shop.demo.catalogue.pictures import PictureOrder, picture_orders
from shop.demo.catalogue.rows import PRODUCT_COLUMNS, STOCK_COLUMNS, product_rows, stock_rows
from shop.demo.illustrations import render_product
from shop.demo.illustrations.kinds import KINDS
from shop.demo.illustrations.mark import favicon_svg, logo_svg
from shop.demo.illustrations.render import encode
from shop.demo.illustrations.scenery import SCENERY, render_scenery

WIDTH = 800
"""Pixels; the pictures are 4:5. At 1000 all of them take half as long again."""

BATCH = 12


@dataclass(frozen=True, slots=True)
class NativeFiles:
    """Paths of what was written; `pictures` counts the files in `images`. `scenery` holds the shop's own pictures."""

    products: Path
    stock: Path
    images: Path
    scenery: Path
    pictures: int


def write_native_files(folder: Path, *, workers: int | None = None, width: int = WIDTH) -> NativeFiles:
    """Write the files into `folder` (made if absent). Pictures that are already there are kept, so a second run is quick
    and an interrupted one goes on. `workers` defaults to the number of processors."""
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    products, stock = folder / "products.csv", folder / "stock.csv"
    _write_csv(products, PRODUCT_COLUMNS, product_rows())
    _write_csv(stock, STOCK_COLUMNS, stock_rows())
    orders = picture_orders()
    _draw_all([order for order in orders if not (images / order.file).exists()], images, workers=workers, width=width)
    return NativeFiles(
        products=products, stock=stock, images=images, scenery=write_scenery(folder / "scenery"), pictures=len(orders)
    )


def write_scenery(folder: Path) -> Path:
    """Draw the shop's own pictures (`hero.webp`, `story.webp`, `tile-<category>.webp`, `sharing.jpg`) and the mark
    (`logo.svg`, `favicon.svg`) into `folder`; what is there stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCENERY:
        target = folder / f"{name}.{'jpg' if name == 'sharing' else 'webp'}"
        if not target.exists():
            _write(target, encode(render_scenery(name), kind="JPEG" if name == "sharing" else "WEBP"))
    (folder / "logo.svg").write_text(logo_svg(), encoding="utf-8")
    (folder / "favicon.svg").write_text(favicon_svg(), encoding="utf-8")
    return folder


def _write(target: Path, content: bytes) -> None:
    """The file appears whole or not at all."""
    half = target.with_suffix(".part")
    half.write_bytes(content)
    half.replace(target)


def _write_csv(file: Path, columns: list[str], rows: Iterable[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(rows)


def _draw_all(orders: list[PictureOrder], images: Path, *, workers: int | None, width: int) -> None:
    orders = sorted(orders, key=lambda order: (order.view, KINDS[order.kind].setting, order.params["field"]))
    batches = [orders[start : start + BATCH] for start in range(0, len(orders), BATCH)]
    count = min(workers or os.cpu_count() or 1, max(1, len(batches)))
    if count == 1:
        for batch in batches:
            draw_batch(batch, images, width)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context) as pool:
        for done in [pool.submit(draw_batch, batch, images, width) for batch in batches]:
            done.result()


def draw_batch(orders: list[PictureOrder], images: Path, width: int) -> None:
    """Draw some pictures; each file appears whole or not at all."""
    for order in orders:
        picture = render_product(order.kind, colour=order.colour, params=order.params, view=order.view, width=width)
        _write(images / order.file, encode(picture))
