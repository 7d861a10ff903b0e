"""Our own file format: one row per SKU, the columns of `COLUMNS` and any number of `attribute:<code>`.

An empty cell leaves a value alone and `-` clears it. `'` before a cell that a spreadsheet would take for a formula
is dropped again. `components` makes a kit: `CUP*2|POT*1`, SKU and units; with `kit_percent_off` its price is the sum of
the parts less that percentage. `categories` is `A > B > C`, several joined by `|`, like `tags` and `images`; after `||` in `images`
come the pictures of the whole product. `image_alts` are their words in the same order; an empty one is left alone.
"""

import difflib
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from catalog.importing import cells, fact_cells, kit_cells, picture_cells
from catalog.importing.naming import HANDLE, HANDLE_LENGTH, is_code, make_handle
from catalog.importing.numbers import DecimalMark, detect_decimal_mark
from catalog.importing.rows import (
    CLEAR,
    Amount,
    Paths,
    ProductRow,
    RowError,
    Text,
    UnreadableCell,
    UnreadableFile,
)
from catalog.importing.source import GUARDED, Record, Source
from catalog.importing.unread import UnreadRow

NAME = "native"
COLUMNS = [
    "handle",
    "sku",
    "title",
    "description",
    "product_class",
    "brand",
    "categories",
    "tags",
    "gtin",
    "price",
    "compare_at_price",
    "cost",
    "currency",
    "tax_class",
    "weight_kg",
    "stock",
    "location",
    "images",
    "image_alts",
    "option1_name",
    "option1_value",
    "option2_name",
    "option2_value",
    "option3_name",
    "option3_value",
    "published",
    "components",
    "kit_percent_off",
    *fact_cells.COLUMNS,
]
NEEDED = ("handle", "sku", "title", "price")
NUMERIC = ("price", "compare_at_price", "cost", "weight_kg", "stock", "kit_percent_off")
ATTRIBUTE = "attribute:"
SAMPLE = 500
LONGEST_CELL = 100_000
"""Of an attribute; how long a value may be is said by its kind."""


def read(source: Source, *, currency: str) -> Iterator[ProductRow | RowError]:
    """`currency` is the shop's, for rows that name none. Raises UnreadableFile for missing or unknown columns."""
    for row in read_lazily(source, currency=currency):
        yield row.read() if isinstance(row, UnreadRow) else row


def read_lazily(source: Source, *, currency: str) -> Iterator[UnreadRow | ProductRow | RowError]:
    """The same, but rows of a table are left unread where the cells alone tell whether they say something new."""
    columns = check_columns(source.header) if source.kind != "jsonl" else {}
    marks = detect_marks(source, columns={name: columns.get(name, name) for name in NUMERIC})
    spelling = hashlib.sha256(repr((source.header, sorted(marks.items()), currency)).encode()).hexdigest()[:16]

    def read_whole(record: Record) -> ProductRow | RowError:
        try:
            return _read_record(record, columns=columns, marks=marks, currency=currency)
        except UnreadableCell as error:
            return error.at_line(record.line)

    handle, sku, images = (columns.get(name, "") for name in ("handle", "sku", "images"))
    for record in source.records():
        if isinstance(record, RowError):
            yield record
            continue
        cells = record.cells
        if columns and _is_plain(cells[handle], cells[sku]) and not (images and cells[images]):
            content = "\x1f".join((spelling, *cells.values()))
            yield UnreadRow(record.line, cells[handle], cells[sku], content, record, read_whole)
        else:
            yield read_whole(record)


def _is_plain(handle: str, sku: str) -> bool:
    return sku not in ("", "-") and sku[0] != "'" and handle != "-" and HANDLE.fullmatch(handle) is not None


def check_columns(header: tuple[str, ...]) -> dict[str, str]:
    """The file's spelling of every native column in it."""
    columns = {}
    for name in filter(None, header):
        plain = name.casefold() if not name.casefold().startswith(ATTRIBUTE) else name
        _check_name(plain)
        columns[plain] = name
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise UnreadableFile(
            f"The column{'s' * (len(missing) > 1)} {', '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing. "
            f"A product file needs {', '.join(NEEDED)} in its header line."
        )
    return columns


def _check_name(name: str) -> None:
    if name in COLUMNS or (name.startswith(ATTRIBUTE) and is_code(name[len(ATTRIBUTE) :])):
        return
    if name.startswith(ATTRIBUTE):
        raise UnreadableFile(
            f"“{name[:60]}” is not an attribute column: a code is letters, digits and underscores, and no reserved word. Rename it."
        )
    close = difflib.get_close_matches(name[:60], COLUMNS, n=1)
    hint = f"Did you mean “{close[0]}”?" if close else f"Remove it, or name it “{ATTRIBUTE}<code>”."
    raise UnreadableFile(f"The column “{name[:60]}” is not known. {hint}")


def detect_marks(source: Source, *, columns: dict[str, str]) -> dict[str, DecimalMark | None]:
    """The decimal mark of each numeric column, judged by the first rows; a column that does not tell follows the file."""
    seen: dict[str, list[str]] = {name: [] for name in columns}
    for number, record in enumerate(source.records()):
        if number >= SAMPLE:
            break
        if not isinstance(record, RowError):
            for name, spelling in columns.items():
                seen[name].append(record.cells.get(spelling, ""))
    whole_file = detect_decimal_mark(value for values in seen.values() for value in values)
    return {name: detect_decimal_mark(values) or whole_file for name, values in seen.items()}


