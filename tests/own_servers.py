"""Services of the test run: an embedded PostgreSQL and Redis of its own, started before Django reads its settings.

TEST_DATABASE_URL and TEST_REDIS_URL name running servers instead.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

_RUN = "SHOP_TEST_RUN"


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="shop-test-"))
    folder.chmod(0o755)
    os.environ[_RUN] = str(os.getpid())
    database_url = os.environ.get("TEST_DATABASE_URL")
    if not database_url:
        from shop.embedded.postgres import EmbeddedPostgres

        postgres = EmbeddedPostgres(folder / "postgres", durable=False, max_connections=300)
        postgres.start()
        atexit.register(postgres.stop)
        database_url = postgres.url("postgres")
    redis_url = os.environ.get("TEST_REDIS_URL")
    if not redis_url:
        from shop.embedded.redis_server import EmbeddedRedis

        redis = EmbeddedRedis(folder / "redis")
        redis.start()
        atexit.register(redis.stop)
        redis_url = redis.url
    os.environ.update(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "STATE_DIR": str(folder / "state"),
            "SECRET_KEY": "tests-only-" * 6,
            "DEBUG": "0",
            "SITE_URL": "http://testserver",
            "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
            "STRIPE_SECRET_KEY": "sk_test_tests",
            "STRIPE_PUBLISHABLE_KEY": "pk_test_tests",
            "STRIPE_WEBHOOK_SECRET": "whsec_tests",
            "STRIPE_API_BASE": "http://127.0.0.1:9",
            "ALLOW_SANDBOX": "1",
            "EMAIL_URL": "memory://",
            "LOG_LEVEL": "ERROR",
        }
    )
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


if _RUN not in os.environ:
    _start()
