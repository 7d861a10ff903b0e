"""What can go wrong with a payment, one name per situation. Messages are for staff and logs."""


class ProviderUnavailable(Exception):
    """No answer, or one that says nothing (timeout, reset, 429, 409): it may or may not have happened.

    Repeat with the same key.
    """


class ProviderFailed(ProviderUnavailable):
    """The provider answered 500. It remembers that under the key: the same key gets the same answer for a day."""


class ProviderRefused(Exception):
    """The provider understood and said no; repeating the same request is pointless."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class PaymentDeclined(ProviderRefused):
    """The bank said no. `code` is the provider's decline code, see `checkout.payments.declines`."""


class ForgedEvent(Exception):
    """A webhook whose signature, age or shape is wrong."""


class PaymentNotPossible(Exception):
    """The order cannot be paid (now): paid already, cancelled, or its time is up. The message is for the shopper."""


class RefundTooLarge(Exception):
    """More than what is left of the captured sum."""


class RefundFrozen(Exception):
    """No refund while the bank disputes the payment, or while it waits for a person to look at it."""
