"""The way that digital goods travel: at once, for nothing, without a parcel."""

from typing import Final

from shipping.rates.quote import Rate
from shop.money import ZERO, round_money

BY_DOWNLOAD: Final = "download"
"""The code of the delivery of a basket in which nothing needs a parcel."""


def rate_by_download(currency: str) -> Rate:
    free = round_money(ZERO, currency)
    return Rate(
        code=BY_DOWNLOAD,
        name="By download",
        carrier="",
        price=free,
        days_min=0,
        days_max=0,
        free_from=None,
        missing_to_free=None,
        method_id=0,
        band_id=0,
        full_price=free,
    )
