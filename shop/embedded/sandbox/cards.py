"""The documented test cards and what each of them does (https://docs.stripe.com/testing).

Numbers that are not in the table are refused like any real card in test mode.
"""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Decline:
    code: str
    decline_code: str
    message: str


GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
INSUFFICIENT = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST = Decline("card_declined", "lost_card", "Your card was declined.")
STOLEN = Decline("card_declined", "stolen_card", "Your card was declined.")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
WRONG_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
PROCESSING = Decline(
    "processing_error", "processing_error", "An error occurred while processing your card. Try again in a little bit."
)
WRONG_NUMBER = Decline("incorrect_number", "incorrect_number", "Your card number is incorrect.")
VELOCITY = Decline(
    "card_declined",
    "card_velocity_exceeded",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
)
FRAUD = Decline("card_declined", "fraudulent", "Your card was declined.")
LIVE_CARD = Decline(
    "card_declined",
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card."
    " For a list of valid test cards, visit: https://stripe.com/docs/testing.",
)
AUTHENTICATION = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)


@dataclass(frozen=True)
class Card:
    """What a test card does.

    `authentication`: "none", "first" (unless set up before for later use), "always", "on_session" (already set up).
    `dispute`: reason a charge is disputed with, "" for none. `refund`: "" (at once), "fails" or "pending".
    `available`: the money can be paid out at once. `attach`: may be kept on a customer.
    """

    number: str
    brand: str = "visa"
    country: str = "US"
    funding: str = "credit"
    decline: Decline | None = None
    authentication: str = "none"
    dispute: str = ""
    inquiry: bool = False
    refund: str = ""
    available: bool = False
    attach: bool = True

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.number.encode()).hexdigest()[:16]


def _declining(number: str, decline: Decline) -> Card:
    return Card(number, decline=decline, attach=False)


CARDS: dict[str, Card] = {
    card.number: card
    for card in (
        Card("4242424242424242"),
        Card("4000056655665556", funding="debit"),
        Card("5555555555554444", brand="mastercard"),
        Card("2223003122003222", brand="mastercard"),
        Card("5200828282828210", brand="mastercard", funding="debit"),
        Card("5105105105105100", brand="mastercard", funding="prepaid"),
        Card("378282246310005", brand="amex"),
        Card("371449635398431", brand="amex"),
        Card("6011111111111117", brand="discover"),
        Card("3056930009020004", brand="diners"),
        Card("3566002020360505", brand="jcb"),
        Card("6200000000000005", brand="unionpay"),
        Card("4000002760000016", country="DE"),
        Card("4000002500000003", country="FR"),
        Card("4000000400000008", country="AT"),
        Card("4000000560000004", country="BE"),
        Card("4000003800000008", country="IT"),
        Card("4000005280000002", country="NL"),
        Card("4000008260000000", country="GB"),
        Card("4000007560000009", country="CH"),
        _declining("4000000000000002", GENERIC),
        _declining("4000000000009995", INSUFFICIENT),
        _declining("4000000000009987", LOST),
        _declining("4000000000009979", STOLEN),
        _declining("4000000000000069", EXPIRED),
        _declining("4000000000000127", WRONG_CVC),
        _declining("4000000000000119", PROCESSING),
        _declining("4242424242424241", WRONG_NUMBER),
        _declining("4000000000006975", VELOCITY),
        _declining("4100000000000019", FRAUD),
        Card("4000000000000341", decline=GENERIC),
        Card("4000002500003155", country="FR", authentication="first"),
        Card("4000002760003184", country="DE", authentication="always"),
        Card("4000003800000446", country="IT", authentication="on_session"),
        Card("4000008260003178", country="GB", authentication="always", decline=INSUFFICIENT),
        Card("4000000000003220", authentication="always"),
        Card("4000000000003063", authentication="always"),
        Card("4000008400001629", authentication="always", decline=GENERIC),
        Card("4000000000003055"),
        Card("4000000000000259", dispute="fraudulent"),
        Card("4000000000002685", dispute="product_not_received"),
        Card("4000000000001976", dispute="fraudulent", inquiry=True),
        Card("4000000000005126", refund="fails"),
        Card("4000000000007726", refund="pending"),
        Card("4000000000000077", available=True),
    )
}

NAMED_METHODS: dict[str, str] = {
    "pm_card_visa": "4242424242424242",
    "pm_card_visa_debit": "4000056655665556",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_mastercard_debit": "5200828282828210",
    "pm_card_mastercard_prepaid": "5105105105105100",
    "pm_card_amex": "378282246310005",
    "pm_card_discover": "6011111111111117",
    "pm_card_diners": "3056930009020004",
    "pm_card_jcb": "3566002020360505",
    "pm_card_unionpay": "6200000000000005",
    "pm_card_de": "4000002760000016",
    "pm_card_fr": "4000002500000003",
    "pm_card_at": "4000000400000008",
    "pm_card_be": "4000000560000004",
    "pm_card_it": "4000003800000008",
    "pm_card_nl": "4000005280000002",
    "pm_card_gb": "4000008260000000",
    "pm_card_ch": "4000007560000009",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedLostCard": "4000000000009987",
    "pm_card_visa_chargeDeclinedStolenCard": "4000000000009979",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_visa_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_visa_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_visa_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": "4000000000006975",
    "pm_card_chargeDeclinedFraudulent": "4100000000000019",
    "pm_card_radarBlock": "4100000000000019",
    "pm_card_visa_chargeDeclinedFraudulent": "4100000000000019",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_authenticationRequiredSetupForOffSession": "4000003800000446",
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": "4000008260003178",
    "pm_card_threeDSecure2Required": "4000000000003220",
    "pm_card_threeDSecureRequired": "4000000000003063",
    "pm_card_threeDSecureRequiredChargeDeclined": "4000008400001629",
    "pm_card_threeDSecureOptional": "4000000000003055",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_createDisputeProductNotReceived": "4000000000002685",
    "pm_card_createDisputeInquiry": "4000000000001976",
    "pm_card_refundFail": "4000000000005126",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_bypassPending": "4000000000000077",
}


def has_valid_checksum(number: str) -> bool:
    """Luhn's check (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


def find_card(number: str) -> Card:
    """The test card of that number; any other number behaves as a real card does in test mode."""
    known = CARDS.get(number)
    if known is not None:
        return known
    wrong = not number.isdecimal() or not 12 <= len(number) <= 19 or not has_valid_checksum(number)
    return Card(number, decline=WRONG_NUMBER if wrong else LIVE_CARD, attach=False)
