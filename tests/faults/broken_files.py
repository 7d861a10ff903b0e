"""Product files that went wrong on their way: good rows, and one or two things that people and programs do to a file."""

import random
from collections.abc import Callable, Mapping
from typing import Final

HEADER: Final = "handle,sku,title,price,stock,categories,description"
Damage = Callable[[random.Random, str], bytes]


def good_rows(dice: random.Random, *, rows: int, run: str) -> list[str]:
    return [
        f"f{run}-{n},F{run}-{n},Thing {n},{dice.randint(1, 99)}.{dice.randint(0, 99):02d},{dice.randint(0, 9)},A > B,Calm."
        for n in range(rows)
    ]


def _in_a_row(change: Callable[[random.Random, str], str]) -> Damage:
    def damage(dice: random.Random, text: str) -> bytes:
        lines = text.split("\n")
        place = dice.randrange(1, len(lines))
        lines[place] = change(dice, lines[place])
        return "\n".join(lines).encode()

    return damage


def _cell(value: str, column: int) -> Damage:
    def change(dice: random.Random, line: str) -> str:
        cells = line.split(",")
        cells[column % len(cells)] = value
        return ",".join(cells)

    return _in_a_row(change)


DAMAGES: Final[Mapping[str, Damage]] = {
    "another delimiter": lambda dice, text: text.replace(",", dice.choice(";\t|")).encode(),
    "a mark at the front": lambda dice, text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda dice, text: text.encode("utf-16"),
    "half of UTF-16": lambda dice, text: text.encode("utf-16")[: len(text)],
    "cp1252": lambda dice, text: text.replace("Calm", "Größe, 5 €").encode("cp1252", "replace"),
    "a zero byte": _in_a_row(lambda dice, line: line[: len(line) // 2] + "\x00" + line[len(line) // 2 :]),
    "a row too short": _in_a_row(lambda dice, line: line.split(",")[0]),
    "a row too long": _in_a_row(lambda dice, line: line + ",x" * dice.randint(1, 40)),
    "a cell of a megabyte": _cell("x" * 1_000_001, 6),
    "a thousand and more columns": lambda dice, text: (text.split("\n")[0] + ",c" * 10_000 + "\n1").encode(),
    "a quote that never ends": _in_a_row(lambda dice, line: '"' + line),
    "a quote in the middle": _in_a_row(lambda dice, line: line.replace("Thing", 'Th"ing')),
    "a formula": _cell('=HYPERLINK("http://example.org")', 2),
    "the same SKU twice": lambda dice, text: (text + "\n" + text.split("\n")[1]).encode(),
    "a category above itself": _cell("A > B > A", 5),
    "a negative price": _cell("-5.00", 3),
    "a German price": _cell('"1.234,56"', 3),
    "a price of words": _cell("a lot", 3),
    "a price beyond all": _cell("1e400", 3),
    "stock in halves": _cell("2.5", 4),
    "mixed line ends": lambda dice, text: text.replace("\n", "\r\n", 2).replace("\n", "\r", 1).encode(),
    "no header": lambda dice, text: "\n".join(text.split("\n")[1:]).encode(),
    "a header twice": lambda dice, text: text.replace("title", "sku", 1).encode(),
    "only a header": lambda dice, text: text.split("\n")[0].encode(),
    "nothing": lambda dice, text: b"",
    "cut off": lambda dice, text: text.encode()[: dice.randrange(1, len(text))],
    "random bytes": lambda dice, text: text.encode()[:100] + dice.randbytes(400),
    "a picture": lambda dice, text: b"\x89PNG\r\n\x1a\n" + dice.randbytes(300),
    "half a workbook": lambda dice, text: b"PK\x03\x04" + dice.randbytes(300),
    "markup": _cell("<script>alert(1)</script><img src=x onerror=alert(1)>", 6),
    "a wall of spaces": _cell(" " * 5000, 2),
}


def broken_file(number: int) -> tuple[str, bytes]:
    """The kind of damage and the bytes; the same number is the same file."""
    dice = random.Random(number)
    text = "\n".join([HEADER, *good_rows(dice, rows=dice.randint(1, 12), run=str(number))])
    name = list(DAMAGES)[number % len(DAMAGES)]
    data = DAMAGES[name](dice, text)
    if dice.random() < 0.2:
        data = data.replace(b"Thing", dice.choice([b"\xff\xfe", b'"', b"\r", b"\xe2\x80\xae", b"\x1b[31m"]))
    return name, data
