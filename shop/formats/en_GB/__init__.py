"""British words, the 24-hour clock."""
