"""The mails: one per alert, in the order of the queue, each with its own way out."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from oscar.apps.catalogue.models import Product

from catalog.pricing.current import Price
from catalog.variant_choice import variants_of
from checkout.alerts.records import Alert
from checkout.alerts.stopping import stop_url
from checkout.orders.mails import Letter, queue_letters
from shop.money import format_money


def write_letters(alerts: Sequence[Alert], *, prices: Mapping[int, Price]) -> None:
    """In the caller's transaction. All of the alerts are about one stock record."""
    if not alerts:
        return
    product = Product.objects.select_related("parent").get(stockrecords=alerts[0].stock_record_id)
    thing = _describe(product, alerts[0].stock_record_id)
    queue_letters([_write(alert, thing, prices.get(alert.stock_record_id)) for alert in alerts])


def _write(alert: Alert, thing: Mapping[str, str], price: Price | None) -> Letter:
    now = format_money(price.amount, price.currency) if price else ""
    if alert.kind == Alert.Kind.BACK:
        headline = f"{thing['title']} is back"
        sentence = (
            f"You asked us to tell you. It costs {now}. Others wait for it too, and nothing is held back for you."
        )
    else:
        before = format_money(alert.price, price.currency) if price and alert.price is not None else ""
        headline = f"{thing['title']} costs less"
        sentence = f"It cost {before} when you asked; it costs {now} now."
    way_out = stop_url(alert.pk)
    return Letter(
        to=alert.email,
        kind=f"alert_{alert.kind}",
        key=f"alert:{alert.pk}:told",
        subject=headline[:250],
        template="alert",
        context={"headline": headline, "sentence": sentence, "thing": thing, "stop_url": way_out},
        unsubscribe_url=way_out,
    )


def _describe(product: Product, stock_record_id: int) -> dict[str, Any]:
    """The variant in words, and the address that shows it chosen."""
    family = product.parent or product
    chosen = next((one for one in variants_of(family) if one.stock_record_id == stock_record_id), None)
    values = {code: value for code, value in chosen.values.items() if value} if chosen and product.parent else {}
    name = family.get_title()
    return {
        "title": f"{name}, {', '.join(values.values())}" if values else name,
        "url": f"{settings.SITE_URL}{product_address(family.slug, values)}",
    }


def product_address(slug: str, values: Mapping[str, str]) -> str:
    return f"/p/{slug}/?{urlencode(values)}" if values else f"/p/{slug}/"
