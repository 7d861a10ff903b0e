"""Read a bank statement: CAMT.053 (ISO 20022 XML) or CSV. Text in, typed entries or one sentence that says what is wrong."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from stdnum.iban import compact, is_valid

from shop.money import minor_unit

LARGEST_FILE = 20_000_000
MOST_ENTRIES = 20_000
CENT = Decimal("0.01")


class UnreadableStatement(ValueError):
    """The file is no statement, or not one of our account. The message says where and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry:
    """`amount` is negative when it left our account. `bank_reference` is the bank's own, "" when it gives none."""

    booked_on: date
    amount: Decimal
    currency: str
    payer_name: str
    payer_iban: str
    text: str
    bank_reference: str


def read_statement(content: bytes, *, our_iban: str, currency: str = "EUR") -> list[tuple[str, ReadEntry]]:
    """Entries with their keys: the same entry in an overlapping file has the same key. Raises UnreadableStatement.

    `our_iban` may be the number of an account without one; `currency` is that of a CSV which does not say.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableStatement(f"The file is larger than {LARGEST_FILE // 1_000_000} MB; hand it in by month.")
    is_xml = content.lstrip()[:1] == b"<" or content[:5] == b"\xef\xbb\xbf<?"
    entries = list(_read_camt(content, our_iban) if is_xml else _read_csv(content, currency))
    if not entries:
        raise UnreadableStatement("The file holds no entries.")
    if len(entries) > MOST_ENTRIES:
        raise UnreadableStatement(f"The file holds {len(entries)} entries; hand in at most {MOST_ENTRIES} at once.")
    seen: Counter[str] = Counter()
    keyed = []
    for entry in entries:
        bare = _digest(our_iban, entry)
        keyed.append((_digest_text(f"{bare}:{seen[bare]}"), entry))
        seen[bare] += 1
    return keyed


def _digest(our_iban: str, entry: ReadEntry) -> str:
    """Twice the same transfer on one day is two entries: they are told apart by their place (see `seen`)."""
    parts = (entry.booked_on.isoformat(), f"{entry.amount:.2f}", entry.currency, entry.payer_name, entry.payer_iban)
    return _digest_text("\x1f".join((our_iban, *parts, entry.text, entry.bank_reference)))


def _digest_text(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _read_camt(content: bytes, our_iban: str) -> Iterator[ReadEntry]:
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as problem:
        raise UnreadableStatement(f"The file is not well-formed XML: {problem}.") from problem
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    statements = [one for name in ("Stmt", "Rpt", "Ntfctn") for one in root.iter(name)]
    if not statements:
        raise UnreadableStatement("The XML holds no statement: a CAMT.053 file (BkToCstmrStmt) was expected.")
    for statement in statements:
        iban = compact(statement.findtext("Acct/Id/IBAN") or statement.findtext("Acct/Id/Othr/Id") or "")
        if iban != our_iban:
            raise UnreadableStatement(f"The statement is of the account {iban or '(none)'}, not of ours, {our_iban}.")
        for entry in statement.iter("Ntry"):
            yield from _read_entry(entry)


def _read_entry(entry: Any) -> Iterator[ReadEntry]:
    """A batch entry is read by its single transactions when they carry amounts of their own."""
    is_credit = entry.findtext("CdtDbtInd", default="") == "CRDT"
    day = entry.findtext("BookgDt/Dt") or (entry.findtext("BookgDt/DtTm") or entry.findtext("ValDt/Dt") or "")[:10]
    details = entry.findall("NtryDtls/TxDtls") or [entry]
    amounts = [_find_amount(one) for one in details]
    if len(details) > 1 and any(one is None for one in amounts):
        details, amounts = [entry], [None]
    for one, amount in zip(details, amounts, strict=True):
        found = amount if amount is not None else entry.find("Amt")
        party = "Dbtr" if is_credit else "Cdtr"
        remittance = [part.text or "" for part in one.iter() if part.tag in ("Ustrd", "Ref") and part.text]
        ends = one.findtext(".//EndToEndId", default="")
        currency = str(found.get("Ccy", "")) if found is not None else ""
        where = f"the entry of {day or 'no day'}"
        value = _read_amount(found.text if found is not None else "", currency=currency, where=where)
        yield ReadEntry(
            booked_on=_read_day(day),
            amount=value if is_credit else -value,
            currency=currency,
            payer_name=(one.findtext(f".//{party}/Nm") or one.findtext(f".//{party}/Pty/Nm") or "").strip()[:140],
            payer_iban=_read_iban(one.findtext(f".//{party}Acct/Id/IBAN", default=""))
            or one.findtext(f".//{party}Acct/Id/Othr/Id", default="").strip()[:34],
            text=" ".join([*remittance, ends if ends != "NOTPROVIDED" else ""]).strip()[:1000],
            bank_reference=(one.findtext("Refs/AcctSvcrRef") or entry.findtext("AcctSvcrRef") or "")[:140],
        )


def _find_amount(details: Any) -> Any:
    found = details.find("AmtDtls/TxAmt/Amt")
    return found if found is not None else details.find("Amt")


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "booking date", "buchungstag", "buchungsdatum", "valuta"),
    "amount": ("amount", "betrag", "betrag (eur)", "umsatz"),
    "currency": ("currency", "währung", "waehrung"),
    "name": ("name", "payer", "auftraggeber", "name zahlungsbeteiligter", "beguenstigter/zahlungspflichtiger"),
    "iban": ("iban", "payer iban", "iban zahlungsbeteiligter", "kontonummer/iban"),
    "text": ("text", "reference", "verwendungszweck", "purpose"),
    "id": ("id", "bank reference", "referenz"),
}


def _read_csv(content: bytes, currency: str) -> Iterator[ReadEntry]:
    """Header and columns in English or German; comma, semicolon or tab; dates as 2026-11-22 or 22.11.2026.

    `currency` where the file has no column for it.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise UnreadableStatement("The file is no text: CAMT.053 or CSV was expected.")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as problem:
        raise UnreadableStatement(f"The file is no CSV: {problem}.") from problem
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    places = {
        name: next((header.index(word) for word in words if word in header), -1) for name, words in _COLUMNS.items()
    }
    missing = [name for name in ("date", "amount", "text") if places[name] < 0]
    if missing:
        raise UnreadableStatement(
            f"The first line has no column for {' and '.join(missing)}; it has: {', '.join(header)[:200]}."
        )
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: row[place].strip() if 0 <= place < len(row) else "" for name, place in places.items()}
        own = (cells["currency"] or currency).upper()[:12]
        yield ReadEntry(
            booked_on=_read_day(cells["date"], where=f"line {number}"),
            amount=_read_amount(cells["amount"], currency=own, where=f"line {number}"),
            currency=own,
            payer_name=cells["name"][:140],
            payer_iban=_read_iban(cells["iban"]),
            text=cells["text"][:1000],
            bank_reference=cells["id"][:140],
        )


