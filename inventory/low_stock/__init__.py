"""When few units are left: the threshold of a product at a place, and what staff have been told."""
