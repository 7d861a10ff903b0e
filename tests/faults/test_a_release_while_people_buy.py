"""F14: a new release is migrated while people buy from the old one; for a while both serve, then the new one alone.

The release is this code with one more column and one more index on the order's payments, the busiest table of the
checkout. No shopper gets an error; no page waits as long as two seconds for the migration's locks.
"""

import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.faults.books import assert_all_is_well
from tests.faults.buying import new_shopper
from tests.faults.second_web import second_web
from tests.live.running_shop import ROOT, RunningShop

pytestmark = [pytest.mark.live, pytest.mark.long, pytest.mark.timeout(1800)]
MIGRATION = """
from django.db import migrations

class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "{latest}")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE checkout_paymentattempt ADD COLUMN channel varchar(16) NOT NULL DEFAULT 'web'",
            "ALTER TABLE checkout_paymentattempt DROP COLUMN channel",
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY checkout_attempt_channel ON checkout_paymentattempt (channel)",
            "DROP INDEX checkout_attempt_channel",
        ),
    ]
"""
LONGEST_WAIT = 2.0


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The tree of the next release."""
    tree = tmp_path / "release"
    left_out = shutil.ignore_patterns(
        ".git", ".venv", ".test", ".local", "__pycache__", "tests", ".*_cache", ".hypothesis"
    )
    shutil.copytree(ROOT, tree, ignore=left_out, symlinks=True)
    latest = sorted(file.stem for file in (tree / "checkout" / "migrations").glob("0*.py"))[-1]
    (tree / "checkout" / "migrations" / "9999_note_the_channel.py").write_text(MIGRATION.format(latest=latest))
    return tree


def test_nobody_notices_a_release(shop: RunningShop, release: Path) -> None:
    over, pages, buyers = threading.Event(), Counter[str](), Counter[str]()
    waits: list[float] = []

    def read(url: str) -> None:
        with httpx.Client(base_url=url, timeout=30) as client:
            while not over.is_set():
                began = time.monotonic()
                pages[str(client.get("/p/calm-mug/").status_code)] += 1
                waits.append(time.monotonic() - began)
                time.sleep(0.1)

    def buy(url: str) -> None:
        while not over.is_set():
            shopper = new_shopper(shop)
            shopper.base, shopper.client.base_url = url, httpx.URL(url)
            shopper.add("/p/calm-mug/")
            shopper.fill_checkout()
            shopper.place()
            shopper.pay()
            buyers["thanked" if "Thank you" in shopper.page.text else shopper.page.text[:200]] += 1
            buyers[f"errors {max(shopper.statuses)}"] += max(shopper.statuses) >= 500
            shopper.close()

    with ThreadPoolExecutor(6) as pool:
        old = [pool.submit(act, shop.url) for act in (read, buy, buy)]
        try:
            time.sleep(3)
            began = time.monotonic()
            migrate(shop, release)
            spent = time.monotonic() - began
            with second_web(shop, tree=release) as url:
                new = [pool.submit(act, url) for act in (read, buy)]
                time.sleep(8)
                over.set()
                for one in (*old, *new):
                    one.result(timeout=120)
        finally:
            over.set()
    print(f"\nmigrated in {spent:.1f} s; pages {dict(pages)}, slowest {max(waits):.2f} s; buyers {dict(+buyers)}")
    assert set(pages) == {"200"}
    assert set(+buyers) == {"thanked"}
    assert max(waits) < LONGEST_WAIT
    assert_all_is_well(shop)
    migrate(shop, release, back=True)


def test_a_migration_that_does_not_get_its_lock_tries_again_and_holds_up_nobody(
    shop: RunningShop, release: Path
) -> None:
    """How it gives up in the end is shown beside the command itself."""
    waits: list[float] = []
    with ThreadPoolExecutor(1) as pool, psycopg.connect(shop.services["DATABASE_URL"]) as long_report:
        long_report.execute("SELECT count(*) FROM checkout_paymentattempt")
        migrating = pool.submit(migrate, shop, release)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            began = time.monotonic()
            shopper = new_shopper(shop)
            shopper.add("/p/calm-mug/")
            shopper.fill_checkout()
            shopper.place()
            shopper.pay()
            waits.append(time.monotonic() - began)
            assert max(shopper.statuses) < 500
            shopper.close()
        assert not migrating.done(), "it cannot have had its lock"
        long_report.rollback()
        migrating.result(timeout=120)
    assert max(waits) < 8 * LONGEST_WAIT, "a purchase is eight pages"
    print(f"\n{len(waits)} bought while a migration waited, the slowest in {max(waits):.1f} s")
    assert_all_is_well(shop)
    migrate(shop, release, back=True)


def migrate(shop: RunningShop, tree: Path, *, back: bool = False) -> None:
    latest = sorted(file.stem for file in (ROOT / "checkout" / "migrations").glob("0*.py"))[-1]
    command = [sys.executable, "manage.py", "migrate", *(["checkout", latest] if back else [])]
    env = {**shop.env, **shop.services}
    result = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr
