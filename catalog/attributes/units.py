"""Units of measurement: how people write them, and what they are in each other."""

from decimal import Decimal
from typing import Final

QUANTITIES: Final[dict[str, dict[str, Decimal]]] = {
    "length": {
        "mm": Decimal("0.001"), "cm": Decimal("0.01"), "m": Decimal(1), "km": Decimal(1000),
        "in": Decimal("0.0254"), "ft": Decimal("0.3048"),
    },
    "mass": {
        "mg": Decimal("0.000001"), "g": Decimal("0.001"), "kg": Decimal(1), "t": Decimal(1000),
        "oz": Decimal("0.028349523125"), "lb": Decimal("0.45359237"),
    },
    "volume": {"ml": Decimal("0.001"), "cl": Decimal("0.01"), "dl": Decimal("0.1"), "l": Decimal(1)},
    "area": {"cm²": Decimal("0.0001"), "m²": Decimal(1)},
    "time": {"s": Decimal(1), "min": Decimal(60), "h": Decimal(3600), "d": Decimal(86400)},
    "power": {"mW": Decimal("0.001"), "W": Decimal(1), "kW": Decimal(1000)},
    "energy": {"Wh": Decimal(1), "kWh": Decimal(1000)},
    "voltage": {"mV": Decimal("0.001"), "V": Decimal(1), "kV": Decimal(1000)},
    "charge": {"mAh": Decimal(1), "Ah": Decimal(1000)},
    "frequency": {"Hz": Decimal(1), "kHz": Decimal(1000), "MHz": Decimal(1_000_000), "GHz": Decimal(1_000_000_000)},
    "memory": {"kB": Decimal(1), "MB": Decimal(1000), "GB": Decimal(1_000_000), "TB": Decimal(1_000_000_000)},
    "light": {"lm": Decimal(1)},
    "temperature": {"°C": Decimal(1)},
    "angle": {"°": Decimal(1)},
}  # fmt: skip
"""By quantity: each unit in the one whose factor is 1. An inch and a pound are those of 1959 (exact)."""

_QUANTITY_OF: Final = {unit: name for name, units in QUANTITIES.items() for unit in units}
_SPELLINGS: Final = {
    unit.casefold(): unit
    for unit in _QUANTITY_OF
    if sum(unit.casefold() == other.casefold() for other in _QUANTITY_OF) == 1
} | {"m2": "m²", "cm2": "cm²", "litre": "l", "liter": "l", '"': "in", "inch": "in", "kilo": "kg", "hours": "h"}


def list_units(unit: str) -> tuple[str, ...]:
    """Units of the same quantity, itself included."""
    return tuple(QUANTITIES[_QUANTITY_OF[unit]])


def find_unit(text: str) -> str | None:
    """The unit that is meant: exactly as written, else whatever its capitals, when that names one only."""
    return text if text in _QUANTITY_OF else _SPELLINGS.get(text.casefold())


def convert(amount: Decimal, *, unit: str, to: str) -> Decimal:
    """The amount in another unit of the same quantity, without trailing zeros."""
    factors = QUANTITIES[_QUANTITY_OF[unit]]
    return trim(amount * factors[unit] / factors[to])


def trim(amount: Decimal) -> Decimal:
    return Decimal(f"{round(amount, 9).normalize():f}")


ALL_UNITS: Final = tuple(_QUANTITY_OF)
