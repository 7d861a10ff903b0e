"""Payments: the only room that knows the provider. Order first, then money; one function settles."""
