"""Taxes: rates by destination, class and date; gross or net; rounding once per line and rate."""
