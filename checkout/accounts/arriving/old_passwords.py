"""Password hashes of other shops, so that customers sign in as before; Django replaces a hash at the first sign-in.

Formats: phpass of WordPress and WooCommerce (`$P$…`, https://www.openwall.com/phpass/), Magento 1 (`md5:salt`) and
Magento 2 with SHA-256 (`sha256:salt:1`), bcrypt of Laravel (Bagisto) and Devise (Spree) (`$2y$…`, `$2a$…`), bcrypt of
WordPress since 6.8 (`$wp$2y$…`, https://make.wordpress.org/core/2025/02/17/wordpress-6-8-will-use-bcrypt-for-password-hashing/),
and Django's own.
"""

import base64
import hashlib
import hmac
import re
from typing import Any, Final

import bcrypt
from django.contrib.auth.hashers import BasePasswordHasher, identify_hasher
from django.utils.crypto import constant_time_compare

_ALPHABET: Final = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MAGENTO: Final = re.compile(r"([0-9a-f]{32}|[0-9a-f]{64}):([^:$]{1,64})(?::([0-9]))?")
_PHPASS: Final = re.compile(r"\$[PH]\$[./0-9A-Za-z]{31}")
_BCRYPT: Final = re.compile(r"(\$wp)?\$2[aby]\$(\d\d)\$([./0-9A-Za-z]{53})")
_MOST_DOUBLINGS: Final = 15
_LONGEST: Final = 72
"""Bytes of a password that bcrypt hears; PHP and Ruby leave out the rest, the library refuses it."""
TOO_MANY_ROUNDS: Final = "This hash asks for more rounds than any shop uses. Empty the cell."
_KNOWN: Final = "phpass ($P$…), Magento's SHA-256 or MD5, bcrypt or Django's own hash"


class UnknownHash(ValueError):
    """Nobody could sign in with this hash; the message is the sentence to show."""


def read_hash(text: str) -> str:
    """The hash in the form that Django keeps. Raises UnknownHash; the text itself is in no message."""
    if _PHPASS.fullmatch(text):
        if _ALPHABET.index(text[3]) > 20:
            raise UnknownHash(TOO_MANY_ROUNDS)
        return f"{PhpassHasher.algorithm}${text}"
    if found := _BCRYPT.fullmatch(text):
        prefix, doublings, rest = found.groups()
        if not 4 <= int(doublings) <= _MOST_DOUBLINGS:
            raise UnknownHash(TOO_MANY_ROUNDS)
        hasher = WordpressBcryptHasher if prefix else OldBcryptHasher
        return f"{hasher.algorithm}$$2b${doublings}${rest}"
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


class OldBcryptHasher(_OldHasher):
    """`bcrypt$$2b$12$…`, as Django writes it too: of a password of any length, where Django's own would break off."""

    algorithm = "bcrypt"

    def verify(self, password: str, encoded: str) -> bool:
        stored = encoded.removeprefix(f"{self.algorithm}$").encode()
        try:
            return constant_time_compare(bcrypt.hashpw(self.prepare(password), stored), stored)
        except ValueError:  # a byte that no password of bcrypt has
            return False

    def prepare(self, password: str) -> bytes:
        return password.encode()[:_LONGEST]


class WordpressBcryptHasher(OldBcryptHasher):
    """Of a digest of the password, so that long ones count to their end. WordPress takes outer blanks away (PHP's trim)."""

    algorithm = "wordpress_bcrypt"

    def prepare(self, password: str) -> bytes:
        trimmed = password.strip(" \t\n\r\0\x0b").encode()
        return base64.b64encode(hmac.digest(b"wp-sha384", trimmed, "sha384"))


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
