"""Import stock counts: a file with the columns sku, location, quantity (units on hand) and, if you like, reason."""

from catalog.importing.command_line import ImportCommand


class Command(ImportCommand):
    help = __doc__
    kind = "stock"
