"""Start the payment sandbox: `python -m shop.embedded.sandbox --port 8420 --state-file sandbox.sqlite3`."""

import argparse
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from shop.embedded.sandbox.sandbox import Settings, open_sandbox
from shop.embedded.sandbox.server import SandboxServer
from shop.embedded.sandbox.webhooks import register_endpoint


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m shop.embedded.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=0, help="0 chooses a free one")
    parser.add_argument("--state-file", type=Path, help="SQLite file; without it nothing survives a restart")
    parser.add_argument("--public-url", default="", help="how browsers reach the hosted page, when it differs")
    parser.add_argument("--webhook-url", help="where events are sent")
    parser.add_argument("--webhook-secret", help="whsec_... the events are signed with")
    parser.add_argument("--merchant-name", default="Lumen & Loom")
    parser.add_argument("--webhook-tries", type=int, default=12)
    parser.add_argument("--retry-base", type=float, default=1.0, help="seconds before the first retry; it doubles")
    parser.add_argument("--short-sessions", action="store_true", help="allow Checkout Sessions of under 30 minutes")
    known = parser.parse_args(arguments)
    if bool(known.webhook_url) != bool(known.webhook_secret):
        parser.error("--webhook-url and --webhook-secret belong together: give both or neither.")
    return known


def _refuse(reason: str) -> int:
    print(f"The payment sandbox {reason}", file=sys.stderr)
    return 1


def main(arguments: list[str]) -> int:
    known = read_arguments(arguments)
    settings = Settings(
        merchant_name=known.merchant_name,
        public_url=known.public_url.rstrip("/"),
        webhook_tries=known.webhook_tries,
        retry_base=known.retry_base,
        short_sessions=known.short_sessions,
    )
    try:
        sandbox = open_sandbox(state_file=known.state_file, settings=settings)
    except (OSError, sqlite3.Error) as error:
        return _refuse(f"cannot keep its state in {known.state_file}: {error}")
    try:
        server = SandboxServer((known.host, known.port), sandbox)
    except (OSError, OverflowError) as error:
        return _refuse(f"cannot listen on {known.host}:{known.port}: {error}")
    if known.webhook_url:
        register_endpoint(sandbox, url=known.webhook_url, secret=known.webhook_secret)
    server.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the loop that this very thread runs, so another one has to ask.
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
    print(settings.public_url, flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
