"""What the units cost. First in, first out, over all locations together.

Units that come in make a layer: so many units, for so much in all. Units that leave, for whatever reason, are taken from
the oldest layer. What is on hand at an instant are therefore the units that came in last, and their value follows from
the ledger alone: nothing is stored that a later movement would have to change. Carrying units between locations touches
no layer; units on the way are still the shop's.

A delivery of a purchase order says what its units cost. Those that come in otherwise (counts, returns, corrections) cost
what their product states, else what the units before them cost, else nothing is known and they count as 0.
"""
