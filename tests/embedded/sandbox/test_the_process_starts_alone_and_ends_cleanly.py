import subprocess
import sys
import time
from pathlib import Path

import pytest
import stripe

from shop.embedded.sandbox.client import SandboxControl

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "shop.embedded.sandbox", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=20, check=False)


def test_it_imports_nothing_of_the_shop_and_no_library():
    code = (
        "import sys; import shop.embedded.sandbox.__main__;"
        "print([name for name in sys.modules if name.split('.')[0] in ('django', 'oscar', 'stripe', 'celery', 'httpx')"
        " or (name.startswith('shop.') and not name.startswith('shop.embedded'))])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert answer.stdout.strip() == "[]"


def test_it_prints_its_address_and_stops_when_asked(start_sandbox):
    process = start_sandbox()
    assert process.url.startswith("http://127.0.0.1:")
    assert process.stop() == 0


def test_listening_everywhere_still_gives_an_address_one_can_visit(start_sandbox):
    assert start_sandbox("--host", "0.0.0.0").url.startswith("http://127.0.0.1:")


def test_it_stops_at_once_while_visitors_wait(start_sandbox, connect_to):
    process = start_sandbox()
    SandboxControl(process.url).fail_next(kind="timeout", seconds=30)
    with pytest.raises(stripe.APIConnectionError):
        connect_to(process.url, timeout=0.2).v1.balance.retrieve()
    started = time.monotonic()
    assert process.stop() == 0
    assert time.monotonic() - started < 2


def test_a_taken_port_is_one_sentence(start_sandbox):
    port = start_sandbox().url.rpartition(":")[2]
    answer = run("--port", port)
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{port}" in answer.stderr


def test_an_unwritable_state_file_is_one_sentence():
    answer = run("--state-file", "/proc/nowhere/sandbox.sqlite3")
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "/proc/nowhere/sandbox.sqlite3" in answer.stderr


def test_a_webhook_address_needs_its_secret():
    answer = run("--webhook-url", "http://127.0.0.1:1/")
    assert answer.returncode == 2
    assert "belong together" in answer.stderr


def test_the_shop_can_be_named(start_sandbox, connect_to):
    import httpx

    process = start_sandbox("--merchant-name", "Tea & Sons")
    assert "Tea &amp; Sons" in httpx.get(process.url).text


def test_a_shop_that_moved_gets_its_webhooks_at_its_new_address_only(start_sandbox, connect_to, tmp_path):
    given = ("--state-file", str(tmp_path / "state.sqlite"), "--webhook-secret", "whsec_given", "--webhook-url")
    for address in ("http://127.0.0.1:9/before/", "http://127.0.0.1:9/after/"):
        process = start_sandbox(*given, address)
        endpoints = connect_to(process.url).v1.webhook_endpoints.list()
        assert [one.url for one in endpoints.data] == [address]
        process.stop()
