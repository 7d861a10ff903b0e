"""Past orders are lived in several processes at once. Nothing here may touch a model before Django is set up."""

import logging


def begin_process() -> None:
    """The jobs are handled right in this process, so the queue need not hear of them."""
    import django

    django.setup()
    logging.disable(logging.WARNING)
    from django.db import connection

    # A power cut may cost the last of these orders; the next start lives them again.
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def live_share(numbers: list[int]) -> None:
    """Live the orders of these numbers, oldest first."""
    from oscar.apps.partner.models import StockRecord

    from shop.demo.catalogue.orders import demo_orders
    from shop.demo.lived import live_order

    wanted = set(numbers)
    records = dict(StockRecord.objects.values_list("partner_sku", "pk"))
    for order in demo_orders():
        if order.number in wanted:
            live_order(order, records=records)
