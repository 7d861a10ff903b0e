"""HTTP for the sandbox: a thread for each connection, kept alive, and an address for each kind of visitor."""

import socket
import struct
import sys
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from shop.embedded.sandbox.api import Answer, Request, answer_request
from shop.embedded.sandbox.control import Control
from shop.embedded.sandbox.courier import Courier
from shop.embedded.sandbox.later import Ticker
from shop.embedded.sandbox.pages import answer_page
from shop.embedded.sandbox.sandbox import Sandbox

LARGEST_BODY = 1_000_000
SILENCE = 30.0


class SandboxServer(ThreadingHTTPServer):
    """Owns the sandbox and its background threads; `start` begins them, `server_close` ends them."""

    daemon_threads = True
    request_queue_size = 512
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.courier = Courier(sandbox)
        self.control = Control(sandbox, self.courier)
        self.ticker = Ticker(sandbox)
        sandbox.after_commit = self.courier.take_fresh
        # Binds last: a taken port closes the server, and so everything it owns.
        super().__init__(address, Handler)
        host, port = self.server_address[0], self.server_address[1]
        # Listening everywhere is no address a browser could visit.
        visible = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
        sandbox.settings.public_url = sandbox.settings.public_url or f"http://{visible!s}:{port}"

    def start(self) -> None:
        self.courier.start()
        self.ticker.start()

    def server_close(self) -> None:
        self.ticker.stop()
        self.courier.stop()
        super().server_close()
        self.sandbox.store.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who hangs up is no news."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            traceback.print_exc()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SandboxServer
    server_version = "PaymentSandbox"
    sys_version = ""
    timeout = 75
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle_any(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY or self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            self._send(Answer(413, b"The request body must have a length of at most 1 MB.\n"))
            return
        body = self.rfile.read(int(length))
        parts = urlsplit(self.path)
        request = Request(self.command, parts.path, parts.query, self.headers, body)
        if parts.path.startswith("/_control/"):
            answer = self.server.control.answer(request)
        elif parts.path.startswith("/v1/"):
            answer = answer_request(self.server.sandbox, request)
        else:
            answer = answer_page(self.server.sandbox, request)
        self._send(answer)

    do_GET = do_HEAD = do_POST = do_DELETE = handle_any  # noqa: N815  (the names http.server calls)

    def _send(self, answer: Answer) -> None:
        if answer.hang_up:
            self.close_connection = True
            if answer.hang_up == "silent":
                time.sleep(answer.hold or SILENCE)
            else:
                # An immediate close with nothing sent becomes a reset on the wire.
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: events and deliveries tell more than an access log, and addresses hold client secrets."""
