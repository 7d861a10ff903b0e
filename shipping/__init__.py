"""How it travels: rates by zone before the order, parcels after it."""
