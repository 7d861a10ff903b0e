"""A payment provider for one machine: it answers the real `stripe` SDK over HTTP and can be told to misbehave.

It is a process of its own (`python -m shop.embedded.sandbox`), knows nothing of the shop and needs only the
standard library. What it models and where it is simpler than Stripe is written in docs/payment-sandbox.md.
"""
