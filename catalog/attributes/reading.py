"""Read what somebody wrote for an attribute: the one function that forms, files and interfaces ask.

It answers the canonical text, which is what files hold, or refuses in a sentence that is the same everywhere.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlsplit

from catalog.attributes.records import Kind
from catalog.attributes.rules import ClassRules, Rule
from catalog.attributes.units import convert, find_unit, list_units, trim
from catalog.publication.instants import NoSuchInstant, read_instant, write_instant

LONGEST: Final = 10_000
LONGEST_OPTION: Final = 255
YES: Final = frozenset({"yes", "y", "true", "t", "1", "on", "ja", "oui", "si", "sí"})
NO: Final = frozenset({"no", "n", "false", "f", "0", "off", "nein", "non"})
LARGEST_INTEGER: Final = 2**31 - 1
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?")
_MEASURE: Final = re.compile(r"([+-]?[\d.,]+)\s*(\S.*)?")
_HEX: Final = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_COLOUR_NAME: Final = re.compile(r"[^\W\d_][\w \-'’()/]{0,59}")


class WrongValue(ValueError):
    """The text is not what the attribute holds; the message is the sentence to show."""


class UnknownAttribute(WrongValue):
    """The class has no attribute of this code and takes no new ones."""


def read_value(text: str, rule: Rule) -> str:
    """The canonical text of a value. Raises WrongValue."""
    read = _READERS.get(rule.kind)
    if read is None:
        raise WrongValue(
            f"{rule.name} holds a {rule.kind}, which cannot be written as text. Set it in the back office."
        )
    cleaned = text.strip()
    if len(cleaned) > LONGEST:
        raise WrongValue(f"The text for {rule.name} has {len(cleaned)} characters; {LONGEST} are the most.")
    return read(cleaned, rule)


def find_rule(rules: ClassRules | None, *, class_name: str, code: str) -> Rule:
    """The rule for a code; a class that is not closed takes an unknown one as text. Raises UnknownAttribute."""
    if rules is not None and code in rules.by_code:
        return rules.by_code[code]
    if rules is not None and rules.is_closed:
        known = ", ".join(sorted(rules.by_code)) or "none yet"
        raise UnknownAttribute(
            f"The product class {class_name} has no attribute “{code[:60]}”. It has: {known[:300]}. "
            "Correct the key, or add the attribute to the class first."
        )
    return Rule(code=code, name=code.replace("_", " ").capitalize(), kind=str(Kind.TEXT.value))


def normal_measure(text: str, *, unit: str) -> str:
    """A canonical measurement in another unit of its quantity: `150 cm` is `1.5 m`. What it is not stays as it is."""
    amount, _, own = text.rpartition(" ")
    found = find_unit(own)
    if found is None or not unit or found not in list_units(unit) or not _NUMBER.fullmatch(amount):
        return text
    return f"{convert(Decimal(amount), unit=found, to=unit):f} {unit}"


def _read_text(text: str, rule: Rule) -> str:
    return text


def _read_integer(text: str, rule: Rule) -> str:
    if not re.fullmatch(r"[+-]?\d{1,10}", text) or not text.isascii() or abs(int(text)) > LARGEST_INTEGER:
        raise WrongValue(f"“{text[:40]}” is not a whole number, which {rule.name} expects. Write for example 12.")
    _check_bounds(Decimal(text), rule)
    return str(int(text))


def _read_decimal(text: str, rule: Rule) -> str:
    amount = _number(text, example="12.5", rule=rule)
    _check_bounds(amount, rule)
    return repr(float(amount))


def _read_boolean(text: str, rule: Rule) -> str:
    word = text.casefold()
    if word not in YES | NO:
        raise WrongValue(f"“{text[:40]}” is neither yes nor no, which {rule.name} expects. Write yes or no.")
    return "Yes" if word in YES else "No"


def _read_date(text: str, rule: Rule) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise WrongValue(
            f"“{text[:40]}” is not a date, which {rule.name} expects. Write it like 2026-11-27."
        ) from error


def _read_datetime(text: str, rule: Rule) -> str:
    try:
        return write_instant(read_instant(text))
    except NoSuchInstant as problem:
        raise WrongValue(f"{rule.name}: {problem}") from problem


def _read_option(text: str, rule: Rule) -> str:
    if len(text) > LONGEST_OPTION:
        raise WrongValue(f"An option of {rule.name} has at most {LONGEST_OPTION} characters, this one {len(text)}.")
    if rule.options is not None and text not in rule.options:
        known = ", ".join(sorted(rule.options)) or "none yet"
        raise WrongValue(f"“{text[:40]}” is not an option of {rule.name}. Expected one of: {known[:300]}.")
    return text


def _read_options(text: str, rule: Rule) -> str:
    parts = sorted({part.strip() for part in text.split("|") if part.strip()})
    return "|".join(_read_option(part, rule) for part in parts)


def _read_measurement(text: str, rule: Rule) -> str:
    """Kept in the unit it was written in; a number alone is in the attribute's own."""
    units = ", ".join(list_units(rule.unit))
    found = _MEASURE.fullmatch(text)
    if found is None:
        raise WrongValue(
            f"“{text[:40]}” is not a measurement, which {rule.name} expects. "
            f"Write a number and a unit ({units}), for example 12.5 {rule.unit}."
        )
    amount = _number(found[1], example=f"12.5 {rule.unit}", rule=rule)
    unit = find_unit(found[2].strip()) if found[2] else rule.unit
    if unit is None or unit not in list_units(rule.unit):
        raise WrongValue(f"{rule.name} has no unit “{(found[2] or '').strip()[:20]}”. Expected one of: {units}.")
    _check_bounds(convert(amount, unit=unit, to=rule.unit), rule)
    return f"{trim(amount):f} {unit}"


