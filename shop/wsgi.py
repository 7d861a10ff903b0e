"""The WSGI application that the web server loads."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

application = get_wsgi_application()

# What was loaded to start with stays: looking through it again for garbage only makes some pages slow.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)

# Who holds a lock in the database and waits for Python's turn keeps others waiting: turns of one millisecond, not five.
sys.setswitchinterval(0.001)
