"""Order numbers: short enough to read out, impossible to count or guess."""

import secrets

# Crockford's base 32: no I, L, O or U, so that nothing is misread (https://www.crockford.com/base32.html).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "LL-"
LENGTH = 7


def new_order_number() -> str:
    """`LL-7K2QX9B`: one of 34 thousand million."""
    return PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
