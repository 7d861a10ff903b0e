"""What each object looks like when it is born: every key Stripe's API version 2026-10-28.endive gives it."""
