"""What the storefront has done at night."""

from celery import shared_task

from shop.storefront.feeds.checking import check_feeds


@shared_task(name="storefront.check_feeds")
def check_feeds_task() -> int:
    """Items left out, over all feeds."""
    return sum(len(report.rejected) for report in check_feeds(actor_name="beat").values())
