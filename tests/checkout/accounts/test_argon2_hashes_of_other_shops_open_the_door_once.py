"""Magento's Argon2id, alone and over an older hash, lets its customers in; so does an Argon2 hash of another Django shop."""

import hashlib

import pytest
from argon2.low_level import Type, hash_secret_raw
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client

from checkout.accounts.arriving.old_passwords import UnknownHash, read_hash
from checkout.accounts.models import User
from tests.checkout.accounts.test_customers_arrive_from_another_shop import run, sign_in

__all__ = ["run"]

SECRET = "Slow-Meadow-17"
SALT = "8qnyO4H1OYIfGCUb"


def argon2id(text: str, salt: str = SALT, *, passes: int = 2, kib: int = 65_536) -> str:
    """As `sodium_crypto_pwhash(32, $text, $salt, $passes, $bytes, SODIUM_CRYPTO_PWHASH_ALG_ARGON2ID13)` in hex."""
    raw = hash_secret_raw(text.encode(), salt.encode(), passes, kib, 1, 32, Type.ID, version=19)
    return raw.hex()


def sha256(text: str, salt: str = SALT) -> str:
    return hashlib.sha256((salt + text).encode()).hexdigest()


def md5(text: str, salt: str = SALT) -> str:
    return hashlib.md5((salt + text).encode()).hexdigest()


LONG = "x" * 32
STORED = {
    "interactive": f"{argon2id(SECRET)}:{SALT}:2",
    "agnostic": f"{argon2id(SECRET, passes=1, kib=8)}:{SALT}:3_32_1_8192",
    "over sha-256": f"{argon2id(sha256(SECRET))}:{SALT}:1:2",
    "over md5 and sha-256": f"{argon2id(sha256(md5(SECRET)), passes=1, kib=8)}:{SALT}:0:1:3_32_1_8192",
    "sha-256 over md5": f"{sha256(md5(SECRET))}:{SALT}:0:1",
    "a long salt": f"{argon2id(sha256(SECRET, LONG), LONG[:16])}:{LONG}:1:3_32_2_67108864",
    "a short salt": f"{argon2id(SECRET, 'abcdef' * 2 + 'abcd', passes=1, kib=8)}:abcdef:3_32_1_8192",
    "another Django shop": make_password(SECRET, hasher="argon2"),
}


@pytest.mark.django_db
@pytest.mark.feature("IE08")
@pytest.mark.parametrize("kind", STORED)
def test_it_opens_the_door_once_and_is_replaced(client: Client, run, kind: str) -> None:
    cell = STORED[kind].replace('"', '""')
    assert run(f'email,password_hash\nann@example.com,"{cell}"\n')["created"] == 1
    user = User.objects.get()
    assert not user.check_password("something else 9")
    assert sign_in(client, "ann@example.com", SECRET)
    user = User.objects.get()
    assert user.password.partition("$")[0] not in ("magento", "argon2")
    assert user.check_password(SECRET)


def test_the_published_vector_of_argon2id_holds() -> None:
    """Of the reference implementation (github.com/P-H-C/phc-winner-argon2, test.c: 2 passes, 64 MiB, one lane)."""
    digest = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
    stored = read_hash(f"{digest}:somesaltsomesalt:2")
    assert argon2id("password", "somesaltsomesalt") != digest, "its salt has eight characters"
    assert hash_secret_raw(b"password", b"somesalt", 2, 65_536, 1, 32, Type.ID).hex() == digest
    assert check_password("password", read_hash(f"{argon2id('password', 'somesaltsomesalt')}:somesalt:2"))
    assert not check_password("password", stored)


def test_hashes_that_were_kept_under_the_names_of_their_ways_still_open() -> None:
    assert check_password(SECRET, f"magento$sha256${SALT}${sha256(SECRET)}")
    assert check_password(SECRET, f"magento$md5${SALT}${md5(SECRET)}")
    assert not check_password(SECRET, f"magento$md5${SALT}${sha256(SECRET)}")


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        (f"{'a' * 64}:{SALT}:3_32_20_67108864", "more rounds"),
        (f"{'a' * 64}:{SALT}:3_32_2_9999999999", "more rounds"),
        (f"{'a' * 64}:{SALT}:4", "cannot be checked here"),
        (f"{'a' * 64}:{SALT}:3_16_2_67108864", "cannot be checked here"),
        (f"{'a' * 64}:{SALT}:3_32_0_67108864", "cannot be checked here"),
        (f"{'a' * 32}:{SALT}:1", "cannot be checked here"),
        (f"{'a' * 64}:{'s' * 64}:0:1:1:2", "cannot be checked here"),
    ],
)
def test_what_no_shop_writes_is_refused(stored: str, sentence: str) -> None:
    with pytest.raises(UnknownHash, match=sentence):
        read_hash(stored)
