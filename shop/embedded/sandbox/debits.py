"""SEPA Direct Debit: money that is promised now and arrives, or bounces, later."""

import hashlib

from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.params import Params, read, text
from shop.embedded.sandbox.store import Json

# https://docs.stripe.com/payments/sepa-debit/accept-a-payment#test-your-integration; the German numbers only.
SUCCEEDS = "DE89370400440532013000"
BOUNCES = "DE62370400440532013001"


def normalise_iban(given: str) -> str:
    return "".join(given.split()).upper()


def has_valid_checksum(iban: str) -> bool:
    """ISO 13616: moved and read as one number, the rest of a division by 97 is 1."""
    if not (15 <= len(iban) <= 34 and iban.isalnum() and iban.isascii()):
        return False
    return int("".join(str(int(mark, 36)) for mark in iban[4:] + iban[:4])) % 97 == 1


def shape_debit(given: Params) -> Json:
    """The `sepa_debit` part of a payment method."""
    iban = normalise_iban(read(given, {"iban": text}, required=("iban",))["iban"])
    if not has_valid_checksum(iban):
        raise ApiError("The IBAN you provided is invalid.", code="invalid_bank_account_iban", param="sepa_debit[iban]")
    return {
        "bank_code": iban[4:12],
        "branch_code": "",
        "country": iban[:2],
        "fingerprint": hashlib.sha256(iban.encode()).hexdigest()[:16],
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": iban[-4:],
    }


def will_bounce(method: Json) -> bool:
    return bool(method["sepa_debit"]["last4"] == BOUNCES[-4:])
