"""Import prices: a CSV, JSON Lines or .xlsx file with the columns sku, price and, if you like, currency."""

from catalog.importing.command_line import ImportCommand


class Command(ImportCommand):
    help = __doc__
    kind = "prices"
