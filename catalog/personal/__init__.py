"""Personalisation: what a shopper may have written on a thing (an engraving, a name), its rules and its price."""
