"""Password hashes of other shops, so that customers sign in as before; Django replaces a hash at the first sign-in.

Formats: phpass of WordPress and WooCommerce (`$P$…`, https://www.openwall.com/phpass/), Magento 1 (`md5:salt`) and
Magento 2 (`hash:salt:1`; Argon2id as `hash:salt:2` and `hash:salt:3_32_2_67108864`; a hash that was hashed again as
`hash:salt:1:2`, https://developer.adobe.com/commerce/php/development/security/hashing), bcrypt of Laravel (Bagisto) and
Devise (Spree) (`$2y$…`, `$2a$…`), bcrypt of WordPress since 6.8 (`$wp$2y$…`,
https://make.wordpress.org/core/2025/02/17/wordpress-6-8-will-use-bcrypt-for-password-hashing/), and Django's own.
"""

import base64
import hashlib
import hmac
import re
from typing import Any, Final

import bcrypt
from argon2.low_level import Type, hash_secret_raw
from django.contrib.auth.hashers import BasePasswordHasher, identify_hasher
from django.utils.crypto import constant_time_compare

_ALPHABET: Final = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MAGENTO: Final = re.compile(r"([0-9a-f]{32,128}):([^:$]{1,64})((?::[0-9_]+){0,4})")
_ARGON: Final = re.compile(r"3_(\d{1,3})_(\d{1,2})_(\d{1,10})")
_PHPASS: Final = re.compile(r"\$[PH]\$[./0-9A-Za-z]{31}")
_BCRYPT: Final = re.compile(r"(\$wp)?\$2[aby]\$(\d\d)\$([./0-9A-Za-z]{53})")
_PLAIN: Final = {"0": "md5", "1": "sha256", "md5": "md5", "sha256": "sha256"}
_LENGTHS: Final = {"0": 16, "1": 32, "2": 32}
_INTERACTIVE: Final = "3_32_2_67108864"
"""Version 2 of Magento in the words of version 3: bytes of the digest, passes, bytes of memory."""
_SALT: Final = 16
_MOST_DOUBLINGS: Final = 15
_LONGEST: Final = 72
"""Bytes of a password that bcrypt hears; PHP and Ruby leave out the rest, the library refuses it."""
TOO_MANY_ROUNDS: Final = "This hash asks for more rounds than any shop uses. Empty the cell."
_MOST_PASSES, _MOST_MEMORY = 4, 256 * 1024**2
"""Of Argon2: what libsodium calls moderate, 3 passes over 256 MiB, is let through."""
_COLUMN: Final = 128
_KNOWN: Final = "phpass ($P$…), Magento's Argon2id, SHA-256 or MD5, bcrypt or Django's own hash"


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
    if (found := _MAGENTO.fullmatch(text)) and (kept := _read_magento(*found.groups())):
        return kept
    try:
        identify_hasher(text)
    except ValueError as error:
        raise UnknownHash(
            f"This kind of password hash cannot be checked here. Expected {_KNOWN}; or empty the cell: the customer then "
            "chooses a new password by mail."
        ) from error
    return text


def _read_magento(digest: str, salt: str, versions: str) -> str:
    """As it is kept here; empty for one that no version of Magento writes."""
    chain = versions[1:] or ("0" if len(digest) == 32 else "1")
    lengths = [_LENGTHS.get(version) or _read_argon(version) for version in chain.split(":")]
    kept = f"{MagentoHasher.algorithm}${chain}${salt}${digest}"
    return kept if all(lengths) and len(digest) == 2 * lengths[-1] and len(kept) <= _COLUMN else ""


def _read_argon(version: str) -> int:
    """Bytes of its digest; 0 for what Argon2 cannot do."""
    found = _ARGON.fullmatch(version)
    if found is None:
        return 0
    length, passes, memory = map(int, found.groups())
    if passes > _MOST_PASSES or memory > _MOST_MEMORY:
        raise UnknownHash(TOO_MANY_ROUNDS)
    return length if length >= 16 and passes and memory >= 8 * 1024 else 0


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
    """`magento$1:2$<salt>$<digest>`: each of Magento's versions hashes what the one before gave.

    Versions 0 and 1 are MD5 and SHA-256 of the salt and that; 2 and 3 Argon2id (libsodium's: one lane, version 1.3) with
    16 bytes of the salt, cut or repeated. Hashes kept earlier name version 0 `md5` and version 1 `sha256`.
    """

    algorithm = "magento"

    def verify(self, password: str, encoded: str) -> bool:
        _, chain, salt, digest = encoded.split("$", 3)
        found = password
        for version in chain.split(":"):
            plain = _PLAIN.get(version)
            found = _digest(plain, salt + found) if plain else _argon2(found, salt, version)
        return constant_time_compare(found, digest)


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


def _digest(name: str, text: str) -> str:
    return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def _argon2(text: str, salt: str, version: str) -> str:
    length, passes, memory = map(int, (_INTERACTIVE if version == "2" else version).split("_")[1:])
    seed = salt.encode()
    return hash_secret_raw(
        text.encode(),
        (seed * (_SALT // len(seed) + 1))[:_SALT],
        time_cost=passes,
        memory_cost=memory // 1024,
        parallelism=1,
        hash_len=length,
        type=Type.ID,
    ).hex()


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
