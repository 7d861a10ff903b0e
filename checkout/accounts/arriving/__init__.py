"""Customers who arrive from another shop: their file, their addresses, their old password hashes."""
