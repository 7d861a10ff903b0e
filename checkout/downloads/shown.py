"""An order's downloads as its page and its mails show them."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from checkout.downloads.links import download_link
from checkout.downloads.records import Entitlement
from checkout.downloads.standing import DownloadEnded, check_standing
from checkout.orders.access import order_path
from checkout.terms import IMMEDIATE


def present_downloads(order_id: int, *, token: str = "") -> list[dict[str, Any]]:
    """`url` is a POST on the order's page with its `token`, else ""; `link` is what mails carry."""
    shown = []
    for one in Entitlement.objects.filter(order_id=order_id).select_related("file").order_by("pk"):
        try:
            check_standing(one.pk)
        except DownloadEnded as ended:
            words, is_open = str(ended), False
        else:
            until = timezone.localtime(one.expires_at).strftime("%-d %B %Y, %H:%M")
            left = one.allowed - one.used
            words, is_open = f"{left} download{'s' if left > 1 else ''} left, until {until}", True
        shown.append(
            {
                "name": one.file.name,
                "title": one.title,
                "words": words,
                "is_open": is_open,
                "url": f"{order_path(token)}download/{one.pk}/" if token and is_open else "",
                "link": download_link(one),
            }
        )
    return shown


def consent_words(consents: Mapping[str, Any]) -> str:
    """What the buyer of a download agreed to, for the confirmation that the law asks for; "" when nothing."""
    given = consents.get(IMMEDIATE.code)
    return f"You agreed when ordering: “{given['text']}”" if given else ""
