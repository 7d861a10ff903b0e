"""Kits: a SKU without stock of its own, made of other SKUs. What is inside, what it costs, and how that is written."""
