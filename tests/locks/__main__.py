"""`python -m tests.locks` writes docs/locks.md."""

import os

import tests.own_servers  # noqa: F401  (its settings come before Django)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

import django

django.setup()

from tests.locks.table import PAGE, write_page  # noqa: E402

PAGE.write_text(write_page())
