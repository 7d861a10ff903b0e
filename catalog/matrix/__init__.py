"""All combinations of a product's choices: which there could be, which there are, and the making of the rest."""
