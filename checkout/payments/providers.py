"""Which provider a payment goes through. A second one is a folder with its gateway, and a line here."""

from collections.abc import Callable, Mapping

from checkout.payments.gateway import get_gateway
from checkout.payments.port import Gateway
from checkout.payments.records import PaymentAttempt
from checkout.payments.transfer.gateway import TransferGateway

_GATEWAYS: Mapping[str, Callable[[], Gateway]] = {
    PaymentAttempt.Provider.CARD: get_gateway,
    PaymentAttempt.Provider.TRANSFER: TransferGateway,
}


def gateway_of(attempt: PaymentAttempt) -> Gateway:
    return _GATEWAYS[attempt.provider]()
