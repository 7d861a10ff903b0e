"""Values of a row as a person reads them in a list of changes."""

from decimal import Decimal
from typing import Any


def show_value(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
