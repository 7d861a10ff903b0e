"""Password hashes of other shops, so that customers sign in as before; Django replaces a hash at the first sign-in.

Formats: phpass of WordPress and WooCommerce (`$P$…`, https://www.openwall.com/phpass/), Magento 1 (`md5:salt`) and
Magento 2 with SHA-256 (`sha256:salt:1`), bcrypt of WordPress, Laravel and Devise (`$2y$…`) where the bcrypt library is
installed, and Django's own.
"""

import hashlib
import re
from importlib.util import find_spec
from typing import Any, Final

from django.contrib.auth.hashers import BasePasswordHasher, identify_hasher
from django.utils.crypto import constant_time_compare

_ALPHABET: Final = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MAGENTO: Final = re.compile(r"([0-9a-f]{32}|[0-9a-f]{64}):([^:$]{1,64})(?::([0-9]))?")
_PHPASS: Final = re.compile(r"\$[PH]\$[./0-9A-Za-z]{31}")
_BCRYPT: Final = re.compile(r"\$2[aby]\$\d\d\$[./0-9A-Za-z]{53}")
_KNOWN: Final = "phpass ($P$…), Magento's SHA-256 or MD5, bcrypt or Django's own hash"


class UnknownHash(ValueError):
    """Nobody could sign in with this hash; the message is the sentence to show."""


def read_hash(text: str) -> str:
    """The hash in the form that Django keeps. Raises UnknownHash; the text itself is in no message."""
    if _PHPASS.fullmatch(text):
        if _ALPHABET.index(text[3]) > 20:
            raise UnknownHash("This hash asks for more rounds than any shop uses. Empty the cell.")
        return f"{PhpassHasher.algorithm}${text}"
    if _BCRYPT.fullmatch(text):
        if find_spec("bcrypt") is None:
            raise UnknownHash(
                "This is a bcrypt hash, and the bcrypt library is not installed here. Install it, or empty the cell: the "
                "customer then chooses a new password by mail."
            )
        return f"bcrypt$$2b${text[4:]}"
    if found := _MAGENTO.fullmatch(text):
        digest, salt, version = found.groups()
        if (len(digest), version) in ((64, None), (64, "1")):
            return f"{MagentoHasher.algorithm}$sha256${salt}${digest}"
        if (len(digest), version) in ((32, None), (32, "0")):
            return f"{MagentoHasher.algorithm}$md5${salt}${digest}"
    try:
        identify_hasher(text)
    except ValueError as error:
        raise UnknownHash(
            f"This kind of password hash cannot be checked here. Expected {_KNOWN}; or empty the cell: the customer then "
            "chooses a new password by mail."
        ) from error
    return text


class _OldHasher(BasePasswordHasher):
    """Only verifies. New passwords are never written in an old format."""

    def salt(self) -> str:
        raise NotImplementedError("Old hashes are read, never written.")

    def encode(self, password: str, salt: str) -> str:
        raise NotImplementedError("Old hashes are read, never written.")

    def must_update(self, encoded: str) -> bool:
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """The hash is replaced at the next sign-in; there is no slower form of it to imitate."""

    def safe_summary(self, encoded: str) -> Any:
        return {"algorithm": self.algorithm}


class PhpassHasher(_OldHasher):
    algorithm = "phpass"

    def verify(self, password: str, encoded: str) -> bool:
        stored = encoded.removeprefix(f"{self.algorithm}$")
        return constant_time_compare(_phpass(password.encode(), setting=stored[:12]), stored)


class MagentoHasher(_OldHasher):
    """`magento$sha256$<salt>$<digest>`: the digest of salt and password."""

    algorithm = "magento"

    def verify(self, password: str, encoded: str) -> bool:
        _, name, salt, digest = encoded.split("$", 3)
        return constant_time_compare(hashlib.new(name, (salt + password).encode()).hexdigest(), digest)


def _phpass(password: bytes, *, setting: str) -> str:
    """`$P$`, the binary logarithm of the rounds, eight characters of salt; then 16 bytes of MD5 in phpass' own base 64."""
    digest = hashlib.md5(setting[4:].encode() + password, usedforsecurity=False).digest()
    for _ in range(1 << _ALPHABET.index(setting[3])):
        digest = hashlib.md5(digest + password, usedforsecurity=False).digest()
    written, position = [], 0
    while position < 16:
        value = digest[position]
        position += 1
        written.append(_ALPHABET[value & 63])
        if position < 16:
            value |= digest[position] << 8
        written.append(_ALPHABET[(value >> 6) & 63])
        if position >= 16:
            break
        position += 1
        if position < 16:
            value |= digest[position] << 16
        written.append(_ALPHABET[(value >> 12) & 63])
        if position >= 16:
            break
        position += 1
        written.append(_ALPHABET[(value >> 18) & 63])
    return setting + "".join(written)
