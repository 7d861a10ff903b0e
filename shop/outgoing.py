"""Fetch a file from an address that somebody else wrote down, without becoming their way into our own network.

The host's addresses are looked up once, every one of them must be public, and the connection goes to the address that
was checked (a name that resolves to something else a moment later gains nothing). Redirects are checked alike. Size,
type and time are limited. After OWASP's Server-Side Request Forgery Prevention Cheat Sheet.
"""

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urljoin, urlsplit

_PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TUNNELS: Final = tuple(
    map(ip_network, ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
)
"""IPv6 that carries an IPv4 address inside, by which a private one could be reached."""
_CHUNK: Final = 64 * 1024

Address = tuple[str, int]
Resolver = Callable[[str, int], Sequence[str]]


class FetchRefused(ValueError):
    """The file was not fetched; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """`allowed` names (host, port) that may be private, for a picture server of one's own. Seconds are for the whole fetch."""

    size: int = 20_000_000
    seconds: float = 20.0
    redirects: int = 3
    types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif")
    allowed: frozenset[Address] = field(default_factory=frozenset)


def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of a host. Raises FetchRefused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchRefused(f"There is no host {host[:100]}. Check the address.") from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(address: str) -> bool:
    """False for private, loopback, link-local, multicast, reserved and tunnelled addresses, and for what is none."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and any(found in network for network in _TUNNELS):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def fetch_file(address: str, *, limits: FetchLimits, resolve: Resolver = look_up) -> bytes:
    """The bytes behind an http or https address. Raises FetchRefused."""
    deadline = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        found = _ask(address, limits=limits, resolve=resolve, deadline=deadline)
        if isinstance(found, bytes):
            return found
        address = urljoin(address, found)
    raise FetchRefused(
        f"The address redirects more than {limits.redirects} times. Give the address of the file itself."
    )


def ask_json(address: str, *, question: Mapping[str, str], limits: FetchLimits, resolve: Resolver = look_up) -> bytes:
    """POST a question as JSON; the bytes of the answer. A redirect is none. Raises FetchRefused."""
    deadline = time.monotonic() + limits.seconds
    sent = json.dumps(question).encode()
    found = _ask(address, limits=limits, resolve=resolve, deadline=deadline, sent=sent)
    if isinstance(found, bytes):
        return found
    raise FetchRefused("The service has moved. Nothing was sent to the new address.")


def _ask(
    address: str, *, limits: FetchLimits, resolve: Resolver, deadline: float, sent: bytes | None = None
) -> bytes | str:
    """The file, or where it has moved to."""
    scheme, host, port, target = _split(address, limits=limits)
    checked = _check_host(host, port, limits=limits, resolve=resolve)
    connection = _open(scheme, host=host, port=port, address=checked, seconds=_left(deadline))
    end = threading.Timer(_left(deadline), _cut, [connection.sock])
    end.daemon = True
    end.start()
    try:
        headers = {"Accept": ", ".join(limits.types), "Accept-Encoding": "identity"}
        if sent is None:
            connection.request("GET", target, headers=headers)
        else:
            connection.request("POST", target, body=sent, headers={**headers, "Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status in _REDIRECTS and (location := answer.getheader("Location")):
            return location
        if answer.status != 200:
            raise FetchRefused(f"{host} answered {answer.status} instead of the file. Check the address.")
        return _read(answer, limits=limits, deadline=deadline)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, FetchRefused):
            raise
        raise FetchRefused(f"{host} did not send the file in time, or not whole. Try again later.") from error
    finally:
        end.cancel()
        connection.close()


def _split(address: str, *, limits: FetchLimits) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FetchRefused("This is not an address. Expected one such as https://shop.example/picture.jpg.") from error
    if parts.scheme not in _PORTS or not host:
        raise FetchRefused("Only addresses that begin with http:// or https:// are fetched.")
    if parts.username is not None or parts.password is not None:
        raise FetchRefused("This address holds a name or a password, which are sent nowhere. Remove them.")
    port = port or _PORTS[parts.scheme]
    if port not in _PORTS.values() and (host, port) not in limits.allowed:
        raise FetchRefused(f"Port {port} is none that a public web server answers on. Expected 80 or 443.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port, target.replace(" ", "%20")


def _check_host(host: str, port: int, *, limits: FetchLimits, resolve: Resolver) -> str:
    """The address to connect to. One that is not public among several refuses the host."""
    addresses = resolve(host, port)
    if not addresses or ((host, port) not in limits.allowed and not all(map(is_public, addresses))):
        raise FetchRefused(f"{host[:100]} is not on the public internet. Nothing is fetched from there.")
    return addresses[0]


def _open(scheme: str, *, host: str, port: int, address: str, seconds: float) -> http.client.HTTPConnection:
    """A connection to `address` that speaks, and checks certificates, as `host`."""
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    try:
        sock = socket.create_connection((address, port), timeout=seconds)
        if scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except OSError as error:
        raise FetchRefused(f"{host} cannot be reached. Try again later.") from error
    connection.sock = sock
    return connection


def _cut(sock: socket.socket) -> None:
    """A server that sends a byte now and then keeps every single wait short; the whole ends here all the same."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _read(answer: http.client.HTTPResponse, *, limits: FetchLimits, deadline: float) -> bytes:
    kind = answer.headers.get_content_type()
    if kind not in limits.types:
        raise FetchRefused(f"The address leads to {kind}, not to a picture (JPEG, PNG, WebP, GIF, AVIF).")
    if answer.getheader("Content-Encoding", "identity") != "identity":
        raise FetchRefused("The picture comes packed, though it was asked for as it is.")
    told = answer.getheader("Content-Length", "")
    parts, length = [], int(told) if told.isdigit() else 0
    if length <= limits.size:
        length = 0
        while True:
            _left(deadline)
            chunk = answer.read1(_CHUNK)
            length += len(chunk)
            if not chunk or length > limits.size:
                break
            parts.append(chunk)
    _left(deadline)
    if length > limits.size:
        raise FetchRefused(f"The picture is larger than {limits.size // 10**6} MB. Make it smaller.")
    if told.isdigit() and length < int(told):
        raise FetchRefused("The picture broke off half-way. Try again later.")
    return b"".join(parts)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchRefused("The server took too long. Try again later.")
    return left
