"""Import redirects: a CSV, JSON Lines, .xlsx or .xls file with the columns from_path and to_path."""

from catalog.importing.command_line import ListCommand


class Command(ListCommand):
    help = __doc__
    kind = "redirects"
