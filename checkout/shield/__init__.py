"""Card testing: how many tries to pay reach the provider, counted in the database; a slower path instead of a block."""
