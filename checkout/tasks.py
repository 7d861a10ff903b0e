"""What beat asks of this room. Each is safe at any time, twice, and beside itself."""

from celery import shared_task

from checkout.orders.letters import remind_of_unpaid_orders
from checkout.payments.element.watching import note_payment_page
from checkout.payments.reconcile import note_differences, reconcile_payments
from checkout.payments.sweep import sweep_unpaid_orders
from checkout.tax.vat_cases import ask_again
from checkout.together import count_bought_together, count_units_sold


@shared_task(name="payments.sweep_unpaid_orders")
def sweep_unpaid_orders_task() -> dict[str, int]:
    remind_of_unpaid_orders()
    return sweep_unpaid_orders()


@shared_task(name="tax.ask_again")
def ask_again_task() -> int:
    return ask_again()


@shared_task(name="payments.reconcile")
def reconcile_task() -> int:
    """Differences that a person has to look at go into the audit log; how many are new."""
    return note_differences(reconcile_payments())


@shared_task(name="checkout.count_bought_together")
def count_bought_together_task() -> int:
    return count_units_sold() + count_bought_together()


@shared_task(name="payments.watch_page")
def watch_page_task() -> int:
    """At most one look a day finds the same twice; hourly, since only a page that waits for a card can be looked at."""
    return note_payment_page()
