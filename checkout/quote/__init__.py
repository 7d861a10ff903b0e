"""The quote: a pure, immutable, priced snapshot of a basket for a destination, with a trace of every step."""
