"""What we give away: offers and vouchers read as data, applied by our own engine, explained step by step."""
