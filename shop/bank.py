"""The shop's own bank account, in the shop's currency, for customers who pay by transfer. Without one nobody is offered that."""

from dataclasses import dataclass

from stdnum import bic, iban
from stdnum.exceptions import ValidationError

from shop import environment as env

# The specimen of the SEPA rulebooks for Germany: a valid number of no account.
_DEMO_IBAN = "DE02120300000000202051"


@dataclass(frozen=True, slots=True)
class Bank:
    """`days` is how long an order waits for its transfer. An account without an IBAN, as in Japan or the USA, has its
    `account` number, and in `branch` what payers need beside it: the bank and its branch, or the routing number.
    """

    name: str
    iban: str
    bic: str
    days: int
    account: str = ""
    branch: str = ""

    @property
    def number(self) -> str:
        """What names the account on statements; "" when there is none."""
        return self.iban or self.account


def read_bank(*, seller: str, is_demo: bool) -> Bank:
    """Stops the process with a sentence when a number cannot be right."""
    account = iban.compact(env.text("BANK_ACCOUNT", default=" "))
    number = iban.compact(env.text("BANK_IBAN", default=_DEMO_IBAN if is_demo and not account else ""))
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
    if number and account:
        raise env.refuse("BANK_IBAN and BANK_ACCOUNT are both set; an account with an IBAN needs only that.")
    return Bank(
        name=env.text("BANK_ACCOUNT_NAME", default=seller),
        iban=number,
        bic=code,
        days=env.number("TRANSFER_DAYS", default=7, low=1, high=60),
        account=account,
        branch=env.text("BANK_BRANCH", default=""),
    )
