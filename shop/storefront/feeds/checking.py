"""All feeds gone through without writing them: how many items each would hold now, and what it leaves out."""

import time
from collections.abc import Mapping
from typing import Any

from catalog.feeds import note_feed
from shop.storefront.feeds.export import FeedReport, Sieve
from shop.storefront.feeds.formats import FORMATS
from shop.storefront.feeds.items import stream_items


def check_feeds(*, actor_name: str) -> dict[str, FeedReport]:
    """By name. The catalogue is read once for all of them; what was found is noted."""
    begun = time.monotonic()
    sieves = {name: Sieve(wanted, report=FeedReport()) for name, wanted in FORMATS.items()}
    for item in stream_items():
        for sieve in sieves.values():
            sieve.take(item)
    reports = {name: sieve.report for name, sieve in sieves.items()}
    for name, report in reports.items():
        note_report(name, report, seconds=time.monotonic() - begun, actor_name=actor_name)
    return reports


def note_report(name: str, report: FeedReport, *, seconds: float, file: str = "", actor_name: str) -> None:
    rejected = [(one.sku, one.title, one.reason) for one in report.rejected]
    note_feed(name, items=report.items, rejected=rejected, seconds=seconds, file=file, actor_name=actor_name)


def on_check_asked(payload: Mapping[str, Any]) -> None:
    """Asked twice, it is noted twice: the later note counts."""
    check_feeds(actor_name=str(payload["actor_name"]))
