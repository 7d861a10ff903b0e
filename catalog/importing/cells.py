"""From the text of a cell to the value its column holds. Every refusal is an `UnreadableCell` with its sentence."""

import re
from decimal import Decimal
from functools import lru_cache
from html import unescape

import nh3

from catalog import gtin
from catalog.importing.numbers import DecimalMark, UnreadableNumber, parse_number
from catalog.importing.rows import Names, Text, UnreadableCell
from shop.money import name_step, smallest_amount

PRICE_LIMIT = Decimal(10) ** 10
WEIGHT_LIMIT = Decimal(10) ** 6
COST_PLACES = 4
SKU_LENGTH = 128
STOCK_LIMIT = 2**31 - 1
DOUBTFUL_COUNT = re.compile(r"[1-9]\d{0,2}\.000", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}")
YES = frozenset(
    {"true", "yes", "1", "y", "on", "wahr", "ja", "vrai", "oui", "verdadero", "sí", "vero", "waar", "verdadeiro"}
)
NO = frozenset({"false", "no", "0", "n", "off", "falsch", "nein", "faux", "non", "falso", "onwaar", "nee", "não"})
"""A spreadsheet saves TRUE and FALSE in its own language."""
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""What no text has and no XML may hold: a program has left it there, and nobody sees it."""
UNSEEN_IN_SKU = re.compile("[\x00-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffe\uffff]")
SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,3}", re.I | re.ASCII)


def read_text(text: str, *, column: str, length: int) -> str:
    """One line of text: runs of blanks become one."""
    if not text.isprintable():
        text = UNSEEN.sub(" ", text)
    text = " ".join(text.split())
    if len(text) > length:
        raise UnreadableCell(
            column=column,
            value=text,
            reason=f"This text has {len(text):,} characters, {length} are the most. Shorten it.",
        )
    return text


def read_names(text: Text, *, column: str) -> Names:
    """Several by `|`, each once."""
    if not isinstance(text, str):
        return text
    names = [read_text(name, column=column, length=255) for name in split_escaped(text, "|")]
    return tuple(dict.fromkeys(filter(None, names)))


def read_sku(text: str, *, column: str) -> str:
    """As it is written: the blanks inside an identifier belong to it."""
    if len(text) > SKU_LENGTH:
        reason = f"This SKU has {len(text):,} characters, {SKU_LENGTH} are the most. Shorten it."
        raise UnreadableCell(column=column, value=text, reason=reason)
    if unseen := UNSEEN_IN_SKU.search(text):
        reason = (
            f"This SKU holds a character that nobody sees (U+{ord(unseen[0]):04X}), so that it would be another one than it "
            "looks. Type it anew."
        )
        raise UnreadableCell(column=column, value=text, reason=reason)
    if SHORTENED.fullmatch(text):
        reason = (
            "A spreadsheet shortened this number, and several SKUs may have become one. Format the column as text, enter all "
            "digits and export it again."
        )
        raise UnreadableCell(column=column, value=text, reason=reason)
    return text


def read_plain(text: str, *, column: str, length: int) -> str:
    """A line of text that another shop may have stored as HTML: entities become the characters they stand for."""
    return read_text(unescape(text), column=column, length=length)


@lru_cache(maxsize=64)
def clean_html(text: str) -> str:
    """Description as safe HTML (scripts, styles and event handlers gone). Plain text becomes paragraphs."""
    if "<" not in text:
        parts = [" ".join(part.split()) for part in re.split(r"(?:\r?\n|\\n){2,}", text)]
        text = "".join(f"<p>{part}</p>" for part in parts if part) if len(parts) > 1 else text
    return nh3.clean(UNSEEN.sub(" ", text)).replace("\r\n", "\n").strip()


def read_number(text: str, *, column: str, mark: DecimalMark | None) -> Decimal:
    """A number that is not negative."""
    try:
        number = parse_number(text, mark=mark)
    except UnreadableNumber as error:
        raise UnreadableCell(
            column=column, value=text, reason=f"“{text[:40]}” cannot be read as a number: {error}."
        ) from error
    if number < 0:
        raise UnreadableCell(
            column=column,
            value=text,
            reason=f"{number} is negative. Expected 0 or more; correct the value or leave the cell empty.",
        )
    return number


@lru_cache(maxsize=2048)
def read_money(text: str, *, column: str, mark: DecimalMark | None, currency: str) -> Decimal:
    """A price in the currency's minor units. Zeros beyond them are dropped; anything else beyond them is refused."""
    number = read_number(text, column=column, mark=mark)
    unit = smallest_amount(currency)
    if number >= PRICE_LIMIT:
        raise UnreadableCell(
            column=column, value=text, reason=f"{number} is more than any price can be. Correct the value."
        )
    price = number.quantize(unit)
    if price != number:
        raise UnreadableCell(
            column=column,
            value=text,
            reason=f"{number} has more decimals than prices have: {name_step(currency)}. Round it, so that the price is the "
            "one you mean.",
        )
    return price.quantize(Decimal("0.01"))


