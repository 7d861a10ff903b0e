"""Where things of the shop were found before, and what was looked for in vain."""
