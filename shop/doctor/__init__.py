"""The doctor: every invariant of the shop as one question to the database; rows that break it and the repair."""
