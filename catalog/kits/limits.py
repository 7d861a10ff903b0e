"""How large a kit may be."""

MOST_PARTS = 100
MOST_UNITS = 10_000
"""Units of one part in one kit."""
