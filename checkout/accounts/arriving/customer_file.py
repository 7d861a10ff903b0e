"""Customer files of ours, Shopify, WooCommerce, Magento, Bagisto and Spree: one row per customer, with one address.

Plain passwords and agreements to marketing mails are never taken over: the first are nobody's to hand on, the second
were given to another sender.
"""

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from catalog.importing import cells
from catalog.importing.headings import plain_names, read_plainly, require_columns
from catalog.importing.lists import ListRow
from catalog.importing.rows import RowError, UnreadableCell, UnreadableFile
from catalog.importing.source import Source
from checkout.accounts.arriving.old_passwords import UnknownHash, read_hash

NAME = "customers"
COLUMNS: Final = (
    "email",
    "first_name",
    "last_name",
    "phone",
    "company",
    "line1",
    "line2",
    "city",
    "region",
    "postcode",
    "country",
    "password_hash",
)
ADDRESS: Final = ("company", "line1", "line2", "city", "region", "postcode", "country")
_PREFIXES: Final = ("", "default address ", "billing_", "_address_")
_OTHER_NAMES: Final = {
    "email": ("user_email", "email address", "customer_email", "billing_email"),
    "first_name": ("first name", "firstname"),
    "last_name": ("last name", "lastname"),
    "phone": ("telephone", "mobile"),
    "company": ("company name", "organisation", "organization"),
    "city": ("town",),
    "line1": ("address1", "address_1", "street"),
    "line2": ("address2", "address_2"),
    "region": ("province", "province_code", "province code", "state"),
    "postcode": ("zip", "zip_code", "postal_code"),
    "country": ("country_code", "country code", "country_id"),
    "password_hash": ("user_pass", "rp_password_hash"),
}
ALIASES: Final = {
    prefix + other: ours
    for ours, others in _OTHER_NAMES.items()
    for prefix in _PREFIXES
    for other in (*others, *([ours] if prefix else []))
}
_SIGNS: Final = (
    ("shopify", {"accepts email marketing", "total orders", "default address address1"}),
    ("bagisto", {"customer_group_code"}),
    ("spree", {"accepts_email_marketing"}),
    ("magento", {"firstname", "_website", "_store"}),
    ("woocommerce", {"user_email", "user_pass", "billing_first_name"}),
)
_COUNTRIES: Final = {name.casefold(): code for code, name in Locale("en").territories.items() if len(code) == 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Empty texts say nothing. `address` is by the names of `ADDRESS`, or None; `password` as Django keeps it."""

    email: str
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    address: dict[str, str] | None = None
    password: str = ""


def detect(source: Source) -> str:
    """The shop that wrote the file. Raises UnreadableFile for missing columns, and unknown ones in our own format."""
    if source.kind == "jsonl":
        return "native"
    require_columns(source, needed=("email",), file_of="customer file", aliases=_aliases(source))
    names = {name.casefold() for name in source.header}
    for name, signs in _SIGNS:
        if names & signs:
            return name
    unknown = next(
        (plain for plain in plain_names(source.header, aliases=ALIASES).values() if plain not in COLUMNS), None
    )
    if unknown is not None:
        close = difflib.get_close_matches(unknown[:60], COLUMNS, n=1)
        hint = f"Did you mean “{close[0]}”?" if close else f"Expected: {', '.join(COLUMNS)}."
        raise UnreadableFile(f"The column “{unknown[:60]}” is not known. {hint}")
    return "native"


def read(source: Source) -> Iterator[ListRow | RowError]:
    for record in read_plainly(source, aliases=_aliases(source)):
        if isinstance(record, RowError):
            yield record
            continue
        try:
            customer = _read_customer(record.cells)
        except UnreadableCell as error:
            yield error.at_line(record.line)
        else:
            yield ListRow(line=record.line, key=customer.email, values=customer)


def _aliases(source: Source) -> dict[str, str]:
    """Of several columns that mean the same, the first in the file counts."""
    taken, chosen = set(), {}
    for name in source.header:
        plain = name.casefold()
        ours = ALIASES.get(plain)
        if ours and ours not in taken:
            chosen[plain] = ours
            taken.add(ours)
    return chosen if source.header else dict(ALIASES)


def _read_customer(own: dict[str, str]) -> Customer:
    # Shopify guards digits with an apostrophe, so that a spreadsheet keeps their zeros.
    own = {name: cell.lstrip("'") if name in ("phone", "postcode") else cell for name, cell in own.items()}
    email = own.get("email", "").casefold()
    try:
        validate_email(email)
    except ValidationError as error:
        reason = "This is not an e-mail address. Every row needs one, such as ann@example.com."
        raise UnreadableCell(column="email", value=email, reason=reason) from error
    if len(email) > 254:
        raise UnreadableCell(column="email", value=email, reason="This e-mail address is too long. Correct it.")
    names = {
        name: cells.read_plain(own.get(name, ""), column=name, length=length)
        for name, length in (("first_name", 150), ("last_name", 150), ("phone", 40))
    }
    return Customer(
        email=email, address=_read_address(own), password=_read_password(own.get("password_hash", "")), **names
    )


def _read_address(own: dict[str, str]) -> dict[str, str] | None:
    """Without street and country there is none: a sender needs both."""
    found = {name: cells.read_plain(own.get(name, ""), column=name, length=255) for name in ADDRESS}
    if found["line1"].startswith("["):
        found |= _read_street(found["line1"])
    if not found["line1"]:
        return None
    if not found["country"]:
        raise UnreadableCell(
            column="country", value="", reason="This address has no country. Fill in two letters such as DE."
        )
    found["country"] = _read_country(found["country"])
    if len(found["postcode"]) > 64:
        raise UnreadableCell(column="postcode", value=found["postcode"], reason="No postcode is that long. Correct it.")
    return found


def _read_street(text: str) -> dict[str, str]:
    """Magento's sample data keeps the lines of a street as a JSON list."""
    try:
        lines = [str(line) for line in json.loads(text)]
    except ValueError:
        return {}
    return {"line1": lines[0] if lines else "", "line2": ", ".join(filter(None, lines[1:]))[:255]}


def _read_country(text: str) -> str:
    code = text.upper()
    if re.fullmatch(r"[A-Z]{2}", code) and code.casefold() in {known.casefold() for known in _COUNTRIES.values()}:
        return code
    if text.casefold() in _COUNTRIES:
        return _COUNTRIES[text.casefold()]
    reason = "This country is not known. Expected its two letters (ISO 3166), such as DE, or its English name."
    raise UnreadableCell(column="country", value=text, reason=reason)


def _read_password(text: str) -> str:
    if not text:
        return ""
    try:
        return read_hash(text)
    except UnknownHash as error:
        raise UnreadableCell(column="password_hash", value="", reason=str(error)) from error
