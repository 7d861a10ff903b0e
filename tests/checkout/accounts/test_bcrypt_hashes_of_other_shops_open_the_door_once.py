"""Bcrypt hashes of WordPress, Laravel and Devise let their customers in, and are replaced at the first sign-in."""

import base64
import hashlib
import hmac

import bcrypt
import pytest
from django.contrib.auth.hashers import check_password, identify_hasher
from django.test import Client

from checkout.accounts.arriving.old_passwords import UnknownHash, read_hash
from checkout.accounts.models import User
from tests.checkout.accounts.test_customers_arrive_from_another_shop import run, sign_in

__all__ = ["run"]

SECRET = "Slow-Meadow-17"
PUBLIC = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
"""A test vector of crypt_blowfish (Openwall): the password is U*U."""


def wordpress(password: str) -> str:
    """As `wp_hash_password` of WordPress 6.8: '$wp' . password_hash(base64_encode(hash_hmac('sha384', trim($password),
    'wp-sha384', true)), PASSWORD_BCRYPT). Written without the code that it judges.
    """
    block = b"wp-sha384".ljust(128, b"\0")
    inner = hashlib.sha384(bytes(one ^ 0x36 for one in block) + password.strip().encode()).digest()
    digest = hashlib.sha384(bytes(one ^ 0x5C for one in block) + inner).digest()
    return "$wp" + _bcrypt(base64.b64encode(digest), "$2y$")


def _bcrypt(password: bytes, version: str) -> str:
    return bcrypt.hashpw(password[:72], bcrypt.gensalt(4)).decode().replace("$2b$", version)


def test_the_public_vectors_hold() -> None:
    assert check_password("U*U", read_hash(PUBLIC))
    assert check_password("U*U", read_hash(PUBLIC.replace("$2a$", "$2y$")))
    assert not check_password("U*V", read_hash(PUBLIC))


def test_wordpress_hashes_a_digest_of_the_trimmed_password() -> None:
    stored = read_hash(wordpress(f" {SECRET}\n"))
    assert identify_hasher(stored).algorithm == "wordpress_bcrypt"
    assert check_password(SECRET, stored)
    assert check_password(f"{SECRET} ", stored)
    assert not check_password(SECRET.lower(), stored)
    long = "x" * 80
    assert check_password(long, read_hash(wordpress(long)))
    assert not check_password(long[:-1], read_hash(wordpress(long)))
    by_the_library = base64.b64encode(hmac.digest(b"wp-sha384", SECRET.encode(), "sha384"))
    assert bcrypt.checkpw(by_the_library, wordpress(SECRET)[3:].encode())


def test_of_a_long_password_bcrypt_hears_72_bytes() -> None:
    """The library refuses longer ones with an error; PHP and Ruby, which wrote the hash, leave out the rest."""
    long = "ä" * 60
    stored = read_hash(_bcrypt(long.encode(), "$2y$"))
    assert check_password(long, stored)
    assert not check_password("b" * 100, stored)
    assert not check_password("nul\0", stored)


@pytest.mark.parametrize("stored", [PUBLIC.replace("$05$", "$31$"), f"$wp{PUBLIC.replace('$05$', '$16$')}"])
def test_a_hash_that_would_keep_the_shop_busy_is_refused(stored: str) -> None:
    with pytest.raises(UnknownHash, match="more rounds than any shop uses"):
        read_hash(stored)


@pytest.mark.django_db
@pytest.mark.feature("IE08")
@pytest.mark.parametrize(
    "stored",
    [wordpress(SECRET), _bcrypt(SECRET.encode(), "$2y$"), _bcrypt(SECRET.encode(), "$2a$")],
    ids=["wordpress 6.8", "laravel", "devise"],
)
def test_a_bcrypt_hash_opens_the_door_once_and_is_replaced(client: Client, run, stored: str) -> None:
    assert run(f"email,password_hash\nann@example.com,{stored}\n")["created"] == 1
    user = User.objects.get()
    assert "bcrypt" in user.password
    assert not user.check_password("something else 9")
    assert not user.check_password("x" * 200)
    assert sign_in(client, "ann@example.com", SECRET)
    user = User.objects.get()
    assert "bcrypt" not in user.password
    assert user.check_password(SECRET)
