"""The reference that a shopper writes into a transfer: ISO 11649 (`RF` and two check digits) around the order's number.

Check digits find a slip; up to SLIPS wrong, missing or swapped characters are forgiven when they leave one order only.
"""

import re
from collections.abc import Iterable

from stdnum.iso7064 import mod_97_10
from stdnum.iso11649 import format as group
from stdnum.iso11649 import is_valid

from checkout.order_number import LENGTH, PREFIX

SLIPS = 2
_BARE = PREFIX.replace("-", "")
_LENGTH = 4 + len(_BARE) + LENGTH


def reference_of(number: str) -> str:
    """`RF12LL7K2QX9B` of `LL-7K2QX9B`."""
    bare = number.replace("-", "")
    return f"RF{mod_97_10.calc_check_digits(bare + 'RF')}{bare}"


def show_reference(number: str) -> str:
    """In groups of four, as people read it."""
    return str(group(reference_of(number)))


def number_of(reference: str) -> str:
    """The order's number in a reference."""
    return f"{PREFIX}{reference[4 + len(_BARE) :]}"


def find_number(text: str) -> str:
    """The order's number that a payer wrote: a whole reference with right check digits, or the bare number; else ""."""
    packed = pack(text)
    for start in range(len(packed) - _LENGTH + 1):
        piece = packed[start : start + _LENGTH]
        if piece.startswith("RF") and piece[4:].startswith(_BARE) and is_valid(piece):
            return number_of(piece)
    bare = re.search(rf"(?<![A-Z0-9]){_BARE}[ -]?([0-9A-Z]{{{LENGTH}}})(?![A-Z0-9])", text.upper())
    return f"{PREFIX}{bare[1]}" if bare else ""


def find_similar(text: str, numbers: Iterable[str]) -> list[str]:
    """Of these order numbers the ones whose reference, or bare number, stands in the text with at most SLIPS slips."""
    packed = pack(text)
    return [
        number
        for number in numbers
        if _is_near(packed, reference_of(number)) or _is_near(packed, number[len(PREFIX) :], slips=1)
    ]


def pack(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _is_near(text: str, wanted: str, *, slips: int = SLIPS) -> bool:
    """Whether some part of the text differs from `wanted` by no more than that many edits (Sellers 1980)."""
    row = list(range(len(wanted) + 1))
    before: list[int] = row
    last = ""
    for letter in text:
        above, row, older = row, [0], before
        for place, other in enumerate(wanted, start=1):
            best = min(above[place] + 1, row[place - 1] + 1, above[place - 1] + (letter != other))
            if place > 1 and letter == wanted[place - 2] and last == other:
                best = min(best, older[place - 2] + 1)
            row.append(best)
        if row[-1] <= slips:
            return True
        before, last = above, letter
    return row[-1] <= slips
