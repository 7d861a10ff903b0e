"""What beat asks of the back office. Safe at any time, twice, and beside itself."""

from celery import shared_task

from shop.backoffice.stock_digest import write_stock_digest


@shared_task(name="backoffice.write_stock_digest")
def write_stock_digest_task() -> int:
    return write_stock_digest()
