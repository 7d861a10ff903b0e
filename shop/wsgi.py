"""The WSGI application that the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

application = get_wsgi_application()

# What was loaded to start with stays: looking through it again for garbage only makes some pages slow.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
