"""Addresses of pictures in a file are left alone unless the import is asked to fetch them, and then with care."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from catalog.media.records import MediaFile, ProductMedia
from shop.outgoing import FetchLimits

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SE04")]


def draw(colour: str) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(kept, "PNG")
    return kept.getvalue()


FILES = {"/red.png": draw("red"), "/blue.png": draw("blue"), "/no-picture.png": b"<svg onload=alert(1)>"}


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.asked.append(self.path)  # type: ignore[attr-defined]
            data = FILES.get(self.path, b"")
            self.send_response(200 if data else 404)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def rows(server: ThreadingHTTPServer, *, host: str = "127.0.0.1") -> str:
    at = f"http://{host}:{server.server_address[1]}"
    return (
        "handle,sku,title,price,images\n"
        f"a,A,A,5,{at}/red.png|{at}/blue.png\nb,B,B,5,{at}/red.png\nc,C,C,5,{at}/gone.png|{at}/no-picture.png\n"
    )


def test_nothing_is_fetched_unless_asked_for(run_import, server) -> None:
    report = run_import(rows(server))
    assert (report.created, server.asked) == (3, [])
    assert MediaFile.objects.count() == 0


def test_each_picture_is_fetched_once_and_a_bad_one_is_named(run_import, server) -> None:
    allowed = FetchLimits(allowed=frozenset({("127.0.0.1", server.server_address[1])}))
    report = run_import(rows(server), fetches=allowed)
    assert (report.created, report.failed) == (3, 0)
    assert sorted(server.asked) == ["/blue.png", "/gone.png", "/no-picture.png", "/red.png"]
    assert MediaFile.objects.count() == 2
    assert ProductMedia.objects.count() == 3
    assert any("answered 404" in note for note in report.notes)
    again = run_import(rows(server), fetches=allowed)
    assert (again.unchanged, MediaFile.objects.count()) == (3, 2)


def test_a_dry_run_fetches_nothing(run_import, server) -> None:
    allowed = FetchLimits(allowed=frozenset({("127.0.0.1", server.server_address[1])}))
    assert run_import(rows(server), fetches=allowed, dry_run=True).created == 3
    assert server.asked == []


def test_a_private_address_in_a_file_is_not_asked(run_import, server) -> None:
    report = run_import(rows(server, host="localhost"), fetches=FetchLimits())
    assert (report.created, server.asked) == (3, [])
    assert MediaFile.objects.count() == 0
    assert any("Port" in note or "public internet" in note for note in report.notes)
