"""The layout of Magento's sample data: a product file with its categories, attributes and pictures in files beside it.

`category` lists names down the category tree, line by line, and starts again at the top after a leaf; so it needs the
tree, from `categories*.csv` beside the file or in the folder above. `images_<rest of the name>.csv` lists the pictures
of `products_<rest>.csv`, `attributes*.csv` says which attributes are yes or no. Other columns are attributes.
"""

from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path

from catalog.importing import cells
from catalog.importing.headings import read_marks, read_plainly, require_columns
from catalog.importing.magento_bundle import read_bundle
from catalog.importing.naming import make_code, make_handle
from catalog.importing.rows import ProductRow, RowError, UnreadableCell, UnreadableFile
from catalog.importing.sale_price import choose_price, today_in_utc
from catalog.importing.source import Source, open_source
from shop.money import ZERO

NEEDED = ("category", "name", "sku", "price")
NUMERIC = {"price": "price", "special_price": "special_price", "stock": "qty"}
OWN_COLUMNS = frozenset(
    {"category", "name", "sku", "price", "special_price", "qty", "description", "attribute_set", "bundle_options"}
)
Tree = dict[tuple[str, ...], set[str]]


def read(source: Source, *, currency: str) -> Iterator[ProductRow | RowError]:
    require_columns(source, needed=NEEDED, file_of="product file of Magento's sample data")
    tree = _read_tree(source.path)
    if not tree:
        raise UnreadableFile(
            "The category column of this file needs the category tree. Put categories.csv of the same sample data beside "
            "the file, or in the folder above, and import it again."
        )
    pictures, flags = _read_pictures(source.path), _read_flags(source.path)
    marks = read_marks(source, numeric=NUMERIC)
    for record in read_plainly(source):
        if isinstance(record, RowError):
            yield record
            continue
        own = record.cells

        def amount(name: str, own: dict[str, str] = own) -> Decimal | None:
            text = own.get(name, "")
            return cells.read_money(text, column=name, mark=marks[name], currency=currency) if text else None

        try:
            if not own["sku"] or not own["name"]:
                raise UnreadableCell(
                    column="sku", value=own["sku"], reason="Every row needs a sku and a name. Fill them in."
                )
            price, compare_at = choose_price(
                regular=amount("price"), sale=amount("special_price"), starts=None, ends=None, today=today_in_utc()
            )
            parts = read_bundle(own.get("bundle_options", ""))
            if parts and price is None:
                price = ZERO
            title = cells.read_plain(own["name"], column="name", length=255)
            handle = make_handle(title)
            yield ProductRow(
                line=record.line,
                handle=handle,
                sku=cells.read_sku(own["sku"], column="sku"),
                title=title,
                description=cells.clean_html(own.get("description", "")) or None,
                product_class=cells.read_text(own.get("attribute_set", ""), column="attribute_set", length=128) or None,
                categories=_read_categories(own["category"], tree=tree),
                price=price,
                compare_at_price=compare_at,
                stock=cells.read_count(own["qty"], column="qty", mark=marks["stock"])
                if own.get("qty") and not parts
                else None,
                components=parts,
                kit_percent_off=ZERO if parts and not own["price"] else None,
                images=tuple(pictures.get(own["sku"], ())) or None,
                attributes=_read_attributes(own, flags=flags),
                published=True,
                old_path=f"/{handle}.html",
            )
        except UnreadableCell as error:
            yield error.at_line(record.line)


def _read_categories(text: str, *, tree: Tree) -> tuple[tuple[str, ...], ...] | None:
    """The deepest category of every walk down the tree. A name that the tree lacks is a new child where the walk is."""
    paths: list[tuple[str, ...]] = []
    path: tuple[str, ...] = ()
    for name in _lines(text):
        if path and name not in tree.get(path, ()) and (name in tree[()] or not tree.get(path)):
            paths.append(path)
            path = ()
        path = (*path, name)
    if path:
        paths.append(path)
    return tuple(dict.fromkeys(cells.read_path(list(path), column="category", value=text) for path in paths)) or None


def _read_attributes(own: dict[str, str], *, flags: frozenset[str]) -> dict[str, str]:
    found = {}
    for column, text in own.items():
        if column in OWN_COLUMNS or not text:
            continue
        if column in flags:
            found[make_code(column)] = "Yes" if text == "1" else "No"
        else:
            found[make_code(column)] = "|".join(dict.fromkeys(_lines(text)))
    return found


def _lines(text: str) -> list[str]:
    return [" ".join(unescape(line).split()) for line in text.splitlines() if line.strip()]


def _read_tree(path: Path) -> Tree:
    """Names of the children by path; the top's path is empty."""
    tree: Tree = {}
    for row in _rows_beside(path, "categories*.csv"):
        if row.get("name"):
            above = tuple(part for part in row.get("path", "").split("/") if part)
            tree.setdefault(above, set()).add(row["name"])
    return tree


def _read_flags(path: Path) -> frozenset[str]:
    rows = _rows_beside(path, "attributes*.csv")
    return frozenset(row["attribute_code"] for row in rows if row.get("frontend_input") == "boolean")


def _read_pictures(path: Path) -> dict[str, list[str]]:
    pictures: dict[str, list[str]] = {}
    beside = path.with_name(path.name.replace("products_", "images_", 1))
    if beside != path and beside.is_file():
        for row in _rows_of(beside):
            pictures.setdefault(row.get("sku", ""), []).append(row.get("image", ""))
    return pictures


def _rows_beside(path: Path, pattern: str) -> Iterator[dict[str, str]]:
    folder = path.resolve().parent
    for found in sorted([*folder.glob(pattern), *folder.parent.glob(pattern)]):
        if found.is_file():
            yield from _rows_of(found)


def _rows_of(path: Path) -> Iterator[dict[str, str]]:
    try:
        for record in open_source(path).records():
            if not isinstance(record, RowError):
                yield record.cells
    except UnreadableFile as error:
        raise UnreadableFile(f"{path.name}, which lies beside the file, cannot be read. {error}") from error
