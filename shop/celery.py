"""The Celery application. PostgreSQL is the truth; this queue is only a hint that there is work in the outbox."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "shop.outbox",
        "shop.page_cache",
        "checkout",
        "inventory",
        "shipping.fulfilment",
        "catalog",
        "shop.backoffice",
        "shop.storefront",
    ]
)
app.conf.beat_schedule = {
    "relay-outbox": {"task": "outbox.relay_due_events", "schedule": 5.0},
    "sweep-payments": {"task": "payments.sweep_unpaid_orders", "schedule": 20.0},
    "release-expired-reservations": {"task": "inventory.release_expired_reservations", "schedule": 30.0},
    "announce-passed-days": {"task": "inventory.announce_passed_days", "schedule": 900.0},
    "forget-old-page-changes": {"task": "page_cache.forget_old_changes", "schedule": 600.0},
    "ask-again-about-vat-ids": {"task": "tax.ask_again", "schedule": 300.0},
    "reconcile-payments": {"task": "payments.reconcile", "schedule": 3600.0},
    "count-bought-together": {"task": "checkout.count_bought_together", "schedule": crontab(hour=3, minute=20)},
    "write-stock-digest": {"task": "backoffice.write_stock_digest", "schedule": crontab(minute=5)},
    "tell-of-findings": {"task": "backoffice.tell_of_findings", "schedule": 900.0},
    "watch-payment-page": {"task": "payments.watch_page", "schedule": crontab(minute=35)},
    "ask-doctor": {"task": "backoffice.ask_doctor", "schedule": crontab(hour="4-23", minute=10)},
    "check-feeds": {"task": "storefront.check_feeds", "schedule": crontab(hour=4, minute=30)},
    "fold-tally": {"task": "catalog.fold_tally", "schedule": 900.0},
    "forget-old-misses": {"task": "catalog.forget_old_misses", "schedule": crontab(hour=3, minute=40)},
}
