"""Values of a row as a person reads them in a list of changes."""

from decimal import Decimal
from typing import Any

_DIGEST = 64


def show_change(old: Any, new: Any) -> tuple[str, str]:
    """Of levels by location and of texts by picture those that differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        return _show_parts(old, keys), _show_parts(new, keys)
    return show_value(old), show_value(new)


def _show_parts(value: dict[str, Any], keys: list[str]) -> str:
    """A picture is known by the first figures of its digest."""
    parts = [f"{key[:8] if len(key) == _DIGEST else key}: {show_value(value[key])}" for key in keys if key in value]
    return ", ".join(parts) or "nothing"


def show_value(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
