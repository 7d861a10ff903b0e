"""Prices: the one definition of what a thing costs, and the append-only history of what was displayed."""
