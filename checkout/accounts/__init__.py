"""Customers and staff: one account table, signed in by e-mail."""
