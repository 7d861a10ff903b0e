"""What may go wrong, done on purpose to a running shop, from outside."""
