"""Tables of former and missed addresses, and the triggers that fill the first."""
