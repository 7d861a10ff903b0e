"""The whole shop as a folder that anybody can read: JSON Lines of every table, and the media. And a shop from such a folder.

Nothing here knows what a table is for: Django's register of models says which there are (see `rules` for what stays out).
"""
