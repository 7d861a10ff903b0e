"""A whole purchase in a real browser against real processes: looked at, measured, and done without a mouse."""
