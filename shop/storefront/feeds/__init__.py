"""The catalogue for other machines: product feeds and what agents read before they come to the pages.

It stands on the roof because an item has a price from the catalogue and an availability from the inventory.
"""
