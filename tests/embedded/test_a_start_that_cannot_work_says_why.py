"""`make run` on a machine where something is wrong: one sentence, exit code 2, nothing left behind."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from shop.embedded import preflight

ROOT = Path(__file__).resolve().parent.parent.parent


def _run(**changes: str) -> subprocess.CompletedProcess[str]:
    env = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL", "STRIPE_API_BASE"}
    }
    return subprocess.run(
        [sys.executable, "-m", "shop.embedded"],
        cwd=ROOT, env={**env, **changes}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_port_that_is_taken_names_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = _run(PORT=str(port), STATE_DIR=str(tmp_path / "state"))
    assert result.returncode == 2
    assert f"Port {port} is taken" in result.stderr
    assert f"make run PORT={port + 1}" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_demo_is_a_shop_in_euros(tmp_path: Path, settings: Any) -> None:
    result = _run(SHOP_CURRENCY="KWD", STATE_DIR=str(tmp_path / "state"))
    assert result.returncode == 2
    assert "set DEMO=0 for an empty shop in another currency" in result.stderr
    preflight.check_demo("KWD", has_demo=False)
    settings.SHOP_CURRENCY = "KWD"
    with pytest.raises(CommandError, match="say --no-demo"):
        call_command("prepare_shop")


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_no_port_says_what_a_port_is(port: str, tmp_path: Path) -> None:
    result = _run(PORT=port, STATE_DIR=str(tmp_path / "state"))
    assert result.returncode == 2
    assert "whole number from 1 to 65535" in result.stderr


def test_a_state_folder_that_cannot_be_written_names_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.write_text("")
    result = _run(STATE_DIR=str(file / "state"))
    assert result.returncode == 2
    assert "cannot be written" in result.stderr
    assert "STATE_DIR=/path" in result.stderr


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    pid_file = tmp_path / "supervisor.pid"
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "shop.embedded"])
    try:
        pid_file.write_text(str(process.pid))
        while b"shop.embedded" not in Path(f"/proc/{process.pid}/cmdline").read_bytes():
            time.sleep(0.01)
        with pytest.raises(preflight.CannotStart, match="already runs"):
            preflight.check_not_running(pid_file)
    finally:
        process.kill()
        process.wait()
    preflight.check_not_running(pid_file)


def test_an_old_python_is_told_which_ones_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight.sys, "version_info", (3, 9, 1))
    with pytest.raises(preflight.CannotStart, match=r"3\.11, 3\.12 or 3\.13"):
        preflight.check_python()


def _settings(**changes: str | None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **{key: value for key, value in changes.items() if value is not None}}
    for key, value in changes.items():
        if value is None:
            env.pop(key, None)
    code = "import shop.settings"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "fewer than 50 characters"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL is 'mysql://x/y'"),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe'; allowed values: 1, 0."),
        ({"SITE_URL": "shop.example"}, "must begin with https://"),
        ({"STRIPE_SECRET_KEY": "sk_live_x", "DEBUG": "1"}, "live key and DEBUG is 1"),
        ({"ALLOW_SANDBOX": "0"}, "set ALLOW_SANDBOX=1 for a demo"),
        ({"STRIPE_WEBHOOK_SECRET": "a,b,c"}, "one secret, or two"),
        ({"EMAIL_URL": "pigeon://x"}, "EMAIL_URL is 'pigeon://x'"),
        ({"SHOP_CURRENCY": "XYZ"}, "allowed values: EUR"),
        ({"SHOP_CURRENCY": "kwd"}, "SHOP_CURRENCY is 'kwd'; allowed values: EUR"),
        ({"RESERVATION_MINUTES": "soon"}, "whole number from 1 to 1440"),
    ],
)
def test_a_wrong_setting_stops_the_process_with_one_sentence(changes: dict[str, str | None], sentence: str) -> None:
    result = _settings(**changes)
    assert result.returncode == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