_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"),
    re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4}|\d{2})"),
)


def _read_day(text: str, *, where: str = "an entry") -> date:
    for shape in _DAYS:
        found = shape.fullmatch(text.strip())
        if found is not None:
            parts = {name: int(value) for name, value in found.groupdict().items()}
            try:
                return date(parts["year"] + (2000 if parts["year"] < 100 else 0), parts["month"], parts["day"])
            except ValueError:
                break
    raise UnreadableStatement(f"The date of {where} is {text[:20]!r}; expected 2026-11-22 or 22.11.2026.")


_SIGNS = re.compile(r"[€$£¥￥円\s']")
_WHOLE = re.compile(r"[+-]?(\d+|\d{1,3}([.,])\d{3}(\2\d{3})*)([.,]0{1,2})?")


def _read_amount(text: str | None, *, currency: str, where: str) -> Decimal:
    """`1.234,56`, `1,234.56`, `1234.56`: the last of comma and point parts the cents.

    In a currency without minor units `12,345` and `12.345` are whole thousands, and `12345.00` is what some banks write.
    """
    bare = _SIGNS.sub("", (text or "").replace(currency or "EUR", ""))
    unit = minor_unit(currency) if currency else CENT
    if unit == 1:
        found = _WHOLE.fullmatch(bare)
        sign = "-" if bare.startswith("-") else ""
        bare = sign + re.sub(r"\D", "", found[1]) if found is not None else ""
    else:
        has_comma = bare.rfind(",") > bare.rfind(".")
        bare = bare.replace(".", "").replace(",", ".") if has_comma else bare.replace(",", "")
    example = str(25 - 10 * unit)
    expected = "2490 or 2,490" if unit == 1 else f"{example} or {example.replace('.', ',')}"
    try:
        amount = Decimal(bare)
    except InvalidOperation:
        raise UnreadableStatement(f"The amount of {where} is {(text or '')[:20]!r}; expected {expected}.") from None
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 11 or amount % min(unit, CENT):
        raise UnreadableStatement(f"The amount of {where} is {(text or '')[:20]!r}; expected {expected}.")
    return amount


def _read_iban(text: str) -> str:
    bare = compact(text)
    return bare if is_valid(bare) else ""
