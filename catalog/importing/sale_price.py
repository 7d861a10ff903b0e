"""Regular and sale price of other shops, as our price and compare-at price."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from catalog.importing.rows import UnreadableCell

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? .*)?")
US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})(?:,? .*)?")


def choose_price(
    *, regular: Decimal | None, sale: Decimal | None, starts: date | None, ends: date | None, today: date
) -> tuple[Decimal | None, Decimal | None]:
    """(price, compare-at price). The sale price counts while today is inside its days, and only when it is lower."""
    if sale is None or (starts and today < starts) or (ends and today > ends):
        return regular, None
    if regular is None or sale >= regular:
        return (sale if regular is None else regular), None
    return sale, regular


def read_day(text: str, *, column: str) -> date | None:
    """`2026-01-31`, `31.01.2026` or, as Magento writes it, `1/31/26` (month first)."""
    if not text:
        return None
    try:
        if found := ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := DOTTED.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := US.fullmatch(text):
            return date(int(found[3]) + (2000 if len(found[3]) == 2 else 0), int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise UnreadableCell(
        column=column, value=text, reason="This is not a day. Expected year-month-day, such as 2026-01-31."
    )


def today_in_utc() -> date:
    return datetime.now(tz=UTC).date()
