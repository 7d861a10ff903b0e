"""Why a payment was refused, in a shopper's words.

Codes: https://docs.stripe.com/declines/codes. Suspected fraud, lost and stolen cards are never named to the person who
holds the card: Stripe asks merchants to show those as a plain refusal.
"""

PLAIN = "Your bank refused the payment without saying why. Please try another card, or ask your bank."

_WORDS = {
    "insufficient_funds": "There was not enough money on the card. Please try another one.",
    "withdrawal_count_limit_exceeded": "The card's limit is reached. Please try another one.",
    "card_velocity_exceeded": "The card's limit is reached. Please try another one.",
    "expired_card": "The card has expired. Please try another one.",
    "incorrect_cvc": "The security code of the card did not match. Please check the three or four digits.",
    "invalid_cvc": "The security code of the card did not match. Please check the three or four digits.",
    "incorrect_number": "The card number was not right. Please check it.",
    "invalid_number": "The card number was not right. Please check it.",
    "invalid_expiry_month": "The expiry date of the card was not right. Please check it.",
    "invalid_expiry_year": "The expiry date of the card was not right. Please check it.",
    "processing_error": "The bank could not answer just now. Please try again in a moment.",
    "issuer_not_available": "The bank could not be reached just now. Please try again in a moment.",
    "try_again_later": "The bank could not answer just now. Please try again in a moment.",
    "authentication_required": "Your bank wants to confirm that it is you. Please try again and answer its question.",
    "payment_intent_authentication_failure": (
        "Your bank could not confirm that it was you, so nothing was charged. Please try again, or use another card."
    ),
    "card_not_supported": "This card cannot be used for this purchase. Please try another one.",
    "currency_not_supported": "This card cannot pay in our currency. Please try another one.",
}


def explain_decline(code: str) -> str:
    return _WORDS.get(code, PLAIN)
