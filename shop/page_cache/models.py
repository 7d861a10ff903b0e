"""No models: the journal of changes is written by triggers and read by one question (changes.py)."""
