"""Import products from a file of ours, of Shopify, WooCommerce, Magento, Bagisto, Spree or Oscar. The same file again changes nothing."""

from catalog.importing.command_line import ImportCommand


class Command(ImportCommand):
    help = __doc__
    kind = "products"