@lru_cache(maxsize=2048)
def read_cost(text: str, *, column: str, mark: DecimalMark | None) -> Decimal:
    """Unit cost; up to four decimals, more are refused."""
    number = read_number(text, column=column, mark=mark)
    if number >= PRICE_LIMIT / 100 or number != round(number, COST_PLACES):
        raise UnreadableCell(
            column=column,
            value=text,
            reason=f"{number} is not a unit cost. Expected up to {COST_PLACES} decimals; round it.",
        )
    return number


@lru_cache(maxsize=2048)
def read_weight(text: str, *, column: str, mark: DecimalMark | None, kilograms: Decimal = Decimal(1)) -> Decimal:
    """Weight in kg, to the gram (half up); `kilograms` is what one unit of the file weighs."""
    number = read_number(text, column=column, mark=mark) * kilograms
    if number >= WEIGHT_LIMIT:
        raise UnreadableCell(
            column=column, value=text, reason=f"{number} kg is more than a parcel weighs. Is the unit right?"
        )
    return number.quantize(Decimal("0.001"), rounding="ROUND_HALF_UP")


@lru_cache(maxsize=2048)
def read_count(text: str, *, column: str, mark: DecimalMark | None = None) -> int:
    """A whole number of units, 0 or more; `100.0000` is 100, and `1.000` is refused unless its column tells."""
    if mark is None and DOUBTFUL_COUNT.fullmatch(text):
        reason = f"{text} can mean {text.replace('.', '')} or {text.partition('.')[0]} units. Write it without a point."
        raise UnreadableCell(column=column, value=text, reason=reason)
    number = read_number(text, column=column, mark=mark)
    if number != number.to_integral_value() or number > STOCK_LIMIT:
        raise UnreadableCell(
            column=column, value=text, reason=f"{number} is not a count of units. Expected a whole number such as 12."
        )
    return int(number)


def read_gtin(text: str, *, column: str) -> str:
    try:
        return gtin.read_gtin(text)
    except gtin.WrongGtin as problem:
        raise UnreadableCell(column=column, value=text, reason=str(problem)) from problem


def read_currency(text: str, *, column: str) -> str:
    code = text.upper()
    if not CURRENCY.fullmatch(code):
        raise UnreadableCell(
            column=column,
            value=text,
            reason="This is not a currency. Expected its three letters (ISO 4217), such as EUR.",
        )
    return code


def read_yes_no(text: str, *, column: str) -> bool:
    word = text.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise UnreadableCell(column=column, value=text, reason="Expected true or false.")


def split_escaped(text: str, separator: str) -> list[str]:
    r"""Parts between unescaped separators, stripped; `\` before `|`, `>`, `,` or a backslash makes it part of the text."""
    if "\\" not in text:
        return [part.strip() for part in text.split(separator)]
    pieces, current, escaped = [], "", False
    for character in text:
        if escaped:
            current += character if character in "|>,\\" else "\\" + character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == separator:
            pieces.append(current.strip())
            current = ""
        else:
            current += character
    return [*pieces, (current + "\\" * escaped).strip()]


def join_escaped(parts: "tuple[str, ...] | list[str]", separator: str) -> str:
    r"""The inverse of `split_escaped`."""
    mark = separator.strip()
    return separator.join(part.replace("\\", "\\\\").replace(mark, "\\" + mark) for part in parts)


def read_path(names: list[str], *, column: str, value: str) -> tuple[str, ...]:
    """A category path from the top down, every name at most 255 characters and none of them twice."""
    path = tuple(read_plain(name, column=column, length=255) for name in names)
    if not path or not all(path):
        raise UnreadableCell(
            column=column,
            value=value,
            reason="A category path has an empty part. Expected names with > between them: A > B > C.",
        )
    if len({name.casefold() for name in path}) < len(path):
        raise UnreadableCell(
            column=column,
            value=value,
            reason="A category path names the same category twice; a category cannot lie inside itself. Correct the path.",
        )
    if len(path) > 10:
        raise UnreadableCell(
            column=column, value=value, reason="A category path is more than 10 levels deep. Shorten it."
        )
    return path
