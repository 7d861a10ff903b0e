"""What beat asks of the back office. Safe at any time, twice, and beside itself."""

from celery import shared_task

from shop.backoffice.alarms import tell_of_findings
from shop.backoffice.nightly_doctor import ask_doctor_tonight
from shop.backoffice.stock_digest import write_stock_digest


@shared_task(name="backoffice.write_stock_digest")
def write_stock_digest_task() -> int:
    return write_stock_digest()


@shared_task(name="backoffice.ask_doctor")
def ask_doctor_task() -> int:
    return ask_doctor_tonight()


@shared_task(name="backoffice.tell_of_findings")
def tell_of_findings_task() -> int:
    return tell_of_findings()
