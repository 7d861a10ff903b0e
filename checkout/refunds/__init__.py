"""Refunds as staff give them: by line, delivery or goodwill; above a person's limit a second person decides."""
