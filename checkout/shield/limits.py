"""The figures of the shield. Own targets, after Stripe's advice on card testing: a person never meets them.

https://docs.stripe.com/disputes/prevention/card-testing. Somebody with three refused cards is far below every one.
"""

from datetime import timedelta

WINDOW = timedelta(hours=1)
"""Over which the tries of one order, address, mail address or card are counted."""
KEPT = timedelta(days=1)

ORDER_OPENED = 12
"""Times that one order may ask the provider for its page."""
ORDER_DECLINED = 8
"""Refused cards of one order; then its page at the provider is closed. Confirming by mail gives as many again."""
MAIL_DECLINED = 10
CARD_DECLINED = 10
"""Refusals of the cards that an order has used, over all orders."""
NET_DECLINED = 10
"""Refusals from one place that sees more refusals than payments."""
NET_SPENT = 10
"""Tries of one place that came to nothing or that nothing is told of yet; what was paid from there comes on top. It counts
for no more in the whole shop, whose measure is PAYMENTS_AT_ONCE: nobody alone makes the others wait."""

RUSH_WINDOW = timedelta(minutes=10)
RUSH_CAP = 3
"""Failures of one place (or order) that count for the whole shop: nobody alone can slow the others down."""
RUSH_LEVELS = ((20, 50), (14, 90))
"""(tries, percent of them that failed): one that is reached asks everybody for the slower path."""
BURST_PAUSE = timedelta(minutes=1)
"""Until the next try when too many payments of the shop are under way (PAYMENTS_AT_ONCE): a refusal takes the provider
seconds to tell, and until then nobody knows whether these are shoppers or stolen cards."""
BUSY_PAID = 20
"""Orders paid in ten minutes; below, a shop where somebody is held looks back for an hour: who goes on trying, from one place
after another, gets nothing new in each ten minutes."""
HASTY_LEVELS = ((12, 50),)
"""The same for those who were faster than a person reads."""
HASTY_SECONDS = 2