def _read_record(
    record: Record, *, columns: dict[str, str], marks: dict[str, DecimalMark | None], currency: str
) -> ProductRow:
    cell = _read_cells(record, columns=columns)
    given = _plain(cell, "currency", length=40)
    money = cells.read_currency(given, column="currency") if given else None

    def amount(name: str) -> Amount:
        text = cell.get(name)
        if not isinstance(text, str):
            return text
        return cells.read_money(text, column=name, mark=marks[name], currency=money or currency)

    price = amount("price")
    if price is CLEAR:
        reason = "A price cannot be cleared. To stop selling, set published to false."
        raise UnreadableCell(column="price", value="-", reason=reason)
    own, gallery = picture_cells.read_images(cell.get("images"))
    cost, weight, description, gtin = (cell.get(name) for name in ("cost", "weight_kg", "description", "gtin"))
    stock, published = _plain(cell, "stock", length=40), _plain(cell, "published", length=10)
    return ProductRow(
        line=record.line,
        handle=_read_handle(_plain(cell, "handle", length=HANDLE_LENGTH) or ""),
        sku=cells.read_sku(str(cell["sku"]), column="sku"),
        title=_plain(cell, "title", length=255),
        description=cells.clean_html(description) if isinstance(description, str) else description,
        product_class=_plain(cell, "product_class", length=128),
        brand=_text(cell, "brand", length=255),
        categories=_read_categories(cell.get("categories")),
        tags=cells.read_names(cell.get("tags"), column="tags"),
        gtin=cells.read_gtin(gtin, column="gtin") if isinstance(gtin, str) else gtin,
        price=price,
        compare_at_price=amount("compare_at_price"),
        cost=cells.read_cost(cost, column="cost", mark=marks["cost"]) if isinstance(cost, str) else cost,
        currency=money,
        tax_class=_text(cell, "tax_class", length=32),
        weight_kg=cells.read_weight(weight, column="weight_kg", mark=marks["weight_kg"])
        if isinstance(weight, str)
        else weight,
        stock=None if stock is None else cells.read_count(stock, column="stock", mark=marks["stock"]),
        location=_plain(cell, "location", length=128),
        images=own,
        gallery=gallery,
        image_alts=picture_cells.read_alts(cell.get("image_alts"), images=own, gallery=gallery),
        options=_read_options(cell),
        components=kit_cells.read_components(cell.get("components")),
        kit_percent_off=kit_cells.read_percent(cell.get("kit_percent_off"), mark=marks.get("kit_percent_off")),
        attributes={
            name[len(ATTRIBUTE) :]: _text(cell, name, length=LONGEST_CELL)
            for name in cell
            if name.startswith(ATTRIBUTE)
        },
        published=None if published is None else cells.read_yes_no(published, column="published"),
        facts=fact_cells.read_facts(cell),
    )


def _read_cells(record: Record, *, columns: dict[str, str]) -> dict[str, Text]:
    """The cells that say something, by native name."""
    if columns:
        texts = {name: record.cells[spelling] for name, spelling in columns.items()}
    else:
        texts = record.cells
        for name in texts:
            try:
                _check_name(name)
            except UnreadableFile as error:
                raise UnreadableCell(column=name[:60], value=texts[name], reason=str(error)) from error
    for name in ("handle", "sku"):
        if texts.get(name, "") in ("", "-"):
            raise UnreadableCell(column=name, value="", reason=f"Every row needs a {name}. Fill in the cell.")
    return {name: _unguard(text) for name, text in texts.items() if text}


def _unguard(text: str) -> Text:
    if text == "-":
        return CLEAR
    return text[1:] if text[0] == "'" and GUARDED.match(text) else text


def _text(cell: dict[str, Text], name: str, *, length: int) -> Text:
    text = cell.get(name)
    return cells.read_text(text, column=name, length=length) if isinstance(text, str) else text


def _plain(cell: dict[str, Text], name: str, *, length: int) -> str | None:
    text = _text(cell, name, length=length)
    if text is CLEAR:
        reason = f"The {name} cannot be cleared. Write a value, or leave the cell empty to keep the one in the shop."
        raise UnreadableCell(column=name, value="-", reason=reason)
    return text


def _read_handle(text: str) -> str:
    if not HANDLE.fullmatch(text):
        raise UnreadableCell(
            column="handle",
            value=text,
            reason="A handle is the last part of the product's address: letters, digits, - and _ only. "
            f"Write {make_handle(text)} instead.",
        )
    return text


@lru_cache(maxsize=512)
def _read_categories(text: Text) -> Paths:
    if not isinstance(text, str):
        return text
    paths = [
        cells.read_path(cells.split_escaped(path, ">"), column="categories", value=text) for path in _split_bars(text)
    ]
    return tuple(dict.fromkeys(paths))


def _split_bars(text: str) -> list[str]:
    """At unescaped bars; other escapes are left for the next split."""
    return (
        [part.strip() for part in re.split(r"(?<!\\)\|", text)]
        if "\\" not in text
        else re.findall(r"(?:[^\\|]|\\.)+", text)
    )


def _read_options(cell: dict[str, Text]) -> tuple[tuple[str, str], ...]:
    options: list[tuple[str, str]] = []
    for number in (1, 2, 3):
        of_name, of_value = f"option{number}_name", f"option{number}_value"
        if of_name not in cell and of_value not in cell:
            continue
        name, value = _plain(cell, of_name, length=60), _plain(cell, of_value, length=255)
        if (name is None) != (value is None):
            there, gone = ("name", "value") if value is None else ("value", "name")
            column = f"option{number}_{gone}"
            reason = f"option{number}_{there} is given but {column} is empty. Fill in both, or neither."
            raise UnreadableCell(column=column, value="", reason=reason)
        if name is not None and value is not None:
            if name.casefold() in {known.casefold() for known, _ in options}:
                reason = f"The option “{name}” is named twice. Each option has a name of its own."
                raise UnreadableCell(column=of_name, value=name, reason=reason)
            options.append((name, value))
    return tuple(options)
