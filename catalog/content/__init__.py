"""What the shop says beside its products: pages, the home page, menus. Written as drafts, shown by version and time.

It stands in the catalogue's room because its links lead to products and categories, and are checked against them.
"""
