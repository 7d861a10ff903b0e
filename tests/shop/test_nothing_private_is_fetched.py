"""The client that fetches from strangers' addresses: public hosts only, checked at every step, limited in all directions."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shop.outgoing import FetchLimits, FetchRefused, ask_json, fetch_file, is_public

pytestmark = pytest.mark.feature("SE04")
PICTURE = b"\xff\xd8" + b"picture" * 100


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Host"]))  # type: ignore[attr-defined]
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to?"))
            self.end_headers()
        elif self.path == "/drip":
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.end_headers()
            try:
                for _ in range(200):
                    self.wfile.write(b"x")
                    time.sleep(0.1)
            except OSError:
                pass
        else:
            kind = "text/html" if self.path == "/page" else "image/jpeg"
            length = 10**9 if self.path == "/huge" else len(PICTURE) * (2 if self.path == "/short" else 1)
            self.send_response(404 if self.path == "/gone" else 200)
            self.send_header("Content-Type", kind)
            if self.path != "/endless":
                self.send_header("Content-Length", str(length))
            self.end_headers()
            try:
                for _ in range(10_000 if self.path == "/endless" else 1):
                    self.wfile.write(PICTURE)
            except OSError:
                pass

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, sent))  # type: ignore[attr-defined]
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def here(server: ThreadingHTTPServer, path: str) -> tuple[str, FetchLimits]:
    port = server.server_address[1]
    limits = FetchLimits(size=100_000, seconds=1.5, allowed=frozenset({("127.0.0.1", port)}))
    return f"http://127.0.0.1:{port}{path}", limits


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "nonsense",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x.jpg",
        "http://localhost/x.jpg",
        "http://[::1]/x.jpg",
        "http://[::ffff:127.0.0.1]/x.jpg",
        "http://2130706433/x.jpg",
        "http://0x7f.1/x.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "ftp://example.com/x.jpg",
        "http://user:secret@example.com/x.jpg",
        "http://8.8.8.8:6379/x.jpg",
        "http://",
        "http://[bad/x.jpg",
        "//example.com/x.jpg",
        "http://no-such-host.invalid/x.jpg",
    ],
)
def test_what_is_not_a_public_web_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(FetchRefused) as refused:
        fetch_file(address, limits=FetchLimits(seconds=2))
    assert str(refused.value).endswith(".")
    assert "secret" not in str(refused.value)


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    with pytest.raises(FetchRefused, match="public internet"):
        fetch_file(
            "http://mixed.example/x.jpg", limits=FetchLimits(), resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"]
        )


def test_the_checked_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers differently the second time is asked once only."""
    answers, connected = [["93.184.216.34"], ["127.0.0.1"]], []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchRefused, match="cannot be reached"):
        fetch_file("http://rebind.example/x.jpg", limits=FetchLimits(), resolve=lambda host, port: answers.pop(0))
    assert connected == [("93.184.216.34", 80)]
    assert len(answers) == 1


def test_an_allowed_server_is_fetched_from_by_its_own_name(server: ThreadingHTTPServer) -> None:
    port = server.server_address[1]
    limits = FetchLimits(allowed=frozenset({("pictures.test", port)}))
    address = f"http://pictures.test:{port}/a.jpg?x=1"
    assert fetch_file(address, limits=limits, resolve=lambda host, port: ["127.0.0.1"]) == PICTURE
    assert server.asked == [("/a.jpg?x=1", f"pictures.test:{port}")]  # type: ignore[attr-defined]


def test_redirects_are_checked_like_the_first_address(server: ThreadingHTTPServer) -> None:
    address, limits = here(server, "/to?/a.jpg")
    assert fetch_file(address, limits=limits) == PICTURE
    for target in (
        "http://localhost/x.jpg",
        "http://[::1]/x",
        "file:///etc/passwd",
        "//10.0.0.1/x",
        "/to?/to?/to?/to?/a",
    ):
        with pytest.raises(FetchRefused):
            fetch_file(here(server, f"/to?{target}")[0], limits=limits)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/page", "leads to text/html"),
        ("/gone", "answered 404"),
        ("/huge", "larger than"),
        ("/endless", "larger than"),
        ("/short", "broke off|not whole"),
        ("/drip", "in time|too long"),
    ],
)
def test_size_type_and_time_are_limited(server: ThreadingHTTPServer, path: str, words: str) -> None:
    address, limits = here(server, path)
    began = time.monotonic()
    with pytest.raises(FetchRefused, match=words):
        fetch_file(address, limits=limits)
    assert time.monotonic() - began < 10


def test_a_question_is_posted_once_and_follows_no_redirect(server: ThreadingHTTPServer) -> None:
    host, port = server.server_address[:2]
    limits = FetchLimits(types=("application/json",), allowed=frozenset({(str(host), int(port))}))
    question = {"vatNumber": "1"}
    assert ask_json(f"http://{host}:{port}/ask", question=question, limits=limits) == b'{"vatNumber": "1"}'
    with pytest.raises(FetchRefused, match="has moved"):
        ask_json(f"http://{host}:{port}/moved", question=question, limits=limits)
    with pytest.raises(FetchRefused, match="not on the public internet"):
        ask_json("http://127.0.0.1/ask", question=question, limits=FetchLimits(types=("application/json",)))
    assert [path for path, _ in server.asked] == ["/ask", "/moved"]  # type: ignore[attr-defined]
