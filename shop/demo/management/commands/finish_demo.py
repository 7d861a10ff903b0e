"""Draw and bring in the demo shop's further pictures. Safe to run at any time; does nothing when they are there."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.demo.load import finish_demo_shop


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        finish_demo_shop()
