"""Change many products at once: a stored preview, applied row by row as it was shown, and taken back the same way."""
