"""Tables of pages, menus and their versions."""
