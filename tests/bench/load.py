"""Asking a running shop: one reader at a time for latency, eight connections for throughput."""

import http.client
import itertools
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

CONNECTIONS: Final = 8
MOST_WARMING: Final = 10


def measure_latency(url: str, paths: list[str], *, rounds: int) -> list[float]:
    """Milliseconds of each of `rounds` requests over one connection, ascending. The first ones do not count: a shop that
    was just opened reads from the disk what it has in memory from then on.
    """
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    spent, first = [], min(max(len(paths), 3), MOST_WARMING)
    for number, path in enumerate(itertools.islice(itertools.cycle(paths), rounds + first)):
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, f"{path} answered {answer.status}"
        if number >= first:
            spent.append((time.perf_counter() - began) * 1000)
    connection.close()
    return sorted(spent)


def percentile(spent: list[float], share: float) -> float:
    return spent[min(len(spent) - 1, int(len(spent) * share))]


def measure_throughput(url: str, paths: list[str], *, seconds: int, folder: Path) -> tuple[float, int]:
    """Requests a second over eight connections, and how many answers were not a page. `wrk` where it is installed."""
    if shutil.which("wrk"):
        return _run_wrk(url, paths, seconds=seconds, folder=folder)
    command = [sys.executable, __file__, url, str(seconds), *paths]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(answer[0]), int(answer[1])


def _run_wrk(url: str, paths: list[str], *, seconds: int, folder: Path) -> tuple[float, int]:
    script = folder / "addresses.lua"
    listed = ", ".join(f'"{path}"' for path in paths)
    script.write_text(
        f"local paths = {{{listed}}}\nlocal turn = 0\n"
        'function request()\n  turn = turn + 1\n  return wrk.format("GET", paths[turn % #paths + 1])\nend\n'
    )
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert rate is not None, output
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    return float(rate[1]), int(wrong[1]) if wrong else 0


def _generate(url: str, paths: list[str], *, seconds: float) -> tuple[float, int]:
    """The stand-in for wrk: one process that keeps eight connections busy, each with one request under way."""
    import selectors
    import socket

    place = urlsplit(url)
    turns = itertools.cycle(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode() for path in paths)
    waiting, answers, wrong = selectors.DefaultSelector(), 0, 0
    for _ in range(CONNECTIONS):
        door = socket.create_connection((place.hostname or "", place.port or 80))
        waiting.register(door, selectors.EVENT_READ, bytearray())
        door.sendall(next(turns))
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        for key, _ in waiting.select(1):
            door, read = key.fileobj, key.data
            assert isinstance(door, socket.socket)
            read += door.recv(1 << 18)
            head = read.find(b"\r\n\r\n")
            length = re.search(rb"content-length: *(\d+)", read[:head], re.IGNORECASE) if head > 0 else None
            if length and len(read) >= head + 4 + int(length[1]):
                answers += 1
                wrong += not read.startswith(b"HTTP/1.1 200")
                read.clear()
                door.sendall(next(turns))
    return answers / (time.perf_counter() - began), wrong


if __name__ == "__main__":
    print(*_generate(sys.argv[1], sys.argv[3:], seconds=float(sys.argv[2])))
