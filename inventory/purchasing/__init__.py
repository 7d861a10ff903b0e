"""Buying: what is ordered from whom, what of it has come, what it cost with freight and duty."""
