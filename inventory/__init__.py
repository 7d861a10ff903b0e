"""How many, where, and who has a claim: locations, the stock ledger, availability, reservations, allocations."""
