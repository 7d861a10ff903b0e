"""A payment provider for one machine: it answers the real `stripe` SDK over HTTP and can be told to misbehave.

It is a process of its own (`python -m shop.embedded.sandbox`), knows nothing of the shop and needs only the standard
library. Objects and answers follow API version 2026-10-28.endive. Where it is simpler than Stripe, and says so loudly:
- one merchant, test mode, any key that begins with `sk_test_`; cards and SEPA debit are the payment methods that exist;
- line items carry `price_data`; products, coupons, taxes, shipping options, subscriptions are refused, not ignored;
- setup intents do not ask the 3-D Secure question;
- only the documented test cards pay, and their numbers may be sent to the API;
- card numbers, fees (ledger.py) and what happens later (later.py) follow fixed rules, so that tests can count on them.

Objects, idempotency keys, undelivered webhooks and timers survive a kill when there is a state file; the switches under
`/_control/` (faults.py, switches.py, clock.py) live in memory and are off after a restart. `client.py` turns them.
"""