def _read_colour(text: str, rule: Rule) -> str:
    lowered = text.casefold()
    if _HEX.fullmatch(lowered):
        return lowered if len(lowered) == 7 else "#" + "".join(digit * 2 for digit in lowered[1:])
    if not _COLOUR_NAME.fullmatch(text):
        raise WrongValue(
            f"“{text[:40]}” is not a colour, which {rule.name} expects. Write a name, or # and six digits like #1f6f78."
        )
    return text


def _read_url(text: str, rule: Rule) -> str:
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or any(character.isspace() or character in "<>\"'\\`" for character in text):
        raise WrongValue(
            f"“{text[:40]}” is not a web address, which {rule.name} expects. Write it whole, from https:// on."
        )
    return text


def _number(text: str, *, example: str, rule: Rule) -> Decimal:
    """One comma or point parts the decimals; `1,500` could mean either and is refused."""
    is_doubtful = bool(re.fullmatch(r"[+-]?\d{1,3},\d{3}", text))
    if is_doubtful or not _NUMBER.fullmatch(text) or not text.isascii():
        hint = (
            f"Is it {text.replace(',', '')} or {text.replace(',', '.')}?"
            if is_doubtful
            else f"Write for example {example}."
        )
        raise WrongValue(f"“{text[:40]}” is not a number that {rule.name} can hold. {hint}")
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise WrongValue(f"“{text[:40]}” is not a number that {rule.name} can hold.") from error


def _check_bounds(amount: Decimal, rule: Rule) -> None:
    unit = f" {rule.unit}" if rule.unit else ""
    if rule.minimum is not None and amount < rule.minimum:
        raise WrongValue(f"{rule.name} is at least {trim(rule.minimum):f}{unit}; {trim(amount):f}{unit} is less.")
    if rule.maximum is not None and amount > rule.maximum:
        raise WrongValue(f"{rule.name} is at most {trim(rule.maximum):f}{unit}; {trim(amount):f}{unit} is more.")


_READERS: Final[dict[str, Callable[[str, Rule], str]]] = {
    "text": _read_text,
    "richtext": _read_text,
    "integer": _read_integer,
    "float": _read_decimal,
    "boolean": _read_boolean,
    "date": _read_date,
    "datetime": _read_datetime,
    "option": _read_option,
    "multi_option": _read_options,
    "measurement": _read_measurement,
    "colour": _read_colour,
    "url": _read_url,
}
