"""Import customers: a file with the column email, and names, one address, an old password hash if you like."""

from catalog.importing.command_line import ListCommand


class Command(ListCommand):
    help = __doc__
    kind = "customers"
