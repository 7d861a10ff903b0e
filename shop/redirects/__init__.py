"""Addresses that moved: one table, one question (`resolve_redirect`), asked only when a page is not found."""
