"""The shop's own bank account, for customers who pay by transfer. Without an IBAN nobody is offered that."""

from dataclasses import dataclass

from stdnum import bic, iban
from stdnum.exceptions import ValidationError

from shop import environment as env

# The specimen of the SEPA rulebooks for Germany: a valid number of no account.
_DEMO_IBAN = "DE02120300000000202051"


@dataclass(frozen=True, slots=True)
class Bank:
    """`days` is how long an order waits for its transfer."""

    name: str
    iban: str
    bic: str
    days: int


def read_bank(*, seller: str, is_demo: bool) -> Bank:
    """Stops the process with a sentence when a number cannot be right."""
    number = iban.compact(env.text("BANK_IBAN", default=_DEMO_IBAN if is_demo else ""))
    code = bic.compact(env.text("BANK_BIC", default=""))
    try:
        if number:
            iban.validate(number)
    except ValidationError as problem:
        raise env.refuse("BANK_IBAN is no IBAN: its length or check digits are wrong.") from problem
    try:
        if code:
            bic.validate(code)
    except ValidationError as problem:
        raise env.refuse("BANK_BIC is no BIC; expected 8 or 11 letters and digits, or nothing.") from problem
    return Bank(
        name=env.text("BANK_ACCOUNT_NAME", default=seller),
        iban=number,
        bic=code,
        days=env.number("TRANSFER_DAYS", default=7, low=1, high=60),
    )
