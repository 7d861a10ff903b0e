"""A mail as it would look, with a made-up order: who words mails need not see a customer's data."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from checkout.orders.mails import inline_styles
from checkout.orders.wording.publishing import values_for
from checkout.orders.wording.words import Words, check_words, fill_in

NUMBER = "2026-SAMPLE"
SAMPLE = Words(f"Your order {NUMBER}", "Where the order stands", "What happens next stands here, in the shop's words.")


def look_at(kind: str, words: Words) -> tuple[Words, str]:
    """The words and the whole mail as HTML. Raises BrokenWording."""
    check_words(words)
    filled = fill_in(words, values_for(SAMPLE, number=NUMBER, name="Robin"))
    context = {
        "shop_name": settings.SHOP_NAME,
        "shop_url": settings.SITE_URL,
        "headline": filled.headline,
        "sentence": filled.sentence,
        "closing": filled.closing,
        **_sample(),
    }
    return filled, inline_styles(render_to_string(f"mails/{kind}.html", context))


def _sample() -> dict[str, Any]:
    money, currency, until = Decimal("24"), settings.SHOP_CURRENCY, timezone.now() + timedelta(days=7)
    line = {"quantity": 2, "name": "A thing", "label": "", "details": [], "note": "", "total": money}
    return {
        "order": {
            "number": NUMBER,
            "currency": currency,
            "url": settings.SITE_URL,
            "lines": [line],
            "totals": {"rows": [], "total": money, "total_label": "Total", "tax_words": ""},
            "delivery_lines": ["Robin Example", "Example Street 1"],
            "delivery_words": "",
            "downloads": [],
        },
        "parcel": {"name": "Parcel 1", "carrier": "Carrier", "tracking_number": "0034", "lines": ["2 × A thing"]},
        "refund": {"amount": money, "currency": currency, "words": "It reaches your account within 5 to 10 days."},
        "delay": {
            "old": "1 May",
            "new": "8 May",
            "titles": ["A thing"],
            "cancel_url": settings.SITE_URL,
            "until": until,
        },
        "transfer": {"name": "The shop", "reference": NUMBER, "until": until, "amount": money, "currency": currency},
    }
