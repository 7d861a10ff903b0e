"""Payouts: what the provider sent to the bank, split into orders, refunds, fees, disputes and adjustments to the cent."""
